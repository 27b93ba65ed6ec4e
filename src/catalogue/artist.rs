//! Artists: who made CDs and songs. They have names in several scripts, each of which leads to one of them.

pub mod graphql;
pub mod loader;
pub mod node;
mod plain;
pub mod searching;
pub mod service;
pub mod store;
