//! Recovery codes: ten that a user keeps on paper. One of them sets a new password where the old one
//! is lost, or stands in for the second factor where that is.
//!
//! A verified mobile number is another way to the same end ([`phone`]): what a way back in does, whatever has
//! shown that it is the user who asks, stands in [`service::recover`] behind the code.

pub mod codes;
pub mod graphql;
pub mod phone;
pub mod service;
pub mod store;
