//! A service that speaks TLS itself.

use std::{fs, sync::Arc, time::Duration};

use ashiato::config::{TlsFiles, Transport};
use axum::body::Body;
use futures_util::{SinkExt, StreamExt};
use http_body_util::BodyExt;
use hyper::{Request, Response, body::Incoming, header};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::support::{server::Running, soon};

/// A deadline that passes soon.
const SOON: Duration = Duration::from_millis(200);
const HTTP_1: &[&[u8]] = &[b"http/1.1"];
const HTTP_2: &[&[u8]] = &[b"h2"];

/// A certificate's files, and the certificate.
struct Issued {
    _folder: TempDir,
    files: TlsFiles,
    certificate: CertificateDer<'static>,
}

impl Issued {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = TlsFiles {
            certificate: folder.path().join("certificate.pem"),
            key: folder.path().join("key.pem"),
        };
        Self {
            certificate: issue(&files),
            _folder: folder,
            files,
        }
    }
}

/// Writes a new certificate for `localhost` into `files`.
fn issue(files: &TlsFiles) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(&files.certificate, cert.pem()).unwrap();
    fs::write(&files.key, signing_key.serialize_pem()).unwrap();
    cert.der().clone()
}

async fn sealed(issued: &Issued) -> Running {
    sealed_with(issued, |_| {}).await
}

async fn sealed_with(issued: &Issued, set: impl FnOnce(&mut Transport)) -> Running {
    let files = issued.files.clone();
    Running::own_with(|transport| {
        transport.tls.tls_certificate = Some(files.certificate);
        transport.tls.tls_key = Some(files.key);
        transport.deadlines.header_timeout = SOON;
        transport.deadlines.socket_ping_interval = SOON;
        set(transport);
    })
    .await
}

/// A connection of who trusts `certificate` and speaks `protocols`.
async fn connect(
    server: &Running,
    certificate: &CertificateDer<'static>,
    protocols: &[&[u8]],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let stream = TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
}

