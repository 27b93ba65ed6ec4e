//! Why a visit, a kiriban or a rest is refused.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{message::messages, rejection::code::UserErrorCode};

messages! {
    /// Why a visit, a kiriban or a rest is refused.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum FootprintReason: UserErrorCode {
        VisitLimitReached { limit: i64, until: DateTime<Utc> } => VisitLimitReached,
        "You made {limit} visits within an hour, as many as are possible. Try again at {until}.",
        "訪問できるのは1時間に{limit}回までです。{until}以降にお試しください。";

        TakeBackLimitReached { limit: i64 } => TakeBackLimitReached,
        "You took back {limit} footprints this month, as many as are possible. The next month begins at midnight in Japan.",
        "消せる足あとは1か月に{limit}件までです。次の月は日本時間の午前0時に始まります。";

        KiribanLimitReached { limit: usize } => KiribanLimitReached,
        "{limit} numbers that you named are still to come, as many as can be.",
        "これから来るキリ番を指定できるのは{limit}個までです。";

        KiribanReached => KiribanReached,
        "Somebody has reached this number: it stays.",
        "このキリ番はすでに踏まれているため、取り消せません。";

        KiribanOutOfRange { count: i64, minimum: i64, limit: i64 } => NumberOutOfRange,
        "You had {count} visits: name a number from {minimum} to {limit}.",
        "これまでの訪問は{count}回です。{minimum}〜{limit}の番号を指定してください。";

        RestTimeNotAhead => TimeNotAhead,
        "Give a time that is yet to come, or none.",
        "これからの日時を指定するか、指定しないでください。";

        RestTooLong => RestTooLong,
        "Give a time within a year, or none: then you rest until you say so.",
        "1年以内の日時を指定するか、指定しないでください。指定しないと、やめると言うまでお休みします。";

        RestHoursInvalid => RestHoursInvalid,
        "Write a time of the day as HH:MM, from 00:00 to 23:59.",
        "時刻は 00:00〜23:59 の HH:MM で入力してください。";

        RestHoursLimitReached { limit: usize } => RestHoursLimitReached,
        "A schedule has up to {limit} entries.",
        "予定に入れられるのは{limit}件までです。";

        RestNeverEnds => RestNeverEnds,
        "Leave some time of the week free. To rest until you say so, use `rest`.",
        "1週間のどこかに、お休みしない時間を残してください。やめると言うまで休むには `rest` を使います。";
    }
}
