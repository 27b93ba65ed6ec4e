//! Users, with the directory, the counters, the search and the password that belong to them.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    credential, user, user_counter, user_gram, username,
    values::{HomeRegion, Role, UserKind},
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    target::{Target, insert},
};
use crate::user::store::grams;

/// A user who is to be written.
#[derive(Clone, Debug)]
pub struct Person {
    /// The id.
    pub id: Uuid,
    /// A user name by the rules, which nobody has.
    pub username: String,
    /// A nickname by the rules.
    pub nickname: String,
    /// What the user is.
    pub kind: UserKind,
    /// A bio by the rules.
    pub bio: String,
    /// The day of birth.
    pub birth_date: NaiveDate,
    /// Where the user is at home.
    pub home_region: Option<HomeRegion>,
    /// When the user joined.
    pub joined_at: DateTime<Utc>,
    /// The PHC string; without one nobody can sign in.
    pub password_hash: Option<Arc<str>>,
}

impl Batch for Person {
    const ROWS: usize = 2000;

    async fn write(to: Target<'_>, rows: &[Self]) -> Result<(), DbErr> {
        let users: Vec<_> = rows.iter().map(Self::user).collect();
        insert(to, &users).await?;
        let names: Vec<_> = rows
            .iter()
            .map(|person| username::Model {
                username: person.username.clone(),
                user_id: person.id,
            })
            .collect();
        insert(to, &names).await?;
        let counters: Vec<_> = rows.iter().map(Self::counters).collect();
        insert(to, &counters).await?;
        let credentials: Vec<_> = rows.iter().filter_map(Self::credential).collect();
        insert(to, &credentials).await?;
        insert(to, &search_rows(rows)).await
    }
}

impl Person {
    fn user(&self) -> user::Model {
        user::Model {
            id: self.id,
            username: self.username.clone(),
            nickname: self.nickname.clone(),
            kind: self.kind,
            role: Role::Member,
            bio: self.bio.clone(),
            birth_date: self.birth_date,
            home_region: self.home_region,
            joined_at: self.joined_at,
            friend_count: 0,
            block_count: 0,
            public_diaries: 0,
            members_diaries: 0,
            friends_of_friends_diaries: 0,
            friends_diaries: 0,
            group_diaries: 0,
            only_me_diaries: 0,
            cd_reviews: 0,
            movie_reviews: 0,
            video_game_reviews: 0,
            book_reviews: 0,
            song_reviews: 0,
            is_searchable: true,
            introduction_count: 0,
            photo_id: None,
        }
    }

    fn counters(&self) -> user_counter::Model {
        user_counter::Model {
            user_id: self.id,
            visit_count: 0,
            footprint_count: 0,
            new_footprint_count: 0,
            seen_number: 0,
            incoming_request_count: 0,
            outgoing_request_count: 0,
            request_number: 0,
            comment_number: 0,
            follow_number: 0,
            newest_diary_id: None,
            next_kiriban: 0,
            stored_bytes: 0,
        }
    }

    fn credential(&self) -> Option<credential::Model> {
        Some(credential::Model {
            user_id: self.id,
            password_hash: self.password_hash.as_deref()?.to_owned(),
            changed_at: self.joined_at,
        })
    }
}

/// In the order of their key: neighbours in the table are written one after the other.
fn search_rows(people: &[Person]) -> Vec<user_gram::Model> {
    let mut rows: Vec<_> = people
        .iter()
        .flat_map(|person| {
            grams(&person.username, &person.nickname)
                .into_iter()
                .map(|gram| user_gram::Model {
                    gram,
                    username: person.username.clone(),
                    user_id: person.id,
                })
        })
        .collect();
    rows.sort_unstable_by(|one, other| {
        (&one.gram, &one.username, one.user_id).cmp(&(&other.gram, &other.username, other.user_id))
    });
    rows
}
