//! Photos on profiles and in diaries, and the space that they take (rules.md, Users 1, Diaries 1 and 6).
//!
//! A photo is a row and three files. Its row is the truth: space is taken with it before anything is
//! stored, and given back with it at once; files follow. What is cut off in between leaves a row that
//! somebody looks after ([`sweeping`]), never a file that no row knows of.

pub mod diaries;
pub mod edges;
pub mod graphql;
pub mod kept;
pub mod leaving;
pub mod link;
pub mod loader;
pub mod node;
pub mod picture;
mod plain;
pub mod s3;
pub mod service;
pub mod space;
pub mod store;
pub mod sweeping;
