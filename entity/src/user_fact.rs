//! `user_facts`: what a user says about themselves beside the profile, and to whom (rules.md, Users 2).
//! The date of birth and the home region lie in `users`.

use sea_orm::entity::prelude::*;

use crate::values::{Audience, Sex};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_facts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub real_name: Option<String>,
    pub real_name_for: Audience,
    /// The month and the day of `users.birth_date`.
    pub birthday_for: Audience,
    /// The year of `users.birth_date`.
    pub birth_year_for: Audience,
    pub sex: Option<Sex>,
    pub sex_for: Audience,
    pub home_region_for: Audience,
    pub hometown: Option<String>,
    pub hometown_for: Audience,
    pub occupation: Option<String>,
    pub occupation_for: Audience,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What is so of a user who has said nothing: a name and a birth are for nobody, nor is the region
    /// that was asked at sign-up.
    pub fn unsaid(user_id: Uuid) -> Self {
        Self {
            user_id,
            real_name: None,
            real_name_for: Audience::OnlyMe,
            birthday_for: Audience::OnlyMe,
            birth_year_for: Audience::OnlyMe,
            sex: None,
            sex_for: Audience::Friends,
            home_region_for: Audience::OnlyMe,
            hometown: None,
            hometown_for: Audience::Friends,
            occupation: None,
            occupation_for: Audience::Friends,
        }
    }
}
