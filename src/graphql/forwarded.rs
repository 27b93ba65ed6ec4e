//! The client's address, as a trusted proxy tells it.
//!
//! A client can send any header itself, and a proxy adds to what came: so it is read from the right,
//! where the nearest proxy wrote, and no further than proxies are trusted. (The crates that read such
//! headers know the last entry of those that they have a name for.)

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};

use crate::config::{Proxies, Trusted, is_within};

/// The address of who sent the request with `headers` over `connection`, which is a proxy's where
/// there are some. None where it cannot be told: never the proxy's own.
pub fn address(
    proxies: &Proxies,
    headers: &HeaderMap,
    connection: Option<IpAddr>,
) -> Option<IpAddr> {
    let Some(name) = &proxies.client_address_header else {
        return connection;
    };
    let lines = headers.get_all(name).into_iter();
    // Several lines are one list (RFC 9110, 5.3), whose last entries the nearest proxy wrote.
    let entries = lines
        .rev()
        .flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let mut told = entries.map(|entry| read(name, entry));
    match &proxies.trusted_proxies {
        None => told.next()?,
        Some(Trusted::Count(count)) => told.nth(count.get().saturating_sub(1))?,
        Some(Trusted::Networks(networks)) => {
            let is_theirs = |address| is_within(networks, address);
            // Who comes past the proxies is whose connection it is, and may say what they like.
            if !is_theirs(connection?) {
                return connection;
            }
            let mut client = None;
            for address in told {
                client = Some(address?);
                if !client.is_some_and(is_theirs) {
                    break;
                }
            }
            client
        }
    }
}

/// The address in an entry of the header `name`; none where there is none.
fn read(name: &HeaderName, entry: &[u8]) -> Option<IpAddr> {
    let entry = std::str::from_utf8(entry).ok()?.trim();
    if *name != header::FORWARDED {
        return node(entry);
    }
    // RFC 7239: `for=192.0.2.1;proto=https`, `for="[2001:db8::1]:4711"`.
    let mut pairs = entry.split(';').filter_map(|pair| pair.split_once('='));
    let (_, told) = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case("for"))?;
    let told = told.trim();
    let quoted = told
        .strip_prefix('"')
        .and_then(|told| told.strip_suffix('"'));
    node(quoted.unwrap_or(told))
}

