//! Which mobile number is a user's own: it stands in the place of the password where that is lost
//! ([`recovery::phone`](super::recovery::phone)), so that whoever has found a token changes nothing of it.

pub mod graphql;
pub mod service;
