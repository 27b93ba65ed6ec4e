//! Messages through a gateway on the web: a form that is posted to it, as the usual ones take it.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use form_urlencoded::Serializer;
use http_body_util::Full;
use hyper::{
    Request, StatusCode, Uri,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use percent_encoding::percent_decode_str;
use tokio::time::{sleep, timeout};

use super::{NotSent, SmsSender};

/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long is waited after an attempt that failed; as often it is tried again.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(600)];

/// How a gateway wants its messages.
#[derive(Clone)]
pub struct GatewaySettings {
    /// Where to post: with `USER:PASSWORD@` in it for basic authentication.
    pub url: String,
    /// Who sends, as the gateway knows it.
    pub from: Option<String>,
    /// What it calls the number, the sender and the text.
    pub fields: [String; 3],
}

impl std::fmt::Debug for GatewaySettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GatewaySettings")
    }
}

impl GatewaySettings {
    fn form(&self, to: &str, text: &str) -> Bytes {
        let [to_field, from_field, text_field] = &self.fields;
        let mut form = Serializer::new(String::new());
        form.append_pair(to_field, to);
        if let Some(from) = &self.from {
            form.append_pair(from_field, from);
        }
        form.append_pair(text_field, text);
        form.finish().into()
    }
}

/// A gateway on the web.
pub struct Gateway {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    uri: Uri,
    authorization: Option<HeaderValue>,
    settings: GatewaySettings,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gateway({:?})", self.uri.host())
    }
}

/// Why an attempt came to nothing.
enum Failed {
    /// Another may do better: this one has certainly sent nothing.
    ForNow(String),
    /// Another would not, or would send it twice.
    ForGood(NotSent),
}

impl Gateway {
    /// The gateway of `settings`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with its address; it names no password.
    pub fn new(settings: GatewaySettings) -> anyhow::Result<Self> {
        let no_url = "--sms-url must be an address such as https://USER:PASSWORD@example.com/send";
        let (scheme, rest) = settings
            .url
            .split_once("://")
            .ok_or_else(|| anyhow::anyhow!(no_url))?;
        // In front of the path: an @ can stand in that, too.
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (login, host) = match authority.rsplit_once('@') {
            Some((login, host)) => (Some(login), host),
            None => (None, authority),
        };
        let uri: Uri = format!("{scheme}://{host}{path}")
            .parse()
            .map_err(|_| anyhow::anyhow!(no_url))?;
        anyhow::ensure!(
            matches!(uri.scheme_str(), Some("https" | "http")) && uri.host().is_some(),
            no_url
        );
        let authorization = login.map(|login| {
            let login: Vec<u8> = percent_decode_str(login).collect();
            let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(login)))?;
            value.set_sensitive(true);
            anyhow::Ok(value)
        });
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            uri,
            authorization: authorization.transpose()?,
            settings,
        })
    }

    async fn attempt(&self, form: &Bytes) -> Result<(), Failed> {
        let mut request = Request::post(self.uri.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(form.clone()))
            .map_err(|error| Failed::ForGood(NotSent::certainly(error.to_string())))?;
        if let Some(authorization) = &self.authorization {
            let headers = request.headers_mut();
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        // What was handed over may have been sent, whatever becomes of the answer: not twice.
        let unknown = |why: String| {
            Failed::ForGood(NotSent {
                why,
                may_arrive: true,
            })
        };
        let answer = match timeout(PATIENCE, self.client.request(request)).await {
            Err(_) => return Err(unknown("the gateway does not answer".to_owned())),
            Ok(Err(error)) if error.is_connect() => {
                let why = format!("the gateway cannot be reached: {error}");
                return Err(Failed::ForNow(why));
            }
            Ok(Err(error)) => return Err(unknown(format!("the gateway broke off: {error}"))),
            Ok(Ok(answer)) => answer,
        };
        let (status, why) = (
            answer.status(),
            format!("the gateway says {}", answer.status()),
        );
        if status.is_success() {
            return Ok(());
        }
        let is_busy = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
        Err(match is_busy {
            true => Failed::ForNow(why),
            false => Failed::ForGood(NotSent::certainly(why)),
        })
    }
}

#[async_trait::async_trait]
impl SmsSender for Gateway {
    async fn send(&self, to: &str, text: &str) -> Result<(), NotSent> {
        let form = self.settings.form(to, text);
        let mut pauses = PAUSES.into_iter();
        loop {
            match self.attempt(&form).await {
                Ok(()) => return Ok(()),
                Err(Failed::ForGood(why)) => return Err(why),
                Err(Failed::ForNow(why)) => match pauses.next() {
                    Some(pause) => sleep(pause).await,
                    None => return Err(NotSent::certainly(why)),
                },
            }
        }
    }
}
