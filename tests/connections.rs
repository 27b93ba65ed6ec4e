//! Connections: how long each stays, how many one address has, and what becomes of who attacks them.

mod attacks;
mod frames;
mod idle;
mod shares;
