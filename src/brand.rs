//! Brands' pages: who runs them, who follows them, and what they publish (rules.md, Brands).
//!
//! A page is public: everybody on the web sees it, and what it publishes, minors and who is blocked by its owner
//! included. Who runs it is hidden: so nothing of theirs, no block and no absence, changes what others see of it.

pub mod edges;
pub mod feed;
pub mod figures;
pub mod following;
pub mod graphql;
pub mod leaving;
pub mod live;
pub mod loader;
pub mod node;
pub mod people;
mod plain;
pub mod posting;
pub mod removing;
pub mod running;
pub mod service;
pub mod store;
pub mod verifying;
