//! The limit: endpoints as a team would write them by hand, one best statement each beside the
//! session's look-up, axum and tokio-postgres and nothing between them.

mod read;
mod write;

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::{
    Json, Router,
    extract::FromRequestParts,
    http::{StatusCode, header::AUTHORIZATION, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use sha2::{Digest, Sha256};
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

/// As many as the others have.
const CONNECTIONS: usize = 16;

/// A connection with its prepared statements.
pub struct Prepared {
    pub client: Client,
    session: Statement,
    pub reads: read::Statements,
    pub writes: write::Statements,
}

/// The connections: requests share them, and PostgreSQL's pipeline keeps them apart.
#[derive(Clone)]
pub struct Pool(Arc<Vec<Prepared>>, Arc<std::sync::atomic::AtomicUsize>);

impl Pool {
    /// The connection whose turn it is.
    pub fn get(&self) -> Result<&Prepared, Failure> {
        let turn = self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let prepared = self.0.get(turn % CONNECTIONS);
        Ok(prepared.context("there is no connection")?)
    }
}

/// What went wrong.
pub struct Failure(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0.to_string()).into_response()
    }
}

/// What an endpoint gives.
pub type Answer<T> = Result<Json<T>, Failure>;

/// Who asks.
pub struct Viewer(pub Uuid);

impl FromRequestParts<Pool> for Viewer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, pool: &Pool) -> Result<Self, Failure> {
        let header = parts.headers.get(AUTHORIZATION).context("sign in")?;
        let token = header
            .to_str()?
            .strip_prefix("Bearer ")
            .context("a bearer token")?;
        let hash = Sha256::digest(token.as_bytes()).to_vec();
        let prepared = pool.get()?;
        let row = prepared
            .client
            .query_opt(&prepared.session, &[&hash])
            .await?;
        Ok(Self(row.context("no session")?.get(0)))
    }
}

async fn connect(url: &str) -> Result<Prepared> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    let session = client
        .prepare("SELECT user_id FROM session_tokens WHERE token_hash = $1 AND expires_at > now()")
        .await?;
    Ok(Prepared {
        session,
        reads: read::Statements::prepare(&client).await?,
        writes: write::Statements::prepare(&client).await?,
        client,
    })
}

/// Serves them on 127.0.0.1 at the port of the environment.
///
/// # Errors
/// Where it cannot.
pub async fn serve() -> Result<()> {
    let url = std::env::var("DATABASE_URL")?;
    let mut pool = Vec::new();
    for _ in 0..CONNECTIONS {
        pool.push(connect(&url).await?);
    }
    let router = Router::new()
        .route("/q1/{username}", get(read::q1))
        .route("/q2", get(read::q2))
        .route("/q3", get(read::q3))
        .route("/q4/{username}", get(read::q4))
        .route("/q5", get(read::q5))
        .route("/w1/{username}", post(write::w1))
        .route("/w2/{author}/{diary}", post(write::w2))
        .with_state(Pool(Arc::new(pool), Arc::default()));
    let address = format!("127.0.0.1:{}", std::env::var("PORT")?);
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("ready");
    axum::serve(listener, router).await?;
    Ok(())
}
