//! Groups that a user puts friends into (rules.md, Friendships 6). Nobody but their owner knows of them.
//! (Whose diaries are for which, and what becomes of them, is [`crate::diary::grouping`]'s.)

pub mod edges;
pub mod graphql;
pub mod loader;
pub mod node;
pub mod parting;
mod plain;
pub mod service;
pub mod store;
