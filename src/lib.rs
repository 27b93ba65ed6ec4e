//! Ashiato: a GraphQL social graph service.
//!
//! # The map of the house
//!
//! A request flows one way: [`graphql`] (transports, guard, schema) → a room's `graphql`, `edges`
//! or `live` → its `service` (writes) or `loader` (reads) → its `store` (the SQL) → `entity`.
//!
//! | where | what |
//! |---|---|
//! | [`audit`], [`block`], [`user`], [`notification`], [`rest`], [`friendship`], [`plan`], [`photo`], [`diary`], [`catalogue`], [`review`], [`music`], [`footprint`], [`usage`], [`invitation`], [`phone`] | one room a domain |
//! | [`account`] | joining, sessions, passwords, recovery codes, the second factor, leaving, suspension: stands above all rooms |
//! | [`absence`] | who is hidden from everybody for a while: below all rooms |
//! | [`report`] | what is reported, and what becomes of it: above all rooms |
//! | [`statistics`] | the service's figures, counted once a day, and the page that shows them: above all rooms |
//! | [`visibility`] | THE rules of who may see what |
//! | [`paging`], [`sql`], [`loaders`] | pages from cursors; one statement a level of a query, or one for each 2,000 rows, in both dialects; of requests that ask the same at the same time one for all, on one PostgreSQL |
//! | [`cache`] | what is kept beyond a request: users, and first pages |
//! | [`budget`] | what one answer may come to in bytes |
//! | [`rejection`], [`idempotency`], [`text`] | what every mutation has in common |
//! | [`error`], [`message`], [`language`] | what clients are told of errors, and in which language |
//! | [`payment`] | who takes payments |
//! | [`secrets`] | keys of the service's own: what the database alone must not tell |
//! | [`allowance`] | what each of many may take within a time, in memory |
//! | [`coalesce`] | many callers' items as one batch |
//! | [`database`], [`lsn`], [`events`], [`live`], [`neighbours`], [`nats`] | reading, writing in groups, hearing of it without a gap |
//! | [`server`], [`explorer`], [`config`], [`cli`], [`app`] | the running service |
//! | [`demo`], [`import`], [`bulk`], [`housekeeping`], [`indexing`] | communities, made up or read; what goes in time; what searches do not find yet |
//!
//! # Who may import whom
//!
//! - Files never import each other in a circle. The circle User ↔ Diary is broken by `node`: it
//!   holds an object's own fields and knows other rooms by their `node` alone; what leads to other
//!   rooms stands in `graphql` and `edges`.
//! - Between rooms, `service` and `store` call in one order: audit ← absence ← block ← user ← notification
//!   ← rest ← friendship ← plan ← photo ← catalogue ← diary ← review ← music ← footprint ← usage ← invitation
//!   ← phone ← account ← report ← statistics.
//! - A room's `store` imports stores, [`paging`], [`sql`], [`search`] and what it asks of
//!   [`database`], and nothing above.
//! - A room re-exports nothing: import leaf paths, such as `crate::user::node::User`.
//!
//! `tests/house.rs` reads the `use` lines and holds these rules.

// Each part of the schema is a level for the compiler (see `graphql::schema`).
#![recursion_limit = "256"]

pub mod absence;
pub mod account;
pub mod allowance;
pub mod app;
pub mod audit;
pub mod block;
pub mod budget;
pub mod bulk;
pub mod cache;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod coalesce;
pub mod code;
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
pub mod housekeeping;
pub mod idempotency;
pub mod ids;
pub mod import;
pub mod indexing;
pub mod invitation;
pub mod language;
pub mod live;
pub mod loaders;
pub mod lsn;
pub mod message;
pub mod music;
pub mod nats;
pub mod neighbours;
pub mod notification;
pub mod paging;
pub mod payment;
pub mod phone;
pub mod photo;
pub mod plan;
pub mod rejection;
pub mod report;
pub mod rest;
pub mod review;
pub mod search;
pub mod secrets;
pub mod server;
pub mod sms;
pub mod sql;
pub mod statistics;
pub mod text;
pub mod usage;
pub mod user;
pub mod viewer;
pub mod visibility;
