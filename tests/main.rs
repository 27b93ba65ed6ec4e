//! The integration tests: one binary, a database of its own for each test.

mod admin;
mod demo;
mod housekeeping;
mod import;
mod support {
    pub mod clock;
    pub mod place;
}
