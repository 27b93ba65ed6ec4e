//! The service's figures (rules.md, Statistics 1): counted once a day, by one server at a time, and kept; shown by
//! `Query.statistics` and on the page `/stats`, which read what was counted and nothing else.
//!
//! They count everybody who has an account, those among them who are suspended or about to leave: so who looks at
//! them learns nothing of who is absent.

pub mod figures;
pub mod gathering;
pub mod graphql;
pub mod kind;
pub mod months;
pub mod page;
pub mod rolling;
pub mod store;
pub mod sums;
pub mod work;
