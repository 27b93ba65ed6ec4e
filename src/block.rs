//! Blocks: who is hidden from whom (rules.md, Friendships 8). This room stands below all others,
//! for each of them asks; what a block ends is in `friendship::blocking`.

pub mod edges;
pub mod graphql;
pub mod leaving;
pub mod loader;
pub mod node;
mod plain;
pub mod store;
