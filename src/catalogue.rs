//! The catalogue: CDs, films, games, books, songs (rules.md, Reviews and music 1).

pub mod graphql;
pub mod loader;
pub mod node;
mod plain;
pub mod service;
pub mod store;
