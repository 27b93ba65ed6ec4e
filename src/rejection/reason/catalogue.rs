//! Why nothing is done with the catalogue, with reviews and with music.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{message::messages, rejection::code::UserErrorCode};

messages! {
    /// Why nothing is done with the catalogue, with reviews and with music.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum CatalogueReason: UserErrorCode {
        RatingInvalid { minimum: i32, limit: i32 } => RatingInvalid,
        "Rate from {minimum} to {limit}.",
        "評価は{minimum}〜{limit}で入力してください。";

        ItemExists => ItemExists,
        "The catalogue has this item already.",
        "この項目はすでにカタログにあります。";

        YearInvalid { minimum: i32, limit: i32 } => YearInvalid,
        "Give a year from {minimum} to {limit}.",
        "{minimum}〜{limit}年を指定してください。";

        ArtistNotAllowed => ArtistNotAllowed,
        "Only CDs and songs have an artist.",
        "アーティストを指定できるのは、CD と曲だけです。";

        NotASong => NotASong,
        "This is a catalogue item, but no song.",
        "これはカタログの項目ですが、曲ではありません。";

        NoFavourite => NotFound,
        "This is no favourite song of yours.",
        "これはあなたのお気に入りの曲ではありません。";

        FavouriteSongLimitReached { limit: i64 } => FavouriteSongLimitReached,
        "You have {limit} favourite songs, as many as a user can.",
        "お気に入りの曲は{limit}曲までです。";

        NoSuchPosition { minimum: i64, limit: i64 } => NumberOutOfRange,
        "Give a position from {minimum} to {limit}.",
        "順番は{minimum}〜{limit}で指定してください。";

        TooManyListens { minimum: usize, limit: usize } => NumberOutOfRange,
        "Report {minimum} to {limit} listens.",
        "一度に報告できるのは{minimum}〜{limit}件です。";

        ListenInFuture => ListenInFuture,
        "This lies in the future: see to the clock of the player.",
        "未来の時刻です。プレーヤーの時計を確認してください。";

        ListenTooOld { limit: i64 } => ListenTooOld,
        "This was more than {limit} days ago: it is not counted any more.",
        "{limit}日より前の再生は、もう数えられません。";

        ListenLimitReached { limit: i64, day: NaiveDate } => ListenLimitReached,
        "{limit} listens of {day} are counted for you, as many as can be of a day.",
        "{day}の再生は、1日の上限の{limit}件まで数えました。";
    }
}
