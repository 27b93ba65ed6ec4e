//! The catalogue: CDs, films, games, books, songs, and who made the music (rules.md, Reviews and music 1).

pub mod artist;
pub mod graphql;
pub mod loader;
pub mod node;
mod plain;
pub mod searching;
pub mod service;
pub mod store;
