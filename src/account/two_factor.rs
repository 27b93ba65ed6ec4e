//! The second factor: codes of an authenticator app, made of the time and a secret (RFC 6238).

pub mod graphql;
pub mod proof;
pub mod service;
pub mod store;
mod totp;
