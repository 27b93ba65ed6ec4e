//! Invitations: who brings whom in (rules.md, Users 3 and 4).

pub mod edges;
pub mod graphql;
pub mod leaving;
pub mod node;
mod plain;
pub mod service;
pub mod store;
