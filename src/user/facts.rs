//! What users say about themselves, each for an audience of its own (rules.md, Users 2).

pub mod edges;
pub mod graphql;
mod loader;
pub mod node;
pub mod service;
pub mod store;
pub mod view;
