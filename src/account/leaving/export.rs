//! A copy of all that is a user's: a zip of JSON Lines, a file a kind, made in the background by whichever
//! server has the time, and fetched once by a signed link.

mod archive;
pub mod edges;
pub mod fetch;
pub mod kinds;
pub mod link;
pub mod make;
pub mod node;
mod plain;
pub mod service;
pub mod store;
