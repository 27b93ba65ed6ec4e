//! What is said of errors that the service raises as it answers.

use crate::{error::code::ErrorCode, message::messages};

messages! {
    /// What is said of errors that the service raises as it answers.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum ServiceText: ErrorCode {
        SignInRequired => Unauthenticated,
        "Sign in first: this needs a bearer token.",
        "先にログインしてください（Bearer トークンが必要です）。";

        InvalidToken => Unauthenticated,
        "The token is not valid or has expired. Sign in again.",
        "トークンが無効か、期限切れです。ログインし直してください。";

        Forbidden => Forbidden,
        "Only an administrator, or a moderator for what is theirs, may do this.",
        "この操作は管理者、または担当のモデレーターだけが行えます。";

        Leaving => AccountLeaving,
        "Your account is being deleted: `cancelAccountDeletion` takes that back.",
        "アカウントは削除の手続き中です。`cancelAccountDeletion` で取り消せます。";

        UnreadableId => InvalidId,
        "This is not an id that the service gave.",
        "これはこのサービスの ID ではありません。";

        OtherId { given: &'static str, expected: &'static str } => InvalidId,
        "This is the id of a {given}, where the id of a {expected} is expected.",
        "{expected} の ID が必要ですが、これは {given} の ID です。";

        NotReportable { given: &'static str } => InvalidId,
        "This is the id of a {given}, where that of a User, Diary, DiaryComment, Review or Introduction is expected.",
        "User、Diary、DiaryComment、Review、Introduction のいずれかの ID が必要ですが、これは {given} の ID です。";

        InvalidCursor => InvalidCursor,
        "The cursor is not one that this connection gave. Use a `cursor` or `endCursor` of it, unchanged.",
        "このカーソルは、このリストのものではありません。リストの `cursor` か `endCursor` をそのまま使ってください。";

        FirstAndLast => InvalidPage,
        "Give `first` or `last`, not both.",
        "`first` と `last` は、どちらか一方だけを指定してください。";

        PageSize { argument: &'static str, minimum: i32, limit: i32, given: i32 } => InvalidPage,
        "`{argument}` is {minimum} to {limit}, not {given}.",
        "`{argument}` は {minimum}〜{limit} です（{given} は指定できません）。";

        TooManyIds { limit: i32, given: usize } => InvalidPage,
        "Give at most {limit} ids, not {given}.",
        "ID は {limit} 個までです（{given} 個あります）。";

        UserIdOrUsername => InvalidArgument,
        "Give `userId` or `username`, one of them.",
        "`userId` か `username` の、どちらか一方を指定してください。";

        ArtistIdOrArtist => InvalidArgument,
        "Give `artistId` or `artist`, one of them.",
        "`artistId` か `artist` の、どちらか一方を指定してください。";

        SearchTooLong { limit: usize } => InvalidArgument,
        "Search for at most {limit} characters.",
        "検索できるのは{limit}文字までです。";

        DaysOutOfRange { minimum: i32, limit: i32 } => InvalidArgument,
        "`days` is a number from {minimum} to {limit}.",
        "`days` は {minimum}〜{limit} の数です。";

        NoIdempotencyKey { minimum: usize, limit: usize } => InvalidArgument,
        "An idempotencyKey has {minimum} to {limit} characters, none of them control characters.",
        "idempotencyKey は{minimum}〜{limit}文字で、制御文字は使えません。";

        FileUsedTwice => InvalidArgument,
        "A file is used once: send it again for another field.",
        "ファイルは一度しか使えません。別のフィールドにはもう一度送ってください。";

        ResponseTooLarge { limit: u64 } => ResponseTooLarge,
        "The answer would have more than {limit} bytes: ask for smaller pages, or for less of each node. What a mutation did stays.",
        "応答が{limit}バイトを超えます。ページを小さくするか、各ノードの項目を減らしてください。ミューテーションの結果はそのまま残ります。";

        TooManySignIns => TooManySignIns,
        "Too many are signing in just now. Nothing was done; try again in a moment.",
        "ただいまログインが混み合っています。何も行われていません。少し待ってからお試しください。";

        TooManySignInsFrom { retry_after: u64 } => TooManySignIns,
        "Too many sign-ins came from your address. Try again in {retry_after} seconds.",
        "お使いのネットワークからのログインが多すぎます。{retry_after}秒後にお試しください。";

        TooManySignUps { retry_after: u64 } => TooManySignUps,
        "Too many accounts were asked for from your address. Try again in {retry_after} seconds.",
        "お使いのネットワークからの登録が多すぎます。{retry_after}秒後にお試しください。";

        TooManyGuesses { retry_after: u64 } => TooManySignIns,
        "Too many wrong passwords came from your address. Try again in {retry_after} seconds.",
        "お使いのネットワークから、パスワードの間違いが続いています。{retry_after}秒後にお試しください。";

        TooManyCodes { retry_after: u64 } => TooManySignIns,
        "Too many wrong codes were given for this account. Try again in {retry_after} seconds, or give a recovery code.",
        "このアカウントへのコードの間違いが続いています。{retry_after}秒後にお試しいただくか、回復コードを入力してください。";

        Throttled { retry_after: u64 } => Throttled,
        "You have not enough points left for this operation. Try again in {retry_after} seconds; `rateLimit` says what operations cost.",
        "この操作に必要なポイントが足りません。{retry_after}秒後にお試しください。操作のポイントは `rateLimit` で分かります。";

        TooExpensive { cost: u32, limit: u32 } => Throttled,
        "This operation costs {cost} points, and an hour has {limit}. Ask for smaller pages; `rateLimit` says what operations cost.",
        "この操作には{cost}ポイントかかりますが、1時間分は{limit}ポイントです。ページを小さくしてください。操作のポイントは `rateLimit` で分かります。";

        KeyMissing => NotConfigured,
        "This service lacks the secret key that this needs. Its operator gives it with --secret-keys.",
        "この機能に必要な秘密鍵が、サービスに設定されていません。運営者が --secret-keys で設定します。";

        IdempotencyKeyReused => IdempotencyKeyReused,
        "This idempotencyKey was used before with another input. Use a new key for a new input.",
        "この idempotencyKey は、別の入力ですでに使われています。新しい入力には新しいキーを使ってください。";

        Unavailable => Unavailable,
        "The service cannot do this just now. Nothing was changed; try again.",
        "ただいま処理できません。何も変更されていません。もう一度お試しください。";

        OutcomeUnknown => OutcomeUnknown,
        "The database went away before it said whether this was done. Repeat it with the same idempotencyKey: it is done once.",
        "完了を確認する前に、データベースとの接続が切れました。同じ idempotencyKey でもう一度送ってください。二重には行われません。";

        NotShown => OutcomeUnknown,
        "This was done, or may have been, but what came of it cannot be read just now. Look, or repeat it with the same idempotencyKey: it is done once.",
        "処理は行われたか、行われた可能性がありますが、結果を今は読み取れません。確認するか、同じ idempotencyKey でもう一度送ってください。二重には行われません。";

        Internal => Internal,
        "Something went wrong on our side.",
        "サービス側で問題が発生しました。";

        Timeout => Timeout,
        "The operation took too long and was given up. A mutation may have been carried out all the same: repeat it with the same idempotencyKey.",
        "時間がかかりすぎたため、処理を打ち切りました。ミューテーションは行われた可能性があります。同じ idempotencyKey でもう一度送ってください。";
    }
}
