//! The API: the schema's assembly and what every resolver finds in its context.

pub mod answer;
pub mod api;
mod bearer;
mod bounded;
pub mod committed;
pub mod context;
mod forwarded;
pub mod guard;
pub mod http;
pub mod id;
pub mod networks;
pub mod node;
pub mod paid;
pub mod parameters;
pub mod peer;
pub mod plain;
pub mod points;
pub mod quota;
pub mod request_id;
pub mod scalar;
pub mod schema;
pub mod seat;
pub mod socket;
pub mod text;
pub mod upload;
pub mod whole;
