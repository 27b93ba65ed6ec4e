//! Users: pseudonyms with a profile (rules.md, Users).

pub mod administration;
pub mod edges;
pub mod editing;
pub mod facts;
pub mod graphql;
pub mod leaving;
pub mod loader;
pub mod node;
pub mod person;
mod plain;
pub mod region;
pub mod roles;
pub mod searching;
pub mod service;
pub mod staff;
pub mod store;
pub mod viewer;
