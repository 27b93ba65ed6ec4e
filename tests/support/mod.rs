//! What the tests stand on.

pub mod clock;
pub mod place;
pub mod process;
pub mod world;
