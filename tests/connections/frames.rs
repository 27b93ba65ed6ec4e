//! A client of HTTP/2 that says what it likes, frame by frame.

use std::{io::Result, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::soon;

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

pub const END_STREAM: u8 = 1;
pub const ACK: u8 = 1;
pub const END_HEADERS: u8 = 4;

/// As much room as there can be.
pub const ROOM: u32 = 0x7fff_ffff;
/// The setting of how much room there is for each answer.
pub const INITIAL_WINDOW: u16 = 4;

/// GET http://x/healthz, compressed.
pub const HEALTHZ: &[u8] = b"\x82\x86\x04\x08/healthz\x01\x01x";
/// POST http://x/graphql of JSON.
pub const GRAPHQL: &[u8] = b"\x83\x86\x04\x08/graphql\x01\x01x\x0f\x10\x10application/json";

/// A client.
pub struct Frames(pub TcpStream);

/// What one is told.
#[derive(Debug)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

impl Frames {
    /// Connects and begins.
    pub async fn connect(address: SocketAddr) -> Self {
        Self::begin(TcpStream::connect(address).await.unwrap(), &[]).await
    }

    /// Begins with these settings.
    pub async fn begin(mut stream: TcpStream, settings: &[(u16, u32)]) -> Self {
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        stream.write_all(preface).await.unwrap();
        let mut this = Self(stream);
        let settings = settings.iter().flat_map(|(name, value)| {
            let (name, value) = (name.to_be_bytes(), value.to_be_bytes());
            name.into_iter().chain(value)
        });
        let settings: Vec<_> = settings.collect();
        this.say(SETTINGS, 0, 0, &settings).await.unwrap();
        this
    }

    /// Sends a frame.
    pub async fn say(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Result<()> {
        self.0.write_all(&frame(kind, flags, stream, payload)).await
    }

    /// Asks for `/healthz` as `stream`.
    pub async fn ask(&mut self, stream: u32) -> Result<()> {
        self.say(HEADERS, END_HEADERS | END_STREAM, stream, HEALTHZ)
            .await
    }

    /// The next frame.
    pub async fn next(&mut self) -> Result<Frame> {
        let mut head = [0; 9];
        soon(self.0.read_exact(&mut head)).await?;
        let [a, b, c, kind, flags, s, t, u, v] = head;
        let length = u32::from_be_bytes([0, a, b, c]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        soon(self.0.read_exact(&mut payload)).await?;
        Ok(Frame {
            kind,
            flags,
            stream: u32::from_be_bytes([s, t, u, v]),
            payload,
        })
    }

    /// The next frame of this kind.
    pub async fn of_kind(&mut self, kind: u8) -> Result<Frame> {
        loop {
            let frame = self.next().await?;
            if frame.kind == kind && !(kind == SETTINGS && frame.flags & ACK == ACK) {
                return Ok(frame);
            }
        }
    }

    /// Reads until the answer on `stream` is whole: its body.
    pub async fn answer(&mut self, stream: u32) -> Result<Vec<u8>> {
        let mut answer = Vec::new();
        loop {
            let mut frame = self.next().await?;
            if frame.stream != stream {
                continue;
            }
            if frame.kind == DATA {
                answer.append(&mut frame.payload);
            }
            if matches!(frame.kind, DATA | HEADERS) && frame.flags & END_STREAM == END_STREAM {
                return Ok(answer);
            }
        }
    }

    /// Reads until the connection ends: the reason of its GOAWAY, if it gave any.
    pub async fn end(&mut self) -> Option<u32> {
        let mut reason = None;
        while let Ok(frame) = self.next().await {
            if let (GOAWAY, [_, _, _, _, code @ ..]) = (frame.kind, &frame.payload[..]) {
                reason = code.first_chunk().map(|code| u32::from_be_bytes(*code));
            }
        }
        reason
    }
}

/// A frame's bytes.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()];
    [&head.concat(), payload].concat()
}
