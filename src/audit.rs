//! What administrators and operators did: written with what they did, and never changed.

pub mod edges;
pub mod graphql;
pub mod node;
mod plain;
pub mod store;
