//! Footprints: who visited (rules.md, Footprints).

pub mod edges;
pub mod graphql;
pub mod kiriban;
pub mod leave;
pub mod leaving;
mod ledger;
pub mod live;
pub mod loader;
mod naming;
pub mod node;
mod plain;
pub mod policy;
mod recent;
pub mod retention;
pub mod service;
pub mod store;
pub mod taking_back;
pub mod visit;
