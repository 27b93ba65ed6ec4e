//! Which media type the client wants to read, by RFC 9110, section 12.5.1.

use axum::http::{HeaderMap, HeaderValue, header};

/// A media type that answers come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// `application/graphql-response+json`: the status says what became of the operation.
    GraphqlResponse,
    /// `application/json`: whatever is a GraphQL response has status 200, for older clients.
    Json,
    /// `text/event-stream`: whatever is a GraphQL response is an event, of a stream with status 200.
    EventStream,
}

impl MediaType {
    /// For `Content-Type`.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        })
    }
}

/// What a client wants to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What it likes best.
    pub media: MediaType,
    /// Whether it reads streams of events, too, which alone can bring what a subscription comes to.
    pub streams: bool,
}

impl Accepted {
    /// What `headers` accept; none where it is nothing that there is.
    ///
    /// Where the client leaves the choice to us (no `Accept`, `*/*`), `application/json` is what
    /// everybody can read. A stream of events is for who names it.
    pub fn by(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(header::ACCEPT).into_iter();
        let accept = values
            .map(|value| value.to_str().unwrap_or_default())
            .collect::<Vec<_>>()
            .join(",");
        if accept.trim().is_empty() {
            return Some(Self {
                media: MediaType::Json,
                streams: false,
            });
        }
        let ranges: Vec<Range> = accept.split(',').filter_map(range).collect();
        let (new, old) = (
            best(&ranges, "application/graphql-response+json"),
            best(&ranges, "application/json"),
        );
        let named = new.is_some_and(|range| range.precision == NAMED);
        let events = best(&ranges, EVENTS).filter(|range| range.precision == NAMED);
        let wanted = |best: Option<&Range>| best.map_or(0, |range| range.quality);
        let (new, old, events) = (wanted(new), wanted(old), wanted(events));
        let media = if events > new.max(old) {
            MediaType::EventStream
        } else if new > old || (new == old && named) {
            MediaType::GraphqlResponse
        } else {
            MediaType::Json
        };
        (new.max(old).max(events) > 0).then_some(Self {
            media,
            streams: events > 0,
        })
    }
}

const EVENTS: &str = "text/event-stream";
const NAMED: u8 = 2;

/// One range of `Accept`.
struct Range<'a> {
    /// Such as `application/json`.
    name: &'a str,
    /// How precisely it names a type: 0 for `*/*`, 1 for `application/*`.
    precision: u8,
    /// In thousandths; 0 is never.
    quality: u16,
}

fn range(text: &str) -> Option<Range<'_>> {
    let mut parameters = text.split(';').map(str::trim);
    let name = parameters.next()?;
    let (kind, subtype) = name.split_once('/')?;
    let precision = match (kind, subtype) {
        ("*", "*") => 0,
        (kind, "*") if kind.eq_ignore_ascii_case("application") => 1,
        // Of another kind no range covers what there is.
        (_, "*") => return None,
        _ => NAMED,
    };
    let mut quality = 1_000;
    for parameter in parameters {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.trim().eq_ignore_ascii_case("q") {
            let parsed = value.trim().parse::<f32>().ok();
            // Rounded to the three digits that a quality has.
            quality = match parsed {
                Some(q) if (0.0..=1.0).contains(&q) => (q * 1_000.0).round() as u16,
                _ => return None,
            };
        } else if name.trim().eq_ignore_ascii_case("charset") && !is_utf8(value) {
            return None;
        }
    }
    Some(Range {
        name,
        precision,
        quality,
    })
}

/// The most precise range that covers the type `name`.
fn best<'r, 'a>(ranges: &'r [Range<'a>], name: &str) -> Option<&'r Range<'a>> {
    ranges
        .iter()
        .filter(|range| range.precision < NAMED || range.name.eq_ignore_ascii_case(name))
        .max_by_key(|range| (range.precision, range.quality))
}

/// Whether a request's `Content-Type` is JSON in UTF-8.
pub fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).into_iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let mut parts = value.to_str().unwrap_or_default().split(';').map(str::trim);
    parts
        .next()
        .is_some_and(|ty| ty.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => is_utf8(value),
            _ => true,
        })
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}