fn question(uri: &str) -> Request<Body> {
    let body = Body::from(r#"{"query":"{ __typename }"}"#);
    Request::post(uri)
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/json")
        .body(body)
        .unwrap()
}

async fn over_http_1(stream: TlsStream<TcpStream>) -> Response<Incoming> {
    let io = TokioIo::new(stream);
    let (mut client, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    client.send_request(question("/graphql")).await.unwrap()
}

async fn over_http_2(stream: TlsStream<TcpStream>) -> Response<Incoming> {
    let io = TokioIo::new(stream);
    let shake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io);
    let (mut client, connection) = shake.await.unwrap();
    tokio::spawn(connection);
    let question = question("https://localhost/graphql");
    client.send_request(question).await.unwrap()
}

#[tokio::test]
async fn both_versions_of_http_are_spoken_and_browsers_are_told_to_stay_sealed() {
    let issued = Issued::new();
    let server = sealed(&issued).await;
    let one = connect(&server, &issued.certificate, HTTP_1).await.unwrap();
    let two = connect(&server, &issued.certificate, HTTP_2).await.unwrap();
    for answer in [over_http_1(one).await, over_http_2(two).await] {
        assert_eq!(answer.status(), 200);
        let told = &answer.headers()[header::STRICT_TRANSPORT_SECURITY];
        assert_eq!(told, "max-age=31536000");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(&body[..], br#"{"data":{"__typename":"Query"}}"#);
    }
    let plain = server.client.get(server.url("/healthz")).send().await;
    assert!(plain.is_err(), "it speaks without a seal: {plain:?}");
}

#[tokio::test]
async fn a_websocket_is_sealed_too() {
    let issued = Issued::new();
    let server = sealed(&issued).await;
    let stream = connect(&server, &issued.certificate, HTTP_1).await.unwrap();
    let mut request = "wss://localhost/graphql".into_client_request().unwrap();
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream)
        .await
        .unwrap();
    let init = Message::text(r#"{"type":"connection_init"}"#);
    socket.send(init).await.unwrap();
    let text = async |socket: &mut WebSocketStream<TlsStream<TcpStream>>| loop {
        let message = soon(socket.next()).await.unwrap().unwrap();
        if message.is_text() {
            break message.to_text().unwrap().to_owned();
        }
    };
    assert_eq!(text(&mut socket).await, r#"{"type":"connection_ack"}"#);
    // Longer than a connection may say nothing.
    tokio::time::sleep(SOON * 3).await;
    let ping = Message::text(r#"{"type":"ping"}"#);
    socket.send(ping).await.unwrap();
    assert_eq!(text(&mut socket).await, r#"{"type":"pong"}"#);
}

#[tokio::test]
async fn a_renewed_certificate_is_used_and_a_broken_one_is_not() {
    let issued = Issued::new();
    let server = sealed(&issued).await;
    let renewed = issue(&issued.files);
    let takes = async |certificate: &CertificateDer<'static>| {
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        connect(&server, certificate, HTTP_1).await
    };
    let stream = takes(&renewed).await.unwrap();
    assert_eq!(over_http_1(stream).await.status(), 200);
    assert!(takes(&issued.certificate).await.is_err());
    // Another's key, and then nothing at all.
    fs::write(
        &issued.files.key,
        rcgen::KeyPair::generate().unwrap().serialize_pem(),
    )
    .unwrap();
    assert!(takes(&renewed).await.is_ok());
    fs::write(&issued.files.certificate, "").unwrap();
    assert!(takes(&renewed).await.is_ok());
}

#[tokio::test]
async fn files_that_are_no_certificate_are_told_at_the_start() {
    let issued = Issued::new();
    let start = async || {
        let files = issued.files.clone();
        let (app, _, _database) = crate::support::server::app().await;
        let mut transport = Transport {
            listen: "127.0.0.1:0".to_owned(),
            ..Default::default()
        };
        transport.tls.tls_certificate = Some(files.certificate);
        transport.tls.tls_key = Some(files.key);
        let failed = ashiato::server::Server::start(app, transport).await;
        format!("{:#}", failed.unwrap_err())
    };
    fs::write(
        &issued.files.key,
        rcgen::KeyPair::generate().unwrap().serialize_pem(),
    )
    .unwrap();
    let said = start().await;
    assert!(
        said.contains("is not the key of --tls-certificate"),
        "{said}"
    );
    fs::write(&issued.files.certificate, "nothing").unwrap();
    let said = start().await;
    assert!(said.contains("has no certificate"), "{said}");
    fs::remove_file(&issued.files.certificate).unwrap();
    let said = start().await;
    assert!(said.contains("cannot read --tls-certificate"), "{said}");
}

/// Who holds a connection and says nothing keeps nobody out for long, sealed or not.
#[tokio::test]
async fn who_says_nothing_is_left() {
    let issued = Issued::new();
    let server = sealed(&issued).await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    soon(silent.read_to_end(&mut Vec::new())).await.unwrap();
    for protocols in [HTTP_1, HTTP_2] {
        let stream = connect(&server, &issued.certificate, protocols).await;
        let mut silent = stream.unwrap();
        let _ = soon(silent.read_to_end(&mut Vec::new())).await;
    }
    // A beginning of HTTP/2, and no request.
    let stream = connect(&server, &issued.certificate, HTTP_2).await;
    let mut silent = stream.unwrap();
    silent
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .await
        .unwrap();
    let _ = soon(silent.read_to_end(&mut Vec::new())).await;
}

#[tokio::test]
async fn who_asks_nothing_more_over_http_2_is_told_to_go() {
    let issued = Issued::new();
    let idle = |transport: &mut Transport| transport.deadlines.idle_timeout = Some(SOON * 3);
    let server = sealed_with(&issued, idle).await;
    let stream = connect(&server, &issued.certificate, HTTP_2).await;
    let io = TokioIo::new(stream.unwrap());
    let shake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io);
    let (mut client, connection) = shake.await.unwrap();
    let connection = tokio::spawn(connection);
    let question = question("https://localhost/graphql");
    assert_eq!(client.send_request(question).await.unwrap().status(), 200);
    // Its pings are answered, and nothing is wrong with it.
    soon(connection).await.unwrap().unwrap();
}

#[tokio::test]
async fn one_too_many_of_an_address_is_closed_before_it_is_sealed() {
    let issued = Issued::new();
    let server = sealed_with(&issued, |transport| {
        transport.limits.max_connections_per_address = Some(1);
        transport.deadlines = Transport::default().deadlines;
    })
    .await;
    let held = connect(&server, &issued.certificate, HTTP_2).await.unwrap();
    let began = std::time::Instant::now();
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let mut said = Vec::new();
    soon(silent.read_to_end(&mut said)).await.unwrap();
    assert!(said.is_empty() && began.elapsed() < Duration::from_secs(5));
    let sealed = connect(&server, &issued.certificate, HTTP_2).await;
    assert!(sealed.is_err());
    drop(held);
    soon(async {
        while connect(&server, &issued.certificate, HTTP_2).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// A byte of the handshake now and then is no way to stay.
#[tokio::test]
async fn who_spells_a_handshake_out_is_cut_off() {
    let issued = Issued::new();
    let server = sealed(&issued).await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    // The head of a record with a long ClientHello.
    let mut said = b"\x16\x03\x01\x20\x00\x01\x00\x1f\xfc\x03\x03".to_vec();
    let spelling = async {
        loop {
            if writing.write_all(&said).await.is_err() {
                std::future::pending::<()>().await;
            }
            said = vec![7];
            tokio::time::sleep(SOON / 20).await;
        }
    };
    let mut rest = Vec::new();
    tokio::select! {
        read = soon(reading.read_to_end(&mut rest)) => drop(read),
        () = spelling => {}
    }
}
