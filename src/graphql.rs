//! The API: the schema's assembly and what every resolver finds in its context.

pub mod context;
pub mod node;
pub mod scalar;
pub mod schema;
