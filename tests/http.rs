//! GraphQL over HTTP, case by case of the specification's draft.

mod caching;
mod edges;
mod framing;
mod media;
mod outcome;
mod packed;
mod request;
mod silence;
mod size;

const NEW: &str = "application/graphql-response+json";
const OLD: &str = "application/json";
