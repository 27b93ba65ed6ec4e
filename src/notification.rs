//! Notifications: what users are told of, in one list and one live feed (rules.md, Friendships 1 and 7,
//! Diaries 4, Footprints 4).
//!
//! A notification is written, and withdrawn, in the transaction of what it tells of: so [`service`] stands
//! below the rooms that call it, and what leads to their objects above them.

pub mod edges;
pub mod graphql;
pub mod kinds;
pub mod leaving;
pub mod live;
pub mod loader;
pub mod node;
mod plain;
pub mod reading;
pub mod retention;
pub mod service;
pub mod store;
