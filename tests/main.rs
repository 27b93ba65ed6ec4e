//! The integration tests: one binary, a database of its own for each test.

mod audit;
mod engine;
mod guard;
mod http;
mod shutdown;
mod socket;
mod support;
