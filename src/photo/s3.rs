//! A bucket that speaks S3, reached with the program's own client: the library's would bring a second
//! implementation of TLS along.

use std::{
    fmt::{Debug, Display, Formatter},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow, ensure};
use http_body_util::BodyExt;
use hyper::Response;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector as Tcp},
    rt::TokioExecutor,
};
use object_store::{
    ClientOptions, ObjectStore, RetryConfig,
    aws::AmazonS3Builder,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
        HttpResponse, HttpResponseBody, HttpService,
    },
    path::Path as Name,
};
use tokio::time::timeout;

/// How long one request may take until its answer begins.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it is tried again.
const RETRIED: Duration = Duration::from_secs(5);

/// A bucket: `s3://BUCKET[/PREFIX][?endpoint=URL][&region=REGION]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    name: String,
    prefix: String,
    /// Where it is, unless at Amazon.
    endpoint: Option<String>,
    region: Option<String>,
}

impl Bucket {
    /// What the names of its files begin with.
    pub(super) fn prefix(&self) -> Name {
        Name::from(self.prefix.as_str())
    }
}

impl Display for Bucket {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.name, self.prefix)
    }
}

impl FromStr for Bucket {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            "write a bucket as s3://BUCKET, s3://BUCKET/PREFIX or \
             s3://BUCKET?endpoint=https://HOST&region=REGION"
                .to_owned()
        };
        let rest = text.strip_prefix("s3://").ok_or_else(wrong)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (name, prefix) = path.split_once('/').unwrap_or((path, ""));
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if name.is_empty() || !name.chars().all(fits) {
            return Err(wrong());
        }
        let mut bucket = Self {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: None,
            region: None,
        };
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "endpoint" if value.starts_with("http://") || value.starts_with("https://") => {
                    bucket.endpoint = Some(value.trim_end_matches('/').to_owned());
                }
                "region" => bucket.region = Some(value.into_owned()),
                _ => return Err(wrong()),
            }
        }
        Ok(bucket)
    }
}

/// Opens `bucket`, whose credentials are in the environment, as is usual (`AWS_ACCESS_KEY_ID`,
/// `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, …).
///
/// # Errors
/// A sentence that says what to change.
pub(super) fn open(bucket: &Bucket) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let retry = RetryConfig {
        retry_timeout: RETRIED,
        ..RetryConfig::default()
    };
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(&bucket.name)
        .with_retry(retry)
        .with_http_connector(Connector::new()?);
    if let Some(endpoint) = &bucket.endpoint {
        ensure!(
            endpoint.len() > "https://".len(),
            "--photos: the endpoint of {bucket} names no host"
        );
        let is_plain = endpoint.starts_with("http://");
        builder = builder.with_endpoint(endpoint).with_allow_http(is_plain);
    }
    if let Some(region) = &bucket.region {
        builder = builder.with_region(region);
    }
    let store = builder.build().map_err(|error| anyhow!("{error}"));
    Ok(Arc::new(store.with_context(|| {
        format!("cannot keep photos in {bucket}")
    })?))
}

/// The program's own client.
#[derive(Clone)]
struct Connector(Client<HttpsConnector<Tcp>, HttpRequestBody>);

impl Connector {
    fn new() -> anyhow::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }
}

impl Debug for Connector {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait::async_trait]
impl HttpService for Connector {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answered = timeout(PATIENCE, self.0.request(request)).await;
        let answer = answered
            .map_err(|error| HttpError::new(HttpErrorKind::Timeout, error))?
            .map_err(|error| {
                let kind = match error.is_connect() {
                    true => HttpErrorKind::Connect,
                    false => HttpErrorKind::Request,
                };
                HttpError::new(kind, error)
            })?;
        let (parts, body) = answer.into_parts();
        let body = body.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error));
        Ok(Response::from_parts(parts, HttpResponseBody::new(body)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_named_by_an_address() {
        let read = |text: &str| text.parse::<Bucket>();
        let bucket =
            read("s3://photos/of/ours/?endpoint=http%3A%2F%2Flocalhost:9000/&region=tokyo");
        let bucket = bucket.unwrap();
        assert_eq!(bucket.to_string(), "s3://photos/of/ours");
        assert_eq!(bucket.endpoint.as_deref(), Some("http://localhost:9000"));
        assert_eq!(bucket.region.as_deref(), Some("tokyo"));
        assert_eq!(read("s3://photos").unwrap().to_string(), "s3://photos/");
        for wrong in [
            "photos",
            "s3://",
            "s3:///prefix",
            "s3://a b",
            "s3://photos?endpoint=ftp://host",
            "s3://photos?bucket=other",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
