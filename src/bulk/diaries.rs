//! Diaries and comments, with the counters of their authors.

use std::collections::BTreeMap;

use entity::{diary, diary_comment, values::Audience};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    counters::{COUNTERS, change},
    groups::GROUPS,
    kept::Change,
    target::{Target, insert},
    texts::find,
};
use crate::{
    diary::store::words::{TEXTS, text_of},
    sql::{Column, Sql},
    visibility::{self, Relation},
};

/// Diaries without comments, of authors who have no friends yet: a friendship begins with the newest. (The
/// groups that they are for may be there.)
impl Batch for diary::Model {
    const ROWS: usize = 5000;

    async fn write(to: Target<'_>, diaries: &[Self]) -> Result<(), DbErr> {
        insert(to, diaries).await?;
        find(to, &TEXTS, diaries.iter().map(text_of)).await?;
        let mut written: BTreeMap<[Uuid; 1], [i64; 6]> = BTreeMap::new();
        let mut for_groups: BTreeMap<[Uuid; 2], [i64; 1]> = BTreeMap::new();
        for diary in diaries {
            let [public, members, friends_of_friends, friends, group, only_me] =
                written.entry([diary.author_id]).or_default();
            *match diary.audience {
                Audience::Public => public,
                Audience::Members => members,
                Audience::FriendsOfFriends => friends_of_friends,
                Audience::Friends => friends,
                Audience::Group => group,
                Audience::OnlyMe => only_me,
            } += 1;
            if let Some(group) = diary.group_id {
                let [count] = for_groups.entry([diary.author_id, group]).or_default();
                *count += 1;
            }
        }
        newest_written(to, diaries).await?;
        let columns = [
            ("public_diaries", Change::Add),
            ("members_diaries", Change::Add),
            ("friends_of_friends_diaries", Change::Add),
            ("friends_diaries", Change::Add),
            ("group_diaries", Change::Add),
            ("only_me_diaries", Change::Add),
        ];
        let count = [("diary_count", Change::Add)];
        change(to, GROUPS, ["owner_id", "id"], count, &for_groups).await?;
        change(to, "users", ["id"], columns, &written).await
    }
}

/// Keeps for each author which of their diaries is the newest that friends see.
async fn newest_written(to: Target<'_>, diaries: &[diary::Model]) -> Result<(), DbErr> {
    let mut newest: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    for diary in diaries {
        if visibility::may_see(diary.audience, Relation::Friend, false) {
            let id = newest.entry(diary.author_id).or_insert(diary.id);
            *id = diary.id.max(*id);
        }
    }
    let tx = match to {
        Target::Statements(tx) => tx,
        Target::Whole(copying) => {
            return copying.count(COUNTERS, |kept| {
                for (author, diary) in newest {
                    kept.keep_greatest("newest_diary_id", author, diary);
                }
            });
        }
    };
    let mut sql = Sql::of(&tx.sql);
    let d = sql.table(
        "d",
        vec![
            ("author_id", Column::Ids(newest.keys().copied().collect())),
            ("id", Column::Ids(newest.values().copied().collect())),
        ],
    );
    let text = format!(
        "UPDATE user_counters SET newest_diary_id = d.id FROM {d} \
         WHERE user_counters.user_id = d.author_id \
         AND (newest_diary_id IS NULL OR newest_diary_id < d.id)"
    );
    sql.run(&tx.sql, text).await?;
    Ok(())
}

/// Comments under diaries that are there, numbered on from their diary's author's last.
impl Batch for diary_comment::Model {
    const ROWS: usize = 5000;

    async fn write(to: Target<'_>, comments: &[Self]) -> Result<(), DbErr> {
        insert(to, comments).await?;
        let mut per_diary: BTreeMap<[Uuid; 2], [i64; 1]> = BTreeMap::new();
        let mut numbers: BTreeMap<[Uuid; 1], [i64; 1]> = BTreeMap::new();
        for comment in comments {
            let key = [comment.diary_author_id, comment.diary_id];
            let [count] = per_diary.entry(key).or_default();
            *count += 1;
            let [number] = numbers.entry([comment.diary_author_id]).or_default();
            *number = comment.number.max(*number);
        }
        let keys = ["author_id", "id"];
        let columns = [("comment_count", Change::Add)];
        change(to, "diaries", keys, columns, &per_diary).await?;
        let columns = [("comment_number", Change::AtLeast)];
        change(to, COUNTERS, ["user_id"], columns, &numbers).await
    }
}
