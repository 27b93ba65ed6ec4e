//! Joining, signing in and leaving. Stands above all rooms.

pub mod arrival;
pub mod attempts;
mod credential;
pub mod directory;
pub mod door;
pub mod entry;
pub mod graphql;
pub mod joining;
pub mod leaving;
pub mod loader;
pub mod password;
pub mod phone;
pub mod proof;
pub mod recovery;
pub mod reset;
pub mod service;
pub mod session;
pub mod sign_in;
pub mod suspension;
pub mod two_factor;
mod way;
pub mod writes;
