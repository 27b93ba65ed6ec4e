//! The languages that people are spoken to in, and which of them somebody wishes.

use std::cmp::Reverse;

use async_graphql::Context;
use axum::http::{HeaderMap, header};

/// A language that people are spoken to in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, where nothing else is wished.
    #[default]
    English,
    /// Japanese.
    Japanese,
}

impl Language {
    /// All of them; of those that are wished as much, the first.
    pub const ALL: [Self; 2] = [Self::English, Self::Japanese];

    /// Which of them is wished most by `accepted`, an `Accept-Language` (RFC 9110, section 12.5.4). Where none
    /// of them is, English: an answer that can hardly be read is better than none.
    pub fn accepted(accepted: &str) -> Self {
        let wishes: Vec<_> = accepted.split(',').filter_map(Wish::read).collect();
        let best = Self::ALL
            .into_iter()
            .rev()
            .max_by_key(|it| it.rank(&wishes));
        best.filter(|it| it.rank(&wishes).0 > 0).unwrap_or_default()
    }

    /// The same by all such headers of a request.
    pub fn of_headers(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_LANGUAGE).into_iter();
        let mut values = values.filter_map(|value| value.to_str().ok());
        match (values.next(), values.next()) {
            (None, _) => Self::default(),
            (Some(only), None) => Self::accepted(only),
            (Some(first), Some(second)) => {
                let all: Vec<_> = [first, second].into_iter().chain(values).collect();
                Self::accepted(&all.join(","))
            }
        }
    }

    /// The one that the operation of `ctx` is answered in.
    pub fn of_operation(ctx: &Context<'_>) -> Self {
        // What is executed without a transport has none.
        ctx.data_opt::<Self>().copied().unwrap_or_default()
    }

    /// The one of `tag`, with a country or without.
    pub fn of(tag: &str) -> Option<Self> {
        let tag = tag.trim();
        let language = tag.split_once('-').map_or(tag, |(language, _)| language);
        Self::ALL
            .into_iter()
            .find(|known| known.tag().eq_ignore_ascii_case(language))
    }

    /// What it is called in a page or a header.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// What it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Japanese => "日本語",
        }
    }

    /// The other of the two.
    pub fn other(self) -> Self {
        match self {
            Self::English => Self::Japanese,
            Self::Japanese => Self::English,
        }
    }

    /// How much it is wished: by its weight, then by its name before any other, then the sooner the more.
    fn rank(self, wishes: &[Wish<'_>]) -> (u16, bool, Reverse<usize>) {
        let places = wishes.iter().enumerate();
        let named = places.clone().filter(|(_, wish)| wish.is_of(self));
        let named = named.map(|(place, wish)| (wish.weight, true, Reverse(place)));
        // Whatever is not named is any other.
        let any = places.filter(|(_, wish)| wish.range == "*");
        let any = any.map(|(place, wish)| (wish.weight, false, Reverse(place)));
        let rank = named.max().or_else(|| any.max());
        rank.unwrap_or((0, false, Reverse(usize::MAX)))
    }
}

/// One of the ranges of an `Accept-Language`.
struct Wish<'a> {
    range: &'a str,
    /// In thousandths; 0 is never.
    weight: u16,
}

impl<'a> Wish<'a> {
    /// Reads it; none where it is none.
    fn read(text: &'a str) -> Option<Self> {
        let (range, weight) = text.split_once(';').unwrap_or((text, "q=1"));
        let (name, weight) = weight.split_once('=')?;
        let weight: f32 = weight.trim().parse().ok()?;
        let fits = name.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&weight);
        fits.then(|| Self {
            range: range.trim(),
            // Rounded to the three digits that a weight has.
            weight: (weight * 1_000.0).round() as u16,
        })
    }

    fn is_of(&self, language: Language) -> bool {
        Language::of(self.range) == Some(language)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Language::{English, Japanese},
        *,
    };

    #[test]
    fn the_language_is_the_one_that_is_wished_most() {
        for (accepted, language) in [
            ("", English),
            ("ja", Japanese),
            ("ja-JP,ja;q=0.9,en;q=0.8", Japanese),
            ("en-GB,en;q=0.9,ja;q=0.8", English),
            ("fr,ja;q=0.5,en;q=0.4", Japanese),
            ("en;q=0.1, JA;q=0.2", Japanese),
            ("en ; q=0.1 , ja ; Q=0.2", Japanese),
            // As much, the one that is named first.
            ("ja,en", Japanese),
            ("en,ja", English),
            // What is named is wished more than any.
            ("*,ja", Japanese),
            ("de,*;q=0.5", English),
            ("*", English),
            // Any but English is Japanese.
            ("en;q=0,*", Japanese),
            ("en;q=0.5,*", Japanese),
            ("ja;q=0.5,*;q=0.1", Japanese),
            ("ja;q=0", English),
            ("ja;q=0,en;q=0", English),
            ("fr", English),
            // What is no weight is no wish.
            ("ja;q=nonsense", English),
            ("ja;q=2,en;q=0.1", English),
            ("ja;q=-1", English),
            ("ja;q=nan", English),
            ("ja;level=1", English),
            ("jav,ja", Japanese),
            ("jav", English),
            (",,;,ja,", Japanese),
        ] {
            assert_eq!(Language::accepted(accepted), language, "{accepted}");
        }
    }

    #[test]
    fn several_headers_are_one() {
        let mut headers = HeaderMap::new();
        assert_eq!(Language::of_headers(&headers), English);
        for value in ["en;q=0.3", "ja;q=0.4"] {
            headers.append(header::ACCEPT_LANGUAGE, value.parse().unwrap());
        }
        assert_eq!(Language::of_headers(&headers), Japanese);
    }
}
