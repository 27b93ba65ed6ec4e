//! What may be said, and to whom.

use std::sync::Arc;

use entity::{
    user_fact,
    values::{Audience, Sex},
};
use sea_orm::ActiveEnum;
use serde::Serialize;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, reason::people::PeopleReason},
    text,
    user::store as users,
};

/// The most characters of a fact.
const LONGEST: usize = 50;

/// A text to be said: None stays as it is, `Some(None)` takes it away.
type Said<T> = Option<Option<T>>;

/// What to change of what a user says; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct FactsEdit {
    /// The real name.
    pub real_name: Said<String>,
    /// For whom it is.
    pub real_name_for: Option<Audience>,
    /// For whom the day of birth is.
    pub birthday_for: Option<Audience>,
    /// For whom the year of birth is.
    pub birth_year_for: Option<Audience>,
    /// The sex.
    pub sex: Said<Sex>,
    /// For whom it is.
    pub sex_for: Option<Audience>,
    /// For whom the home region is.
    pub home_region_for: Option<Audience>,
    /// The hometown.
    pub hometown: Said<String>,
    /// For whom it is.
    pub hometown_for: Option<Audience>,
    /// The occupation.
    pub occupation: Said<String>,
    /// For whom it is.
    pub occupation_for: Option<Audience>,
}

/// What tells one edit from another.
#[derive(Serialize)]
struct Form {
    texts: [Said<String>; 4],
    audiences: [Option<String>; 7],
}

impl FactsEdit {
    /// With its texts checked: an empty one takes away what was said.
    ///
    /// # Errors
    /// As [`text::name`], and `AUDIENCE_NOT_ALLOWED`.
    fn checked(self) -> Result<Self, Rejection> {
        let mut errors = Vec::new();
        for (field, audience) in self.audiences() {
            if audience == Some(Audience::Group) {
                errors.push(UserError::on(field, PeopleReason::FactForNoGroup));
            }
        }
        let mut check = |field: &str, said: Said<String>| {
            said.map(|said| {
                let said = said.filter(|text| !text.trim().is_empty())?;
                text::name(field, &said, LONGEST)
                    .map_err(|error: UserError| errors.push(error))
                    .ok()
            })
        };
        let checked = Self {
            real_name: check("realName", self.real_name),
            hometown: check("hometown", self.hometown),
            occupation: check("occupation", self.occupation),
            ..self
        };
        match errors.is_empty() {
            true => Ok(checked),
            false => Err(Rejection::Refused(errors)),
        }
    }

    fn form(&self) -> Form {
        let word = |audience: Option<Audience>| audience.map(|audience| audience.to_value());
        Form {
            texts: [
                self.real_name.clone(),
                self.sex.map(|sex| sex.map(|sex| sex.to_value())),
                self.hometown.clone(),
                self.occupation.clone(),
            ],
            audiences: self.audiences().map(|(_, audience)| word(audience)),
        }
    }

    /// For whom what is, with the fields of the input that say so.
    fn audiences(&self) -> [(&'static str, Option<Audience>); 7] {
        [
            ("realNameAudience", self.real_name_for),
            ("birthdayAudience", self.birthday_for),
            ("birthYearAudience", self.birth_year_for),
            ("sexAudience", self.sex_for),
            ("homeRegionAudience", self.home_region_for),
            ("hometownAudience", self.hometown_for),
            ("occupationAudience", self.occupation_for),
        ]
    }

    fn apply(self, said: user_fact::Model) -> user_fact::Model {
        user_fact::Model {
            user_id: said.user_id,
            real_name: self.real_name.unwrap_or(said.real_name),
            real_name_for: self.real_name_for.unwrap_or(said.real_name_for),
            birthday_for: self.birthday_for.unwrap_or(said.birthday_for),
            birth_year_for: self.birth_year_for.unwrap_or(said.birth_year_for),
            sex: self.sex.unwrap_or(said.sex),
            sex_for: self.sex_for.unwrap_or(said.sex_for),
            home_region_for: self.home_region_for.unwrap_or(said.home_region_for),
            hometown: self.hometown.unwrap_or(said.hometown),
            hometown_for: self.hometown_for.unwrap_or(said.hometown_for),
            occupation: self.occupation.unwrap_or(said.occupation),
            occupation_for: self.occupation_for.unwrap_or(said.occupation_for),
        }
    }
}

/// Changes what `me` says about themselves.
///
/// # Errors
/// Texts against the rules, `AUDIENCE_NOT_ALLOWED`.
pub async fn edit(
    app: &Arc<App>,
    me: Uuid,
    edit: FactsEdit,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let edit = edit.checked()?;
    let form = edit.form();
    let slot = Slot::of(app, me, idempotency_key, "editProfileFacts", &form)?;
    once(app, slot, move |_, tx| {
        let edit = edit.clone();
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let said = store::one(&tx.sql, me).await?;
            Ok(store::set(&tx.sql, edit.apply(said)).await?)
        })
    })
    .await
}
