//! Diaries and the comments under them (rules.md, Diaries).

pub mod access;
mod commented;
pub mod confirm;
pub mod edges;
pub mod feed;
pub mod graphql;
pub mod grouped;
pub mod grouping;
pub mod indexing;
pub mod leaving;
pub mod listed;
pub mod live;
pub mod loader;
pub mod node;
mod plain;
mod recipients;
pub mod removing;
pub mod searching;
pub mod service;
pub mod store;
pub mod versions;
