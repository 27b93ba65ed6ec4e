//! What joining takes, for who is about to.

use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::{
    clock::{day_in_japan, latest_birth},
    config::{Rules, Way},
    graphql::context::ContextExt,
    paging::int,
    rejection::{
        UserError,
        reason::{account::AccountReason, joining::JoiningReason},
    },
};

/// A way to join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Way")]
pub enum JoiningWay {
    /// Whoever wants to can join.
    Open,
    /// By `SignUpInput.invitationCode`.
    Invitation,
    /// By `SignUpInput.phone`.
    Phone,
    /// By both together.
    InvitationAndPhone,
}

/// What joining takes.
#[derive(Debug, SimpleObject)]
pub struct Joining {
    /// The ways to join, of which any will do.
    ways: Vec<JoiningWay>,
    /// The age in years that joining takes.
    minimum_age: i32,
    /// The age in years from which users are adults. Younger ones are found by no search, and they and
    /// adults without a tie do not reach each other.
    adult_age: i32,
}

/// Asking what joining takes.
#[derive(Debug, Default)]
pub struct JoiningQuery;

#[Object]
impl JoiningQuery {
    /// What joining takes here: for showing the right form.
    async fn joining(&self, ctx: &Context<'_>) -> Joining {
        let rules = &ctx.app().rules;
        Joining {
            ways: rules.joining.iter().copied().map(Into::into).collect(),
            minimum_age: int(rules.minimum_age.into()),
            adult_age: int(rules.adult_age.into()),
        }
    }
}

/// Whether somebody may join who has an invitation, or a mobile number, or both.
///
/// # Errors
/// `INVITATION_REQUIRED`, `PHONE_REQUIRED`: what is missing of the way that lacks least.
pub(super) fn check(
    rules: &Rules,
    has_invitation: bool,
    has_phone: bool,
) -> Result<(), Vec<UserError>> {
    let missing = |way: &Way| {
        let invitation = way.takes_invitation() && !has_invitation;
        let phone = way.takes_phone() && !has_phone;
        [invitation.then(no_invitation), phone.then(no_phone)]
    };
    let ways = rules.joining.iter().map(missing);
    let nearest = ways.min_by_key(|missing| missing.iter().flatten().count());
    let errors: Vec<_> = nearest.into_iter().flatten().flatten().collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors),
    }
}

/// Whether who was born on that day is as old as joining takes.
///
/// # Errors
/// `BIRTH_DATE_INVALID`, `TOO_YOUNG`.
pub(super) fn check_age(
    birth_date: NaiveDate,
    now: DateTime<Utc>,
    minimum: u32,
) -> Result<(), UserError> {
    const OLDEST: i32 = 130;
    let today = day_in_japan(now);
    let refuse = |reason| Err(UserError::on("birthDate", reason));
    if birth_date > today || today.year() - birth_date.year() > OLDEST {
        return refuse(AccountReason::BirthDateInvalid);
    }
    if birth_date > latest_birth(today, minimum) {
        return refuse(AccountReason::TooYoung { minimum });
    }
    Ok(())
}

fn no_invitation() -> UserError {
    UserError::on("invitationCode", JoiningReason::InvitationRequired)
}

fn no_phone() -> UserError {
    UserError::on("phone", JoiningReason::PhoneRequired)
}
