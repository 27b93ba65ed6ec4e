//! Footprints: who visited (rules.md, Footprints).

pub mod edges;
pub mod graphql;
pub mod leave;
pub mod live;
pub mod loader;
pub mod node;
mod plain;
pub mod retention;
pub mod service;
pub mod store;
pub mod visit;
