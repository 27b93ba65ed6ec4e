//! Friendships: mutual, by request and approval, capped (rules.md, Friendships).

pub mod blocking;
pub mod edges;
pub mod ending;
pub mod figures;
pub mod graphql;
pub mod group;
pub mod introduction;
pub mod leaving;
pub mod live;
pub mod loader;
pub mod mutual;
pub mod newest;
pub mod node;
pub mod path;
mod plain;
pub mod reach;
pub mod relations;
pub mod searcher;
pub mod service;
pub mod store;
pub mod suggestions;
