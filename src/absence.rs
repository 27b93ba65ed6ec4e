//! Who is absent for everybody for a while: hidden as by a block with each, whatever the cause.

pub mod set;
pub mod store;
