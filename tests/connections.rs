//! Connections: how long each stays, and how many one address has.

mod frames;
mod idle;
mod shares;
