//! What the tests stand on.

pub mod clock;
pub mod world;
