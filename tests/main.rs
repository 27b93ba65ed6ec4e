//! The integration tests: one binary, a database of its own for each test.

// A test fails by panicking.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod audit;
mod engine;
mod guard;
mod http;
mod shutdown;
mod socket;
mod support;
