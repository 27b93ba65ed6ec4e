//! Why mutations are refused, with the values that stood against them: of each what a person is told, in every
//! language.

pub mod account;
pub mod catalogue;
pub mod footprint;
pub mod joining;
pub mod people;
pub mod plan;
pub mod text;
pub mod thing;

use serde::{Deserialize, Serialize};

use super::code::UserErrorCode;
use crate::message::all_messages;
use account::AccountReason;
use catalogue::CatalogueReason;
use footprint::FootprintReason;
use joining::JoiningReason;
use people::PeopleReason;
use plan::PlanReason;
use text::TextReason;

all_messages! {
    /// Why a mutation did not do what was asked.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Reason: UserErrorCode {
        /// A text, or a number, is not as it must be.
        Text(TextReason),
        /// For the account's sake: names, passwords, the second factor, suspension, leaving.
        Account(AccountReason),
        /// Somebody cannot join, or invite, so; or a mobile number stands against it.
        Joining(JoiningReason),
        /// For what is between people, or because something is not there for who asks.
        People(PeopleReason),
        /// For the catalogue's sake, or for music's.
        Catalogue(CatalogueReason),
        /// For the sake of visits, or of rest.
        Footprint(FootprintReason),
        /// For the sake of photos, or of plans.
        Plan(PlanReason),
    }
}
