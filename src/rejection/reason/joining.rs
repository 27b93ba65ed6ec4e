//! Why somebody cannot join, invite, or use a mobile number.

use serde::{Deserialize, Serialize};

use crate::{message::messages, rejection::code::UserErrorCode};

messages! {
    /// Why somebody cannot join, invite, or use a mobile number.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum JoiningReason: UserErrorCode {
        InvitationRequired => InvitationRequired,
        "Joining takes the invitation of a member.",
        "登録には、会員からの招待が必要です。";

        InvitationInvalid => InvitationInvalid,
        "Nobody can join by this code: it is mistyped, used up or expired.",
        "このコードでは登録できません。入力違いか、使用済みか、期限切れです。";

        InvitationLimitReached { limit: i64 } => InvitationLimitReached,
        "You can invite {limit} people; places of open invitations count.",
        "招待できるのは{limit}人までです（まだ使われていない招待も数えます）。";

        InvitationCodeLimitReached { limit: i64 } => InvitationCodeLimitReached,
        "You have {limit} codes by which people can join. End an invitation: its codes go with it.",
        "登録に使えるコードがすでに{limit}個あります。招待を終了すると、そのコードもなくなります。";

        PhoneRequired => PhoneRequired,
        "Joining takes a Japanese mobile number, and the code that `requestPhoneCode` sends to it.",
        "登録には、日本の携帯電話番号と、`requestPhoneCode` で届くコードが必要です。";

        PhoneNumberInvalid => PhoneNumberInvalid,
        "Give a Japanese mobile number: 070, 080 or 090 and eight digits.",
        "日本の携帯電話番号（070・080・090 と8桁）を入力してください。";

        PhoneNumberTaken => PhoneNumberTaken,
        "This number has an account already. Sign in, or recover it.",
        "この番号のアカウントがすでにあります。ログインするか、アカウントを回復してください。";

        PhoneCodeWrong => PhoneCodeWrong,
        "This is not the code that was sent to the number last, or it has expired or was tried too often. Ask for another.",
        "この番号に最後に送られたコードと違うか、期限切れか、入力回数の超過です。新しいコードを請求してください。";

        TooManyCodesOfNumber { limit: u64 } => TooManyCodes,
        "A number is sent {limit} codes an hour. Try again later.",
        "1つの番号に送れるコードは、1時間に{limit}個までです。時間をおいてお試しください。";

        TooManyCodesFromAddress { retry_after: u64 } => TooManyCodes,
        "Too many codes were asked for from your address. Try again in {retry_after} seconds.",
        "お使いのネットワークからのコードの請求が多すぎます。{retry_after}秒後にお試しください。";

        TooManyRecoveryCodes { retry_after: u64 } => TooManyCodes,
        "Too many codes were asked for this number. Try again in {retry_after} seconds, or give a recovery code.",
        "この番号へのコードの請求が多すぎます。{retry_after}秒後にお試しいただくか、回復コードを入力してください。";

        TooManyRecoveryCodesFromAddress { retry_after: u64 } => TooManyCodes,
        "Too many codes were asked for this number from your address. Try again in {retry_after} seconds, or give a recovery code.",
        "お使いのネットワークから、この番号へのコードの請求が多すぎます。{retry_after}秒後にお試しいただくか、回復コードを入力してください。";

        CodeNotSent => CodeNotSent,
        "The code could not be sent. Try again in a moment.",
        "コードを送れませんでした。少し待ってからお試しください。";

        MessageNotSent => CodeNotSent,
        "The message could not be sent. Try again in a moment.",
        "メッセージを送れませんでした。少し待ってからお試しください。";

        CodesNotSetUp => CodesNotSetUp,
        "This service sends no codes to mobile numbers.",
        "このサービスでは、携帯電話へのコードの送信を行っていません。";
    }
}
