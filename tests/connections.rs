//! Connections: how long each stays, how many one address has, and what becomes of who attacks them.

mod attacks;
pub mod frames;
mod idle;
mod shares;
