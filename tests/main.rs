//! The one test binary: a file a domain, against real databases.
#![allow(missing_docs)]

mod support;

mod accounts;
mod demo;
mod diaries;
mod durability;
mod examples;
mod explorer;
mod faults;
mod footprints;
mod friend_lists;
mod friendships;
mod house;
mod idempotency;
mod reviews;
mod schema;
mod statements;
