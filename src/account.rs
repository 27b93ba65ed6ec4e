//! Joining, signing in and leaving. Stands above all rooms.

mod credential;
pub mod directory;
pub mod door;
pub mod entry;
pub mod graphql;
mod guesses;
pub mod joining;
pub mod password;
pub mod reset;
pub mod service;
pub mod session;
pub mod writes;
