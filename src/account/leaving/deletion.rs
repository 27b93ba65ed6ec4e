//! The end of an account: after some days in which its owner can think better of it, in small batches,
//! by whichever server has the time. Cut off anywhere, it goes on where it stopped: what has gone is not
//! found any more.

pub mod absence;
pub mod carry;
pub mod node;
pub mod service;
pub mod steps;
pub mod store;
