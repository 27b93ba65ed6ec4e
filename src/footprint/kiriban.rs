//! Kiriban: numbers of visits that owners name, and who makes those visits (rules.md, Footprints 4).

pub mod edges;
pub mod graphql;
pub mod leaving;
pub mod loader;
pub mod node;
mod plain;
pub mod reaching;
pub mod service;
pub mod store;
