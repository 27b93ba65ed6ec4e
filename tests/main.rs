//! The integration tests: one binary, a database of its own for each test.

// Clippy knows a test by its attribute, and not the functions that tests share.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod admin;
mod demo;
mod housekeeping;
mod import;
mod support {
    pub mod clock;
    pub mod place;
}
