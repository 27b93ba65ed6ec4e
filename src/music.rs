//! Music: favourite songs, what people listen to, and the weekly charts (rules.md, Reviews and music 4).

pub mod charting;
pub mod edges;
pub mod graphql;
pub mod leaving;
pub mod listen;
pub mod listening;
pub mod loader;
pub mod node;
mod plain;
pub mod rank;
pub mod retention;
pub mod service;
pub mod store;
pub mod week;
