//! Groups of friends, and diaries for one of them.
//!
//! Nothing need be written for those who are there, nor by an older program for those who join while
//! this one is rolled out: the group of close friends gets its row with the first who is put into it.
//! What an older program ends of friendships takes the friends out of groups, too: a member refers to
//! the friendship.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, drop_all, index, keyed, remove, within_shard};

const GROUPS: &str = "friend_groups";
const MEMBERS: &str = "friend_group_members";
/// A page of the diaries for one group is one range.
const DIARIES: &str = "idx_diaries_author_id_group_id_id";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, GROUPS, &["owner_id", "id"])
                    .col(uuid("owner_id"))
                    .col(uuid("id"))
                    .col(string_len("name", 50))
                    .col(text("name_key"))
                    .col(big_integer("friend_count").default(0))
                    .col(big_integer("diary_count").default(0))
                    .foreign_key(&mut within_shard(GROUPS, &["owner_id"], "users", &["id"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index(GROUPS, &["owner_id", "name_key"]).unique().to_owned())
            .await?;
        manager
            .create_table(
                keyed(manager, MEMBERS, &["owner_id", "group_id", "friend_id"])
                    .col(uuid("owner_id"))
                    .col(uuid("group_id"))
                    .col(uuid("friend_id"))
                    .col(uuid("id"))
                    .foreign_key(&mut within_shard(
                        MEMBERS,
                        &["owner_id", "group_id"],
                        GROUPS,
                        &["owner_id", "id"],
                    ))
                    .foreign_key(&mut within_shard(
                        MEMBERS,
                        &["owner_id", "friend_id"],
                        "friendships",
                        &["user_id", "friend_id"],
                    ))
                    .to_owned(),
            )
            .await?;
        for columns in [
            &["owner_id", "friend_id"] as &[_],
            &["owner_id", "group_id", "id"],
        ] {
            manager.create_index(index(MEMBERS, columns)).await?;
        }
        add(manager, "diaries", &mut uuid_null("group_id")).await?;
        let text = format!(
            "CREATE INDEX {DIARIES} ON diaries (author_id, group_id, id) \
             WHERE group_id IS NOT NULL"
        );
        let db = manager.get_connection();
        db.execute_unprepared(&text).await?;
        add(manager, "users", big_integer("group_diaries").default(0)).await?;
        add(
            manager,
            "friendships",
            boolean("sees_group_diaries").default(false),
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // An older program knows no such audience: what was for some is for nobody else then.
        db.execute_unprepared(
            "UPDATE users SET only_me_diaries = only_me_diaries + group_diaries \
             WHERE group_diaries > 0",
        )
        .await?;
        db.execute_unprepared("UPDATE diaries SET audience = 'ONLY_ME' WHERE audience = 'GROUP'")
            .await?;
        // Read whole first, as Citus needs it: a friend lies on another shard.
        db.execute_unprepared(
            "WITH c AS MATERIALIZED (SELECT user_id, newest_diary_id FROM user_counters) \
             UPDATE friendships SET newest_diary_id = c.newest_diary_id FROM c \
             WHERE c.user_id = friendships.friend_id AND friendships.sees_group_diaries",
        )
        .await?;
        let index = Index::drop()
            .name(DIARIES)
            .table(Alias::new("diaries"))
            .to_owned();
        manager.drop_index(index).await?;
        for (table, column) in [
            ("friendships", "sees_group_diaries"),
            ("users", "group_diaries"),
            ("diaries", "group_id"),
        ] {
            remove(manager, table, column).await?;
        }
        drop_all(manager, &[MEMBERS, GROUPS]).await
    }
}
