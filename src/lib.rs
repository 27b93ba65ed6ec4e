//! Ashiato: a GraphQL social graph service.
#![allow(clippy::module_name_repetitions)]

pub mod account;
pub mod app;
pub mod bulk;
pub mod cli;
pub mod clock;
pub mod config;
pub mod database;
pub mod demo;
pub mod error;
pub mod events;
pub mod friendship;
pub mod graphql;
pub mod housekeeping;
pub mod ids;
pub mod import;
pub mod live;
pub mod loaders;
pub mod mutation;
pub mod paging;
pub mod search;
pub mod text;
pub mod user;
pub mod viewer;
pub mod visibility;
