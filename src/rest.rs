//! Rest against *mixi tsukare*, being tired of it all (rules.md, Tiredness 1): at once, or by the hours of a week.
//!
//! Whether somebody rests is worked out from what they have chosen and the clock: [`choice`]. What comes to who rests
//! is held from their live feeds ([`crate::live`]), and from what they are shown as new; when the rest is over, it is
//! told of as a whole: [`digest`]. Nothing of it is lost, for the lists have it.

pub mod choice;
pub mod digest;
pub mod edges;
pub mod graphql;
pub mod hours;
pub mod leaving;
pub mod loader;
pub mod node;
pub mod service;
pub mod store;
pub mod work;
