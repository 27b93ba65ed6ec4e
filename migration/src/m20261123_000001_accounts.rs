//! Users, the directories that find them, what they sign in with, and what is counted of them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed, keyed_with_texts, ordered, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut users = keyed_with_texts("users", &["id"]);
        users
            .col(uuid("id"))
            .col(string_len("username", 20))
            .col(string_len("nickname", 32))
            .col(string_len("kind", 20))
            .col(string_len("role", 20))
            .col(text("bio"))
            .col(date("birth_date"))
            .col(string_len_null("home_region", 20))
            .col(timestamp_with_time_zone("joined_at"));
        for counter in [
            "friend_count",
            "public_diaries",
            "members_diaries",
            "friends_of_friends_diaries",
            "friends_diaries",
            "only_me_diaries",
            "cd_reviews",
            "movie_reviews",
            "video_game_reviews",
            "book_reviews",
            "song_reviews",
        ] {
            users.col(big_integer(counter).default(0));
        }
        manager.create_table(users).await?;

        manager
            .create_table(
                keyed(manager, "usernames", &["username"])
                    .col(string_len("username", 20))
                    .col(uuid("user_id"))
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                keyed(manager, "credentials", &["user_id"])
                    .col(uuid("user_id"))
                    .col(text("password_hash"))
                    .col(timestamp_with_time_zone("changed_at"))
                    .foreign_key(&mut within_shard(
                        "credentials",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                keyed(manager, "sessions", &["user_id", "id"])
                    .col(uuid("user_id"))
                    .col(uuid("id"))
                    .col(binary_len("token_hash", 32))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(&mut within_shard(
                        "sessions",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "session_tokens", &["token_hash"])
                    .col(binary_len("token_hash", 32))
                    .col(uuid("user_id"))
                    .col(uuid("session_id"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("session_tokens", &["expires_at"]))
            .await?;

        let mut counters = keyed(manager, "user_counters", &["user_id"]);
        counters.col(uuid("user_id"));
        for counter in [
            "visit_count",
            "footprint_count",
            "new_footprint_count",
            "seen_number",
            "incoming_request_count",
            "outgoing_request_count",
            "request_number",
            "comment_number",
        ] {
            counters.col(big_integer(counter).default(0));
        }
        counters.foreign_key(&mut within_shard(
            "user_counters",
            &["user_id"],
            "users",
            &["id"],
        ));
        manager.create_table(counters).await?;

        manager
            .create_table(
                keyed(manager, "user_grams", &["gram", "username", "user_id"])
                    .col(ordered(manager, "gram", 8))
                    .col(ordered(manager, "username", 20))
                    .col(uuid("user_id"))
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                keyed(manager, "idempotency_keys", &["user_id", "key"])
                    .col(uuid("user_id"))
                    .col(string_len("key", 100))
                    .col(string_len("operation", 40))
                    .col(binary_len("fingerprint", 32))
                    .col(text("answer"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("idempotency_keys", &["created_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "idempotency_keys",
                "user_grams",
                "user_counters",
                "session_tokens",
                "sessions",
                "credentials",
                "usernames",
                "users",
            ],
        )
        .await
    }
}
