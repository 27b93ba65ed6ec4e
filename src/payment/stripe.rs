//! Stripe: its pages (Checkout) for what is paid month by month, and its messages (webhooks). Nobody's card is
//! ever seen here.

pub mod event;
pub mod signature;

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::payment_values::EndingWay;
use form_urlencoded::Serializer;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, StatusCode, Uri,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{Checkout, Event, Forged, NotDone, NotRead, Page, Payments, Wish};
use event::{OfCharge, Said};

/// Where Stripe is.
pub const ADDRESS: &str = "https://api.stripe.com";
/// The form of its answers.
const VERSION: &str = "2024-06-20";
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long is waited before the second.
const PAUSE: Duration = Duration::from_millis(300);
/// The longest answer, in bytes.
const LONGEST: usize = 1_000_000;

/// How Stripe is reached, and what is shared with it.
#[derive(Clone)]
pub struct StripeSettings {
    /// Where it is: [`ADDRESS`], but in tests.
    pub address: String,
    /// What it knows us by.
    pub secret_key: String,
    /// What we know its messages by: several while one is changed for another.
    pub webhook_secrets: Vec<String>,
    /// Where people come back to after they paid, or did not.
    pub return_url: String,
}

impl std::fmt::Debug for StripeSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StripeSettings({})", self.address)
    }
}

/// Stripe.
pub struct Stripe {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    authorization: HeaderValue,
    settings: StripeSettings,
}

impl std::fmt::Debug for Stripe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stripe({})", self.settings.address)
    }
}

/// A request.
struct Call<'c> {
    method: Method,
    /// What follows `/v1/`.
    path: &'c str,
    form: String,
    /// By which it is one, however often it is sent.
    key: Option<String>,
}

/// What is read of an answer.
#[derive(Debug, Deserialize)]
struct Made {
    id: String,
    url: Option<String>,
    expires_at: Option<i64>,
}

impl Stripe {
    /// Stripe, as `settings` say.
    ///
    /// # Errors
    /// A sentence that says what to change; it names no secret.
    pub fn new(settings: StripeSettings) -> anyhow::Result<Self> {
        let address: Result<Uri, _> = settings.address.parse();
        let is_address = address.is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("https" | "http")) && uri.host().is_some()
        });
        anyhow::ensure!(
            is_address,
            "--stripe-url must be an address such as {ADDRESS}"
        );
        let authorization = HeaderValue::try_from(format!("Bearer {}", settings.secret_key));
        let mut authorization =
            authorization.map_err(|_| anyhow::anyhow!("the secret key of Stripe is none"))?;
        authorization.set_sensitive(true);
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            authorization,
            settings: StripeSettings {
                address: settings.address.trim_end_matches('/').to_owned(),
                ..settings
            },
        })
    }

    /// What is answered: the status, and the body. Tried twice where the first time it cannot be reached, or
    /// says that it is busy.
    async fn ask(&self, call: &Call<'_>) -> Result<(StatusCode, Bytes), NotDone> {
        match self.attempt(call).await {
            Ok((status, _)) if is_busy(status) => {}
            Err(why) if !why.is_final => {}
            answered => return answered,
        }
        sleep(PAUSE).await;
        match self.attempt(call).await {
            Ok((status, _)) if is_busy(status) => {
                Err(NotDone::for_now(format!("Stripe says {status}")))
            }
            Err(why) => Err(NotDone::for_now(why.why)),
            answered => answered,
        }
    }

    /// What it did not say in time is not asked again at once.
    async fn attempt(&self, call: &Call<'_>) -> Result<(StatusCode, Bytes), NotDone> {
        let uri = format!("{}/v1/{}", self.settings.address, call.path);
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(uri)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(STRIPE_VERSION, VERSION)
            .header(AUTHORIZATION, self.authorization.clone());
        if let Some(key) = &call.key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        let request = request
            .body(Full::new(call.form.clone().into()))
            .map_err(|error| NotDone::for_good(error.to_string()))?;
        let answering = async {
            let answer = self.client.request(request).await;
            let answer = answer
                .map_err(|error| NotDone::for_now(format!("Stripe cannot be reached: {error}")))?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), LONGEST).collect().await;
            let body = body.map_err(|error| NotDone::for_now(format!("Stripe broke off: {error}")));
            Ok::<_, NotDone>((status, body?.to_bytes()))
        };
        match timeout(PATIENCE, answering).await {
            Ok(answered) => answered,
            Err(_) => Err(NotDone {
                why: "Stripe does not answer".to_owned(),
                is_final: true,
            }),
        }
    }

    /// What `call` made.
    async fn make(&self, call: Call<'_>) -> Result<Made, NotDone> {
        let (status, body) = self.ask(&call).await.map_err(|why| NotDone {
            // Nothing is known of it: the same is asked again, another time.
            is_final: false,
            ..why
        })?;
        if !status.is_success() {
            return Err(refused(status, &body));
        }
        serde_json::from_slice(&body).map_err(|error| unreadable(&error))
    }

    /// What the charge with this `name` is; nothing where there is none.
    async fn charge(&self, name: &str) -> Result<Option<Value>, NotDone> {
        let call = Call {
            method: Method::GET,
            path: &format!("charges/{name}"),
            form: String::new(),
            key: None,
        };
        let (status, body) = self.ask(&call).await?;
        match status {
            StatusCode::NOT_FOUND => Ok(None),
            status if !status.is_success() => Err(refused(status, &body)),
            _ => serde_json::from_slice(&body).map_err(|error| unreadable(&error)),
        }
    }
}

