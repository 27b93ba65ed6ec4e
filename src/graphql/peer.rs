//! Where a request's connection comes from.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderValue, header, request::Parts},
};

/// The most that is kept of what a socket's client calls itself.
const LONGEST_AGENT: usize = 256;

/// The other end of a request's connection.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address: the client's, or its proxy's.
    pub address: Option<IpAddr>,
    /// What the client calls itself. Whoever likes says what they like.
    pub agent: Option<HeaderValue>,
}

impl Peer {
    /// The same for as long as a socket: without the room of the other headers.
    pub fn for_long(self) -> Self {
        let agent = self.agent.and_then(|agent| {
            let kept = agent.as_bytes().iter().copied().take(LONGEST_AGENT);
            HeaderValue::from_bytes(&kept.collect::<Vec<_>>()).ok()
        });
        Self { agent, ..self }
    }
}

/// Who is at the other end of the request with `parts`.
pub fn peer(parts: &Parts) -> Peer {
    let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    Peer {
        address: info.map(|ConnectInfo(address)| address.ip()),
        agent: parts.headers.get(header::USER_AGENT).cloned(),
    }
}
