//! Plans: more space for a small fee, and more footprints to take back (rules.md, Diaries 6, Footprints 6).
//!
//! An order is made here, and paid at a provider ([`crate::payment`]), which tells what became of it
//! ([`hearing`]): late, several times, and in any order. So nothing that is told changes anything by itself.
//! What was paid and given back goes into a ledger, once; and what an order is worth is worked out anew, from the
//! ledger and the times that the order bears ([`settling`]). Whether a plan is in effect is a question of the
//! clock: nothing happens when it ends.

pub mod edges;
pub mod effect;
pub mod ending;
pub mod graphql;
pub mod hearing;
pub mod leaving;
mod ledger;
pub mod loader;
pub mod node;
pub mod opening;
mod plain;
pub mod service;
pub mod settling;
pub mod store;
mod telling;
