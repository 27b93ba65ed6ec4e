//! Recovery by a verified mobile number: a code that is sent to it stands in the place of the password.
//!
//! Whoever asks is answered alike, and after the same work, whether an account has the number or not, and
//! a message goes to it either way: its holder may know. What the answer names, the recovery, is known to
//! who asked alone, and the code is worth nothing without it, so that nobody uses up the tries of another.

pub mod graphql;
pub mod service;
pub mod store;
