//! Mobile numbers: verified by a code that is sent to them, one account each (rules.md, Users 3).

pub mod edges;
pub mod graphql;
pub mod leaving;
pub mod number;
pub mod service;
pub mod store;
