//! Ashiato: a GraphQL social graph service.
#![allow(clippy::module_name_repetitions)]

pub mod account;
pub mod app;
pub mod bulk;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod database;
pub mod demo;
pub mod diary;
pub mod error;
pub mod events;
pub mod explorer;
pub mod footprint;
pub mod friendship;
pub mod graphql;
pub mod idempotency;
pub mod ids;
pub mod live;
pub mod loaders;
pub mod paging;
pub mod rejection;
pub mod review;
pub mod search;
pub mod server;
pub mod text;
pub mod user;
pub mod viewer;
pub mod visibility;
