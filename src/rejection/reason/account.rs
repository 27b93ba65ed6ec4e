//! Why an account's own mutations are refused.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{message::messages, rejection::code::UserErrorCode};

messages! {
    /// Why an account's own mutations are refused.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum AccountReason: UserErrorCode {
        UsernameInvalid { minimum: usize, limit: usize } => UsernameInvalid,
        "Use {minimum} to {limit} of a-z, 0-9 and _, beginning with a letter.",
        "英字で始まり、a-z、0-9、_ を使った{minimum}〜{limit}文字にしてください。";

        UsernameTaken => UsernameTaken,
        "Another user has this name. Choose another.",
        "このユーザー名はすでに使われています。別のものを選んでください。";

        UsernameReserved => UsernameReserved,
        "This name is kept free. Choose another.",
        "このユーザー名は使えません。別のものを選んでください。";

        PasswordTooShort { minimum: usize } => PasswordTooShort,
        "Use at least {minimum} characters. A few words are easy to remember.",
        "{minimum}文字以上にしてください。いくつかの言葉を並べると、覚えやすくなります。";

        PasswordTooLong { limit: usize } => PasswordTooLong,
        "Use at most {limit} bytes.",
        "{limit}バイト以内にしてください。";

        PasswordTooCommon => PasswordTooCommon,
        "This password is among the first that are guessed. Choose another.",
        "このパスワードは、真っ先に推測されるものの一つです。別のものにしてください。";

        PasswordOfOneCharacter => PasswordTooEasy,
        "One character again and again is guessed at once. A few words are easy to remember.",
        "同じ文字の繰り返しは、すぐに推測されます。いくつかの言葉を並べると、覚えやすくなります。";

        PasswordLikeNames => PasswordTooEasy,
        "Your names and the service's are guessed first, also with a few characters more. Choose something that does not lean on them.",
        "あなたの名前やサービスの名前は、数文字を足しても真っ先に推測されます。それらに頼らないものにしてください。";

        BirthDateInvalid => BirthDateInvalid,
        "Give the day that you were born.",
        "生年月日を入力してください。";

        TooYoung { minimum: u32 } => TooYoung,
        "Joining takes an age of {minimum} or more.",
        "登録できるのは{minimum}歳以上の方です。";

        SignInFailed => SignInFailed,
        "User name or password are wrong.",
        "ユーザー名またはパスワードが違います。";

        RecoveryCodeFailed => RecoveryFailed,
        "User name or recovery code are wrong, or the code was used already.",
        "ユーザー名または回復コードが違うか、コードがすでに使われています。";

        RecoveryByPhoneFailed => RecoveryFailed,
        "User name or code are wrong, or the code has expired, or was used or tried too often already. Ask for another.",
        "ユーザー名またはコードが違うか、コードが期限切れ、使用済み、または入力回数の超過です。新しいコードを請求してください。";

        RecoveryProofRequired => RecoveryProofRequired,
        "Give recoveryCode or phone: one of the two.",
        "recoveryCode か phone の、どちらか一方を指定してください。";

        SuspendedUntil { until: DateTime<Utc>, reason: String } => AccountSuspended,
        "This account is suspended until {until}: {reason}",
        "このアカウントは{until}まで利用停止中です: {reason}";

        Suspended { reason: String } => AccountSuspended,
        "This account is suspended until it is lifted: {reason}",
        "このアカウントは、解除されるまで利用停止中です: {reason}";

        PasswordWrong => PasswordWrong,
        "This is not your password.",
        "パスワードが違います。";

        SecondFactorRequired => SecondFactorRequired,
        "Give the code that your authenticator app shows, or a recovery code.",
        "認証アプリに表示されるコードか、回復コードを入力してください。";

        SecondFactorWrong => SecondFactorWrong,
        "This code is wrong, too old, or was used already. Wait for the next, or give a recovery code.",
        "コードが違うか、古いか、すでに使われています。次のコードを待つか、回復コードを入力してください。";

        TwoFactorEnabled => TwoFactorEnabled,
        "Two-factor sign-in is on already. Turn it off first, to begin anew.",
        "二段階認証はすでに有効です。設定し直すには、先に無効にしてください。";

        TwoFactorNotBegun => TwoFactorNotBegun,
        "Begin two-factor sign-in first, and give the first code within an hour.",
        "先に二段階認証の設定を始め、1時間以内に最初のコードを入力してください。";

        CannotSuspend => CannotSuspend,
        "Only who has a higher role than a user can do this.",
        "相手より上の役割の人だけが行えます。";

        NotSuspended => NotSuspended,
        "This user is not suspended.",
        "このユーザーは利用停止中ではありません。";

        CannotChangeOwnRole => CannotChangeOwnRole,
        "Another administrator can change your role.",
        "自分の役割は、ほかの管理者だけが変更できます。";

        DataExportUnderWay => DataExportUnderWay,
        "A copy of your data is being made. Look at Viewer.dataExports.",
        "データのコピーを作成中です。Viewer.dataExports をご覧ください。";

        DataExportTooSoon { until: DateTime<Utc> } => DataExportTooSoon,
        "You asked for a copy of your data not long ago. You can again at {until}.",
        "データのコピーは少し前に請求されています。次は{until}から請求できます。";

        NotLeaving => NotLeaving,
        "Your account is not to be deleted.",
        "アカウントの削除は予定されていません。";
    }
}
