//! Why a text, or a number, is not taken.

use serde::{Deserialize, Serialize};

use crate::{message::messages, rejection::code::UserErrorCode};

messages! {
    /// Why a text, or a number, is not taken.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum TextReason: UserErrorCode {
        Required => TextRequired,
        "Write something here that can be seen.",
        "目に見える文字を入力してください。";

        TooLong { limit: usize } => TextTooLong,
        "Use at most {limit} characters.",
        "{limit}文字以内で入力してください。";

        TooLongTakenApart { limit: usize } => TextTooLong,
        "Use at most {limit} characters, ligatures taken apart.",
        "合字をほどいた形で、{limit}文字以内で入力してください。";

        TooManyTitles { limit: usize } => TextTooLong,
        "Give at most {limit} further titles.",
        "ほかのタイトルは{limit}個までです。";

        TooManyNames { limit: usize } => TextTooLong,
        "Give at most {limit} further names.",
        "ほかの名前は{limit}個までです。";

        Unseen => TextNotAllowed,
        "A name holds no characters that cannot be seen.",
        "名前に、目に見えない文字は使えません。";

        NoCharacters => TextNotAllowed,
        "Control characters and codes that are no characters are not allowed here.",
        "制御文字や、文字ではないコードは使えません。";

        Turned => TextNotAllowed,
        "Marks that turn the direction of writing must be closed on their line, and none may override the order of the letters.",
        "文字の向きを変える記号は、同じ行で閉じてください。文字の順序を上書きする記号は使えません。";

        OutOfRange { minimum: i64, limit: i64 } => NumberOutOfRange,
        "Give a number from {minimum} to {limit}.",
        "{minimum}〜{limit}の数を指定してください。";

        TimeNotAhead => TimeNotAhead,
        "Give a time that is yet to come.",
        "これからの日時を指定してください。";
    }
}
