//! What goes out compressed.
//!
//! By gzip, which every client reads, and which is in the program already, for the explorer and for zips. The
//! whole body at once, before it goes out: a compressor at work as the client reads would hold its window and
//! tables, a quarter of a megabyte, for as long as a client likes to take, and there are thousands of those. At
//! one of its fastest levels: an answer is read by one client once.
//!
//! **Lengths tell of contents** (BREACH, <https://www.breachattack.com>): who can have a text stand in an answer
//! beside a secret, and sees how long the answer has become, learns whether the text repeats a part of the secret.
//! What stands against that here: no page of another site makes a browser send a token, for tokens are no cookies;
//! what gives secrets out is a mutation, whose answer is not compressed; and what is compressed gets a random
//! length on top (as in "Heal the BREACH", IEEE Access 2022), so that whoever sees lengths has to see very many.

use std::io::Write;

use axum::http::{HeaderMap, header};
use flate2::{Compression, GzBuilder};

use crate::ids::Ids;

/// Shorter bodies are sent as they are: they fit into a packet or two.
pub const SHORTEST: usize = 1_000;
/// The level: see above.
const LEVEL: u32 = 2;
/// The most bytes on top.
const ON_TOP: u8 = 100;

/// Whether the client takes what is compressed by gzip.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    let accepted = accepted.filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
        name.trim().eq_ignore_ascii_case("gzip") && weight != Ok(0.0)
    })
}

/// `body` compressed, with a random length on top; None where that is not worth it, or fails.
pub fn gzip(body: &[u8], ids: &Ids) -> Option<Vec<u8>> {
    if body.len() < SHORTEST {
        return None;
    }
    let [random, ..] = ids.secret();
    // The name of the file that it would be: every reader passes over it.
    let name = vec![b'x'; usize::from(random % (ON_TOP + 1))];
    let mut packer = GzBuilder::new()
        .filename(name)
        .write(Vec::with_capacity(body.len() / 4), Compression::new(LEVEL));
    packer.write_all(body).ok()?;
    let packed = packer.finish().ok()?;
    (packed.len() < body.len()).then_some(packed)
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, io::Read};

    use axum::http::HeaderValue;
    use flate2::read::GzDecoder;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn who_names_gzip_and_does_not_refuse_it_takes_it() {
        for (accepted, takes) in [
            (Some("gzip, deflate, br, zstd"), true),
            (Some("br;q=1, GZIP;q=0.5"), true),
            (Some("gzip; q=0, br"), false),
            (Some("gzip;q=0.000"), false),
            (Some("br"), false),
            (Some(""), false),
            (None, false),
        ] {
            let accepted = accepted.map(HeaderValue::from_static);
            let accepted = accepted.map(|value| (header::ACCEPT_ENCODING, value));
            let headers = HeaderMap::from_iter(accepted);
            assert_eq!(takes_gzip(&headers), takes, "{headers:?}");
        }
    }

    #[test]
    fn what_is_compressed_is_the_same_and_has_another_length_each_time() {
        let ids = Ids::new(StdRng::seed_from_u64(7));
        let body = "{\"nickname\":\"花子\",\"body\":\"日記\"}".repeat(100);
        let packed: Vec<_> = (0..200)
            .map(|_| gzip(body.as_bytes(), &ids).unwrap())
            .collect();
        for packed in &packed {
            let mut text = String::new();
            GzDecoder::new(&packed[..])
                .read_to_string(&mut text)
                .unwrap();
            assert_eq!(text, body);
        }
        let lengths: HashSet<_> = packed.iter().map(Vec::len).collect();
        assert!(lengths.len() > 50, "{lengths:?}");
        let spread = lengths.iter().max().unwrap() - lengths.iter().min().unwrap();
        assert!(spread <= usize::from(ON_TOP), "{spread}");
    }

    #[test]
    fn what_is_short_or_does_not_become_shorter_is_sent_as_it_is() {
        let ids = Ids::new(StdRng::seed_from_u64(7));
        assert!(gzip(&[b'x'; SHORTEST - 1], &ids).is_none());
        assert!(gzip(&[b'x'; SHORTEST], &ids).is_some());
        let noise: Vec<u8> = (0..100).flat_map(|_| ids.secret()).collect();
        assert!(gzip(&noise, &ids).is_none());
    }
}
