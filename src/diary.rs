//! Diaries and the comments under them (rules.md, Diaries).

pub mod confirm;
pub mod edges;
pub mod feed;
pub mod graphql;
pub mod live;
pub mod loader;
pub mod node;
mod plain;
pub mod removing;
pub mod service;
pub mod store;
pub mod versions;
