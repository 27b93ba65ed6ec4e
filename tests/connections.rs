//! Connections: how long each stays.

mod frames;
mod idle;
