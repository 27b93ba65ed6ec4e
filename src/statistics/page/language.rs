//! In which language the page is written.

/// One of those that it can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, where nothing else is wished.
    English,
    /// Japanese.
    Japanese,
}

impl Language {
    /// Which of them is wished most by `accepted`, an `Accept-Language`.
    pub fn accepted(accepted: &str) -> Self {
        let mut best = (Self::English, 0.0);
        for wish in accepted.split(',') {
            let (tag, weight) = wish.split_once(';').unwrap_or((wish, ""));
            let weight = weight.trim().strip_prefix("q=");
            let weight = weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0));
            // Of those that are wished as much the first.
            if let Some(language) = Self::of(tag).filter(|_| weight > best.1) {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The one of `tag`, with a country or without.
    pub fn of(tag: &str) -> Option<Self> {
        let tag = tag.trim();
        let language = tag.split_once('-').map_or(tag, |(language, _)| language);
        [Self::English, Self::Japanese]
            .into_iter()
            .find(|known| known.tag().eq_ignore_ascii_case(language))
    }

    /// What it is called in a page.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// What it calls itself.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Japanese => "日本語",
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::English => Self::Japanese,
            Self::Japanese => Self::English,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, English, Japanese};

    #[test]
    fn the_language_is_the_one_that_is_wished_most() {
        for (accepted, language) in [
            ("", English),
            ("ja", Japanese),
            ("ja-JP,ja;q=0.9,en;q=0.8", Japanese),
            ("en-GB,en;q=0.9,ja;q=0.8", English),
            ("fr,ja;q=0.5,en;q=0.4", Japanese),
            ("en;q=0.1, JA;q=0.2", Japanese),
            ("de,*;q=0.5", English),
            ("ja;q=0", English),
            ("ja;q=nonsense", English),
            ("jav,ja", Japanese),
        ] {
            assert_eq!(Language::accepted(accepted), language, "{accepted}");
        }
    }
}