fn unreadable(error: &serde_json::Error) -> NotDone {
    NotDone::for_now(format!("Stripe's answer cannot be read: {error}"))
}

fn is_busy(status: StatusCode) -> bool {
    // (409 where the same is under way.)
    let told = [StatusCode::TOO_MANY_REQUESTS, StatusCode::CONFLICT];
    status.is_server_error() || told.contains(&status)
}

/// Whether the key is wrong, or may not do it: who holds the service can mend that.
fn is_ours_to_mend(status: StatusCode) -> bool {
    [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status)
}

/// Stripe says why in words, without secrets.
fn refused(status: StatusCode, body: &[u8]) -> NotDone {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let message = body.pointer("/error/message").and_then(|it| it.as_str());
    let message: String = message.unwrap_or_default().chars().take(300).collect();
    NotDone {
        why: format!("Stripe says {status}: {message}"),
        is_final: !is_ours_to_mend(status),
    }
}

fn form(pairs: &[(&str, &str)]) -> String {
    let mut form = Serializer::new(String::new());
    form.extend_pairs(pairs);
    form.finish()
}

#[async_trait::async_trait]
impl Payments for Stripe {
    fn knows(&self, customer: &str) -> bool {
        customer.starts_with("cus_")
    }

    async fn customer(&self, payer: Uuid) -> Result<String, NotDone> {
        let made = self.make(Call {
            method: Method::POST,
            path: "customers",
            form: form(&[("metadata[payer]", &payer.to_string())]),
            key: Some(format!("customer-{payer}")),
        });
        Ok(made.await?.id)
    }

    async fn checkout(&self, wish: &Wish) -> Result<Checkout, NotDone> {
        let (order, yen) = (wish.order.to_string(), wish.yen.to_string());
        // (What the order is called in the API holds the id of its user, which is not told.)
        let back = self.settings.return_url.as_str();
        let made = self.make(Call {
            method: Method::POST,
            path: "checkout/sessions",
            form: form(&[
                ("mode", "subscription"),
                ("customer", &wish.customer),
                ("client_reference_id", &order),
                ("success_url", back),
                ("cancel_url", back),
                ("line_items[0][quantity]", "1"),
                ("line_items[0][price_data][currency]", "jpy"),
                ("line_items[0][price_data][unit_amount]", &yen),
                ("line_items[0][price_data][recurring][interval]", "month"),
                ("line_items[0][price_data][product_data][name]", &wish.plan),
                ("metadata[order]", &order),
                ("subscription_data[metadata][order]", &order),
            ]),
            key: Some(format!("order-{order}")),
        });
        let made = made.await?;
        let url = made.url.filter(|url| url.len() <= 2_000);
        let url = url.ok_or_else(|| NotDone::for_now("Stripe gives no address"))?;
        let until = made.expires_at;
        Ok(Checkout::Page(Page {
            name: made.id,
            url,
            until: until.and_then(|at| DateTime::<Utc>::from_timestamp(at, 0)),
        }))
    }

    async fn end(&self, reference: &str, way: EndingWay) -> Result<(), NotDone> {
        let subscription = format!("subscriptions/{reference}");
        let page = format!("checkout/sessions/{reference}/expire");
        let (method, path, form) = match way {
            EndingWay::AtPeriodEnd => (
                Method::POST,
                subscription,
                form(&[("cancel_at_period_end", "true")]),
            ),
            EndingWay::NotAtAll => (
                Method::POST,
                subscription,
                form(&[("cancel_at_period_end", "false")]),
            ),
            EndingWay::AtOnce => (Method::DELETE, subscription, String::new()),
            EndingWay::Checkout => (Method::POST, page, String::new()),
        };
        let call = Call {
            method,
            path: &path,
            form,
            key: None,
        };
        let (status, body) = self.ask(&call).await?;
        if status.is_success() {
            return Ok(());
        }
        let refused = refused(status, &body);
        if !refused.is_final {
            return Err(refused);
        }
        // It has ended, or was paid, or is not there.
        tracing::info!(reference, why = refused.why, "nothing is to be ended");
        Ok(())
    }

    fn tells(&self) -> bool {
        true
    }

    async fn read(
        &self,
        signature: &str,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Event, NotRead> {
        signature::check(signature, body, &self.settings.webhook_secrets, now)?;
        let Said { event, of_charge } = event::read(body).ok_or(Forged)?;
        let Some(OfCharge { charge, back }) = of_charge else {
            return Ok(event);
        };
        // In the form of [`VERSION`], whatever that of the message: there it says for which bill it was.
        let told = self.charge(&charge).await?;
        Ok(Event {
            told: told.and_then(|charge| back.of(&charge)),
            ..event
        })
    }
}
