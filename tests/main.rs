//! The one test binary: a file a domain, against real databases.
// A test that panics is a test that fails.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

mod accounts;
mod admin;
mod audit;
mod cli;
mod comments;
mod demo;
mod diaries;
mod durability;
mod engine;
mod examples;
mod explorer;
mod faults;
mod footprints;
mod friend_lists;
mod friendships;
mod guard;
mod house;
mod housekeeping;
mod http;
mod idempotency;
mod import;
mod live;
mod neighbours;
mod properties;
mod recount;
mod reviews;
mod schema;
mod shutdown;
mod socket;
mod statements;
mod strangers;
mod validation;
mod variables;
