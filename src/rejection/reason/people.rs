//! Why nothing is done between people, or with what they wrote.

use serde::{Deserialize, Serialize};

use super::thing::Thing;
use crate::{message::messages, rejection::code::UserErrorCode};

messages! {
    /// Why nothing is done between people, or with what they wrote.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum PeopleReason: UserErrorCode {
        Absent { thing: Thing } => NotFound,
        "There is no such {thing}.",
        "指定された{thing}は見つかりません。";

        NoSuchGroup => NotFound,
        "You have no such group of friends.",
        "指定されたグループは、あなたのグループにありません。";

        CannotBefriendYourself => CannotBefriendYourself,
        "This is you.",
        "これはあなた自身です。";

        CannotIntroduceYourself => CannotIntroduceYourself,
        "This is you.",
        "これはあなた自身です。";

        CannotBlockYourself => CannotBlockYourself,
        "This is you.",
        "これはあなた自身です。";

        CannotReportYourself => CannotReportYourself,
        "This is yours.",
        "これはあなた自身のものです。";

        BlockLimitReached { limit: i64 } => BlockLimitReached,
        "You block {limit} users, as many as a user can.",
        "ブロックできるのは{limit}人までです。";

        NotBlocked => NotBlocked,
        "You do not block this user.",
        "このユーザーはブロックしていません。";

        AlreadyFriends => AlreadyFriends,
        "You are friends already.",
        "すでにマイミクです。";

        NotFriends => NotFriends,
        "You are not friends.",
        "マイミクではありません。";

        NotFriendsToIntroduce => NotFriends,
        "You are not friends: only friends introduce a user.",
        "マイミクではありません。紹介文を書けるのはマイミクだけです。";

        NotAllFriends => NotFriends,
        "Not all of these users are friends of yours.",
        "指定されたユーザーに、マイミクではない人がいます。";

        FriendLimitReached { limit: i64 } => FriendLimitReached,
        "You have {limit} friends, as many as a user can have.",
        "マイミクは{limit}人までです。";

        OtherCannotAccept => OtherCannotAccept,
        "This user cannot accept just now.",
        "相手は今、承認できません。";

        NoSuchRequest => NoSuchRequest,
        "There is no such request.",
        "指定されたマイミク申請は見つかりません。";

        FriendGroupLimitReached { limit: i64 } => FriendGroupLimitReached,
        "You have {limit} groups, as many as a user can make.",
        "作れるグループは{limit}個までです。";

        FriendGroupNameTaken => FriendGroupNameTaken,
        "Another group of yours has this name.",
        "同じ名前のグループがすでにあります。";

        CloseFriendsStay => CloseFriendsStay,
        "The group of close friends is neither renamed nor deleted.",
        "「仲良し」グループの名前の変更や削除はできません。";

        TooManyUsers { minimum: i32, limit: i32 } => NumberOutOfRange,
        "Name {minimum} to {limit} users.",
        "ユーザーは{minimum}〜{limit}人を指定してください。";

        FriendGroupRequired => FriendGroupRequired,
        "With the audience GROUP, say for which group it is.",
        "公開範囲が GROUP のときは、どのグループかを指定してください。";

        FriendGroupNotAllowed => FriendGroupNotAllowed,
        "Name a group with the audience GROUP alone.",
        "グループを指定できるのは、公開範囲が GROUP のときだけです。";

        FactForNoGroup => AudienceNotAllowed,
        "A fact of a profile is for no group.",
        "プロフィールの項目の公開範囲に、グループは指定できません。";

        ReportLimitReached { limit: i64 } => ReportLimitReached,
        "You made {limit} reports today, as many as are possible. The next day begins at midnight in Japan.",
        "通報できるのは1日に{limit}件までです。次の日は日本時間の午前0時に始まります。";

        AlreadyResolved => AlreadyResolved,
        "This report has been settled already.",
        "この通報はすでに処理されています。";

        IntroductionNotYours => NotYours,
        "Only its author and whom it is of can remove an introduction.",
        "紹介文を削除できるのは、書いた人と紹介された人だけです。";

        ReviewNotYours => NotYours,
        "Only its author can remove a review.",
        "レビューを削除できるのは、書いた人だけです。";

        CommentNotYours => NotYours,
        "Only its author and the diary's can remove a comment.",
        "コメントを削除できるのは、書いた人と日記の作者だけです。";

        DiaryNotYours => NotYours,
        "Only its author can change a diary.",
        "日記を変更できるのは、作者だけです。";
    }
}
