//! Introductions: what friends write of a user, for that user's profile (rules.md, Friendships 7). They end
//! with the friendship (5 and 8): [`super::store::delete`] removes them with it.

pub mod access;
pub mod edges;
pub mod graphql;
pub mod leaving;
pub mod loader;
pub mod node;
mod plain;
pub mod service;
pub mod store;
