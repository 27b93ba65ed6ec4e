//! Leaving (rules.md, Users 7): a copy of all that is a user's, and the end of an account.
//!
//! Each room says in its `leaving` what of a user's is exported, and what of a user's goes. Here stand the
//! lists of both ([`export::kinds`], [`deletion::steps`]), and that no table is forgotten ([`tables`]).

pub mod deletion;
pub mod export;
pub mod graphql;
pub mod reports;
pub mod tables;
pub mod work;