/// An address, alone or with a port.
fn node(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let address = bare.unwrap_or(text).parse();
    address
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use axum::http::HeaderValue;

    use super::*;

    const PROXY: &str = "10.0.0.1";
    const CLIENT: &str = "192.0.2.7";

    fn told(name: Option<&str>, trusted: Option<Trusted>, from: &str, lines: &[&str]) -> String {
        let proxies = Proxies {
            client_address_header: name.map(|name| name.parse().unwrap()),
            trusted_proxies: trusted,
        };
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(name.parse::<HeaderName>().unwrap(), value);
        }
        let address = address(&proxies, &headers, from.parse().ok());
        address.map_or("unknown".to_owned(), |address| address.to_string())
    }

    #[test]
    fn without_a_name_no_header_is_believed() {
        let lines = [
            "x-forwarded-for: 203.0.113.9",
            "forwarded: for=203.0.113.9",
            "x-real-ip: 203.0.113.9",
        ];
        assert_eq!(told(None, None, CLIENT, &lines), CLIENT);
    }

    #[test]
    fn what_the_nearest_proxy_wrote_counts_and_no_other_header() {
        for (name, lines, expected) in [
            (
                "x-forwarded-for",
                &["x-forwarded-for: 192.0.2.7"][..],
                CLIENT,
            ),
            (
                "X-Forwarded-For",
                &["x-forwarded-for: 203.0.113.9, 192.0.2.7"],
                CLIENT,
            ),
            (
                "x-forwarded-for",
                &["x-forwarded-for: nonsense,192.0.2.7"],
                CLIENT,
            ),
            (
                "x-forwarded-for",
                &["x-forwarded-for: é, 192.0.2.7:4711"],
                CLIENT,
            ),
            (
                "x-forwarded-for",
                &["x-forwarded-for: 203.0.113.9", "x-forwarded-for: 192.0.2.7"],
                CLIENT,
            ),
            (
                "x-forwarded-for",
                &["x-forwarded-for: 2001:db8::7"],
                "2001:db8::7",
            ),
            (
                "x-forwarded-for",
                &["x-forwarded-for: [2001:db8::7]"],
                "2001:db8::7",
            ),
            (
                "x-forwarded-for",
                &["x-forwarded-for: [2001:db8::7]:80"],
                "2001:db8::7",
            ),
            (
                "cf-connecting-ip",
                &[
                    "x-forwarded-for: 203.0.113.9",
                    "cf-connecting-ip: 192.0.2.7",
                ],
                CLIENT,
            ),
            (
                "forwarded",
                &["forwarded: for=203.0.113.9, for=192.0.2.7;proto=https"],
                CLIENT,
            ),
            (
                "forwarded",
                &["forwarded: by=10.0.0.1; For=\"192.0.2.7:47\""],
                CLIENT,
            ),
            (
                "forwarded",
                &["forwarded: for=\"[2001:db8::7]:4711\""],
                "2001:db8::7",
            ),
            (
                "forwarded",
                &["forwarded: for=\"unbalanced, for=192.0.2.7"],
                CLIENT,
            ),
            // What cannot be told is never the proxy's.
            ("x-forwarded-for", &[], "unknown"),
            ("x-forwarded-for", &["x-forwarded-for: "], "unknown"),
            (
                "x-forwarded-for",
                &["x-forwarded-for: 203.0.113.9, nonsense"],
                "unknown",
            ),
            (
                "x-forwarded-for",
                &["forwarded: for=203.0.113.9"],
                "unknown",
            ),
            ("forwarded", &["forwarded: for=_hidden"], "unknown"),
            ("forwarded", &["forwarded: 192.0.2.7"], "unknown"),
        ] {
            assert_eq!(
                told(Some(name), None, PROXY, lines),
                expected,
                "{name} {lines:?}"
            );
        }
    }

    #[test]
    fn of_several_proxies_the_first_names_the_client() {
        let two = || NonZeroUsize::new(2).map(Trusted::Count);
        for (line, expected) in [
            ("x-forwarded-for: 203.0.113.9, 192.0.2.7, 10.0.0.2", CLIENT),
            ("x-forwarded-for: 10.0.0.2", "unknown"),
            (
                "x-forwarded-for: 203.0.113.9, nonsense, 10.0.0.2",
                "unknown",
            ),
        ] {
            assert_eq!(
                told(Some("x-forwarded-for"), two(), PROXY, &[line]),
                expected
            );
        }
    }

    #[test]
    fn proxies_that_are_named_are_believed_wherever_they_stand_and_nobody_else() {
        let named = || Some(Trusted::Networks(vec!["10.0.0.0/8".parse().unwrap()]));
        let header = Some("x-forwarded-for");
        for (from, line, expected) in [
            (
                PROXY,
                "x-forwarded-for: 203.0.113.9, 192.0.2.7, 10.9.9.9, 10.0.0.2",
                CLIENT,
            ),
            (
                "::ffff:10.0.0.1",
                "x-forwarded-for: 203.0.113.9, 192.0.2.7",
                CLIENT,
            ),
            // Within, and nobody else in between.
            (PROXY, "x-forwarded-for: 10.9.9.9, 10.0.0.2", "10.9.9.9"),
            (
                PROXY,
                "x-forwarded-for: 203.0.113.9, nonsense, 10.0.0.2",
                "unknown",
            ),
            (PROXY, "x-other: 203.0.113.9", "unknown"),
            (CLIENT, "x-forwarded-for: 203.0.113.9", CLIENT),
            (CLIENT, "x-other: 203.0.113.9", CLIENT),
        ] {
            assert_eq!(
                told(header, named(), from, &[line]),
                expected,
                "{from} {line}"
            );
        }
    }
}
