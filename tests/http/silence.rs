//! Connections whose client says nothing, or reads nothing: none keeps anybody else out.

use std::time::Duration;

use ashiato::config::Transport;
use reqwest::Response;
use rstest::rstest;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{server::Running, socket::Socket, soon};

/// A deadline that passes soon, and one that does not pass during a test.
const SOON: Duration = Duration::from_millis(100);
const NEVER: Duration = Duration::from_secs(3_600);
/// The places of a server that silent clients take.
const PLACES: u32 = 8;

/// Somebody else, who waits for a place.
fn another(server: &Running) -> JoinHandle<reqwest::Result<Response>> {
    tokio::spawn(server.client.get(server.url("/healthz")).send())
}

#[rstest]
#[case::nothing(b"")]
#[case::a_part_of_a_method(b"P")]
#[case::a_part_of_http_2(b"PRI * HTTP/2.0\r\n")]
#[case::http_2_and_then_nothing(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
#[case::a_part_of_a_request(b"GET /healthz HTTP/1.1\r\nhost: x\r\n")]
#[tokio::test]
async fn who_says_nothing_more_keeps_nobody_out(#[case] said: &[u8]) {
    let server = Running::with(|transport| {
        transport.limits.max_connections = PLACES;
        transport.deadlines.header_timeout = SOON;
        transport.deadlines.socket_ping_interval = SOON;
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..PLACES {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(said).await.unwrap();
        silent.push(stream);
    }
    let asked = another(&server);
    assert_eq!(soon(asked).await.unwrap().unwrap().status(), 200);
    // It is they who were closed, not the limit that was passed.
    for mut stream in silent {
        let _ = soon(stream.read_to_end(&mut Vec::new())).await;
    }
}

/// Deadlines of which only the one for answers passes.
fn patient(write_timeout: Duration) -> impl FnOnce(&mut Transport) {
    move |transport| {
        transport.limits.max_connections = 1;
        transport.limits.max_body_bytes = 1_000_000;
        transport.limits.max_response_bytes = 20_000_000;
        transport.deadlines.write_timeout = write_timeout;
        transport.deadlines.socket_send_timeout = SOON / 2;
        transport.deadlines.socket_silence_timeout = NEVER;
        // Nor is it a ping that ends the connection.
        transport.deadlines.socket_ping_interval = NEVER / 2;
    }
}

/// A server with room for one, and a client in that place that asks for 30 times `part` bytes and
/// reads nothing yet.
async fn unread(set: impl FnOnce(&mut Transport), part: usize) -> (Running, TcpStream) {
    let server = Running::with(set).await;
    let fields: String = (0..30)
        .map(|n| format!("a{n}: echo(text: $text) "))
        .collect();
    let body = json!({
        "query": format!("query($text: String) {{ {fields} }}"),
        "variables": { "text": "x".repeat(part) },
    })
    .to_string();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    // The answer has begun: the client has the only place.
    let mut start = [0; 12];
    soon(stream.read_exact(&mut start)).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    (server, stream)
}

#[tokio::test]
async fn who_does_not_read_the_answer_is_cut_off() {
    let (server, mut stream) = unread(patient(SOON), 400_000).await;
    let asked = another(&server);
    assert_eq!(soon(asked).await.unwrap().unwrap().status(), 200);
    let mut rest = Vec::new();
    let _ = soon(stream.read_to_end(&mut rest)).await;
    assert!(rest.len() < 12_000_000, "{}", rest.len());
}

#[tokio::test]
async fn who_has_time_to_read_gets_the_answer_whole() {
    let (server, mut stream) = unread(patient(NEVER), 400_000).await;
    let asked = another(&server);
    let mut rest = vec![0; 12_000_000];
    soon(stream.read_exact(&mut rest)).await.unwrap();
    assert!(!asked.is_finished(), "the place is taken");
    drop(stream);
    assert_eq!(soon(asked).await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn a_websocket_that_is_idle_is_not_cut_off() {
    let server = Running::with(|transport| {
        transport.deadlines.write_timeout = SOON / 2;
        transport.deadlines.socket_send_timeout = SOON / 4;
        transport.deadlines.socket_ping_interval = SOON;
    })
    .await;
    let mut socket = Socket::ready(&server).await;
    // Between two pings the deadline passes twice.
    for _ in 0..3 {
        use futures_util::StreamExt;
        let ping = soon(socket.0.next()).await.unwrap().unwrap();
        assert!(matches!(ping, Message::Ping(_)), "{ping:?}");
    }
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
}

/// What a client gets that reads so many bytes at each tick of a clock, until nothing comes.
async fn reads(mut stream: TcpStream, bytes: usize, tick: Duration) -> usize {
    let (mut clock, mut whole) = (tokio::time::interval(tick), 0);
    let mut some = vec![0; bytes];
    loop {
        clock.tick().await;
        match stream.read(&mut some).await {
            Ok(0) | Err(_) => return whole,
            Ok(count) => whole += count,
        }
    }
}

/// A client that reads 200 kB a second, in small steps.
#[rstest]
#[case::that_is_too_slow(1_000_000, false)]
#[case::that_is_fast_enough(100_000, true)]
#[tokio::test]
async fn who_reads_a_little_now_and_then_reads_at_a_rate_or_is_cut_off(
    #[case] min_write_rate: u32,
    #[case] whole: bool,
) {
    const PART: usize = 30_000;
    let at_a_rate = |transport: &mut Transport| {
        patient(20 * SOON)(transport);
        transport.deadlines.min_write_rate = min_write_rate;
        // It is the server that ends the connection after the answer.
        transport.deadlines.header_timeout = SOON;
    };
    let (_server, stream) = unread(at_a_rate, PART).await;
    let read = soon(reads(stream, 2_000, SOON / 10)).await;
    assert_eq!(read > 30 * PART, whole, "{read}");
}

/// An HTTP/2 client that reads whatever comes, and makes room for so many bytes of each answer.
struct Narrow {
    server: Running,
    stream: TcpStream,
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;

impl Narrow {
    async fn new(write_timeout: Duration, room: u8) -> Self {
        let server = Running::with(patient(write_timeout)).await;
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let said = [
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(),
            // SETTINGS: the initial window.
            &[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, room],
        ];
        stream.write_all(&said.concat()).await.unwrap();
        Self { server, stream }
    }

    /// GET http://x/ as `stream`.
    async fn ask(&mut self, stream: u32) -> std::io::Result<()> {
        let get = [0x82, 0x86, 0x84, 1, 1, b'x'];
        let [a, b, c, d] = stream.to_be_bytes();
        let head = [0, 0, 6, HEADERS, 5, a, b, c, d];
        self.stream.write_all(&[&head[..], &get[..]].concat()).await
    }

    /// WINDOW_UPDATE.
    async fn make_room(&mut self, stream: u32) -> std::io::Result<()> {
        let [a, b, c, d] = stream.to_be_bytes();
        let room = [0, 0, 4, 8, 0, a, b, c, d, 0, 0, 0xff, 0xff];
        self.stream.write_all(&room).await
    }

    /// The next frame's kind, stream, and payload; whether it is the stream's last.
    async fn frame(&mut self) -> std::io::Result<(u8, u32, Vec<u8>, bool)> {
        let mut head = [0; 9];
        soon(self.stream.read_exact(&mut head)).await?;
        let length = usize::from(head[1]) << 8 | usize::from(head[2]);
        let mut payload = vec![0; length];
        soon(self.stream.read_exact(&mut payload)).await?;
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        Ok((head[3], stream, payload, head[4] & 1 == 1))
    }

    /// Reads until the answer on `stream` is whole.
    async fn answer(&mut self, stream: u32) -> std::io::Result<Vec<u8>> {
        let mut answer = Vec::new();
        loop {
            let (kind, of, mut payload, last) = self.frame().await?;
            if kind == DATA && of == stream {
                answer.append(&mut payload);
                if last {
                    return Ok(answer);
                }
            }
        }
    }

    /// Reads until the answer on `stream` is under way: its headers come.
    async fn begun(&mut self, stream: u32) {
        loop {
            let (kind, of, ..) = self.frame().await.unwrap();
            if (kind, of) == (HEADERS, stream) {
                return;
            }
        }
    }
}

#[rstest]
#[case::none(0)]
#[case::for_a_byte(1)]
#[tokio::test]
async fn who_makes_no_room_over_http_2_is_cut_off(#[case] room: u8) {
    let mut client = Narrow::new(SOON, room).await;
    client.ask(1).await.unwrap();
    client.begun(1).await;
    let asked = another(&client.server);
    assert_eq!(soon(asked).await.unwrap().unwrap().status(), 200);
    let _ = soon(client.stream.read_to_end(&mut Vec::new())).await;
}

#[tokio::test]
async fn who_has_time_to_make_room_over_http_2_gets_the_answer() {
    let mut client = Narrow::new(NEVER, 0).await;
    client.ask(1).await.unwrap();
    client.begun(1).await;
    let asked = another(&client.server);
    client.make_room(1).await.unwrap();
    let answer = client.answer(1).await.unwrap();
    assert!(String::from_utf8_lossy(&answer).contains("<html"));
    assert!(!asked.is_finished(), "the place is taken");
    drop(client.stream);
    assert_eq!(soon(asked).await.unwrap().unwrap().status(), 200);
}

/// One answer after the other is taken, and one of them never.
#[tokio::test]
async fn who_makes_no_room_for_one_answer_is_cut_off_whatever_becomes_of_others() {
    let mut client = Narrow::new(SOON, 0).await;
    client.ask(1).await.unwrap();
    client.begun(1).await;
    let asked = another(&client.server);
    let others = async {
        for stream in (3..).step_by(2) {
            client.make_room(0).await?;
            client.ask(stream).await?;
            client.make_room(stream).await?;
            client.answer(stream).await?;
        }
        std::io::Result::Ok(())
    };
    assert!(soon(others).await.is_err(), "cut off");
    assert_eq!(soon(asked).await.unwrap().unwrap().status(), 200);
}
