//! What people do by day: visits, writing and reading (rules.md, Tiredness 2), and with what. It is counted in
//! memory, and written once a minute; what a service has of it (Statistics 1) is made of that.

pub mod counting;
pub mod device;
pub mod edges;
pub mod leaving;
pub mod node;
pub mod store;
pub mod tally;
