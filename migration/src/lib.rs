//! The steps that make Ashiato's database, oldest first.
//!
//! A step is frozen once it is released: it never imports `entity`, so that a later change of an
//! entity does not change what the step did. A mistake is mended by a further step.

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::prelude::{MigratorTrait, SchemaManager};

mod m20261123_000001_accounts;
mod m20261123_000002_friendships;
mod m20261123_000003_diaries;
mod m20261123_000004_catalogue;
mod m20261123_000005_footprints;
mod m20261123_000006_session_tokens;
mod m20261123_000007_token_numbers;
mod m20261123_000008_last_writes;
mod m20261123_000009_searches_by_user;
mod m20261123_000010_blocks;
mod m20261123_000011_newest_diaries;
mod m20261129_000012_invitations;
mod m20261129_000013_visitors;
mod m20261129_000014_sessions;
mod m20261129_000016_phones;
mod m20261129_000017_profile_facts;
mod m20261129_000018_audit_log;
mod m20261129_000019_friend_groups;
mod m20261129_000020_moderation;
mod m20261129_000021_attempts;
mod m20261129_000022_leaving;
mod m20261129_000024_sees_names;
mod m20261130_000025_phone_recoveries;
mod m20261130_000026_askers;
mod m20261130_000027_searchable;
mod m20261130_000028_figures;
mod m20261130_000029_friend_counts;
mod m20261130_000030_introductions;
mod m20261130_000031_kiribans;
mod m20261130_000032_notifications;
mod m20261130_000033_photos;
mod m20261130_000034_music;
mod m20261130_000035_texts;
mod m20261130_000036_statistics;
mod m20261130_000037_plans;
mod m20261130_000038_rests;
mod m20261130_000039_texts_anew;
mod m20261130_000040_brands;
mod m20261130_000041_disputes;
mod table;

/// Knows every step.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_accounts::Migration),
            Box::new(m20261123_000002_friendships::Migration),
            Box::new(m20261123_000003_diaries::Migration),
            Box::new(m20261123_000004_catalogue::Migration),
            Box::new(m20261123_000005_footprints::Migration),
            Box::new(m20261123_000006_session_tokens::Migration),
            Box::new(m20261123_000007_token_numbers::Migration),
            Box::new(m20261123_000008_last_writes::Migration),
            Box::new(m20261123_000009_searches_by_user::Migration),
            Box::new(m20261123_000010_blocks::Migration),
            Box::new(m20261123_000011_newest_diaries::Migration),
            Box::new(m20261129_000012_invitations::Migration),
            Box::new(m20261129_000013_visitors::Migration),
            Box::new(m20261129_000014_sessions::Migration),
            Box::new(m20261129_000016_phones::Migration),
            Box::new(m20261129_000017_profile_facts::Migration),
            Box::new(m20261129_000018_audit_log::Migration),
            Box::new(m20261129_000019_friend_groups::Migration),
            Box::new(m20261129_000020_moderation::Migration),
            Box::new(m20261129_000021_attempts::Migration),
            Box::new(m20261129_000022_leaving::Migration),
            Box::new(m20261129_000024_sees_names::Migration),
            Box::new(m20261130_000025_phone_recoveries::Migration),
            Box::new(m20261130_000026_askers::Migration),
            Box::new(m20261130_000027_searchable::Migration),
            Box::new(m20261130_000028_figures::Migration),
            Box::new(m20261130_000029_friend_counts::Migration),
            Box::new(m20261130_000030_introductions::Migration),
            Box::new(m20261130_000031_kiribans::Migration),
            Box::new(m20261130_000032_notifications::Migration),
            Box::new(m20261130_000033_photos::Migration),
            Box::new(m20261130_000034_music::Migration),
            Box::new(m20261130_000035_texts::Migration),
            Box::new(m20261130_000036_statistics::Migration),
            Box::new(m20261130_000037_plans::Migration),
            Box::new(m20261130_000038_rests::Migration),
            Box::new(m20261130_000039_texts_anew::Migration),
            Box::new(m20261130_000040_brands::Migration),
            Box::new(m20261130_000041_disputes::Migration),
        ]
    }
}
