//! Reports: what users tell moderators of, as it was then, and what becomes of it. This room stands above
//! all others, for anything can be reported.

pub mod edges;
pub mod graphql;
mod loader;
pub mod node;
mod plain;
pub mod resolving;
pub mod service;
pub mod store;
pub mod subject;
