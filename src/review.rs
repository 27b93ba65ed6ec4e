//! Reviews of catalogue items (rules.md, Reviews and music 2 and 3).

pub mod edges;
pub mod graphql;
pub mod indexing;
pub mod leaving;
pub mod loader;
pub mod node;
mod plain;
pub mod searching;
pub mod service;
pub mod store;
