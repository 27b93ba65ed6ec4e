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
mod administration;
mod audit;
mod backup;
mod block;
mod cache;
mod citus;
mod cli;
mod cluster;
mod comments;
mod committed;
mod connections;
mod demo;
mod diaries;
mod discovery;
mod disk;
mod doctor;
mod door;
mod dump;
mod durability;
mod engine;
mod entries;
mod errors;
mod example;
mod examples;
mod explorer;
mod facts;
mod faults;
mod feeds;
mod footprints;
mod friend_groups;
mod friend_lists;
mod friendships;
mod fuzz;
mod guard;
mod home_feed;
mod house;
mod housekeeping;
mod http;
mod idempotency;
mod import;
mod introductions;
mod invitations;
mod kiribans;
mod leaving;
mod limits;
mod live;
mod lost_file;
mod matrix;
mod minors;
mod mock;
mod model;
mod music;
mod names;
mod nats;
mod neighbours;
mod notifications;
mod passwords;
mod paying;
mod phones;
mod photos;
mod plain;
mod plans;
mod profile;
mod properties;
mod readiness;
mod reading;
mod recount;
mod recovery;
mod replicas;
mod reports;
mod resets;
mod rest;
mod restarts;
mod reviews;
mod rolling;
mod schema;
mod searchable;
mod searching;
mod secrets;
mod sessions;
mod shared_reads;
mod shutdown;
mod silent;
mod slow;
mod socket;
mod statements;
mod statistics;
mod storm;
mod strangers;
mod suspensions;
mod tables;
mod texts;
mod tls;
mod two_factor;
mod usage;
mod validation;
mod variables;
mod visitors;
mod visits;
