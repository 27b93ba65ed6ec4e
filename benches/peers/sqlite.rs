//! The same community in a SQLite of the benchmark's own, for our server.

use anyhow::Result;
use ashiato::clock::{Clock, SystemClock};
use chrono::Duration;
use entity::{session, session_token, user, visitor};
use sea_orm::{ActiveModelTrait, ColumnTrait, Database, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::community::{Member, fill};

/// The file, while this value lives.
pub struct Twin {
    pub url: String,
    _folder: TempDir,
}

impl Twin {
    /// Makes it, of `users`, with the tokens of `members`.
    ///
    /// # Errors
    /// Where it cannot be filled.
    pub async fn make(users: usize, members: &[Member]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("community.db").display());
        fill(&url, users)?;
        let db = Database::connect(&url).await?;
        // As in the PostgreSQL.
        visitor::Entity::delete_many().exec(&db).await?;
        let now = SystemClock.now();
        for member in members {
            let found = user::Entity::find().filter(user::Column::Username.eq(&member.username));
            let Some(user) = found.one(&db).await? else {
                anyhow::bail!("{} is not in SQLite", member.username);
            };
            let of_day = session::Model {
                user_id: user.id,
                id: user.id,
                created_at: now,
                expires_at: now + Duration::days(1),
                device: String::new(),
                last_used_at: Some(now),
            };
            of_day.into_active_model().insert(&db).await?;
            let token = session_token::Model {
                token_hash: Sha256::digest(member.token.as_bytes()).to_vec(),
                user_id: user.id,
                session_id: user.id,
                number: 1,
                expires_at: now + Duration::days(1),
                last_write: None,
                written_by: None,
                written_at: None,
                has_blocks: false,
                sees_names: true,
                has_rest: false,
                used_at: Some(now),
            };
            token.into_active_model().insert(&db).await?;
        }
        db.close().await?;
        Ok(Self {
            url,
            _folder: folder,
        })
    }
}
