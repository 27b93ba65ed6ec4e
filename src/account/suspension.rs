//! Suspensions: who may not come in for a while, and is absent for everybody meanwhile.

pub mod edges;
pub mod graphql;
mod loader;
pub mod node;
pub mod service;
pub mod store;
