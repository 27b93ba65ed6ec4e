//! Operations as server-sent events: the graphql-sse protocol, in its mode of distinct connections.

mod bounds;
mod ends;
mod http2;
mod members;
mod protocol;
