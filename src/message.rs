//! Sentences for people, made from values: each stands once, with its form in every language beside its code.
//! A message without its Japanese form does not compile.

use async_graphql::Value;
use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, Utc};

use crate::language::Language;

/// A value in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A number of whatever the sentence counts.
    Number(i64),
    /// A space, in bytes: people are told megabytes.
    Space(i64),
    /// A moment: people read it in English in UTC, and in Japanese in Japan's time.
    Time(DateTime<Utc>),
    /// A day.
    Day(NaiveDate),
    /// A text, the same in every language.
    Text(String),
    /// A word that may have another form in each.
    Word {
        /// In English.
        english: &'static str,
        /// In Japanese.
        japanese: &'static str,
    },
}

impl Figure {
    /// As people read it in `language`.
    pub fn say(&self, language: Language) -> String {
        match (self, language) {
            (Self::Number(number), _) => number.to_string(),
            (Self::Space(bytes), _) => megabytes(*bytes),
            (Self::Time(time), Language::English) => {
                time.to_rfc3339_opts(SecondsFormat::Secs, true)
            }
            (Self::Time(time), Language::Japanese) => in_japan(*time),
            (Self::Day(day), Language::English) => day.to_string(),
            (Self::Day(day), Language::Japanese) => day.format("%Y年%-m月%-d日").to_string(),
            (Self::Text(text), _) => text.clone(),
            (Self::Word { english, .. }, Language::English) => (*english).to_owned(),
            (Self::Word { japanese, .. }, Language::Japanese) => (*japanese).to_owned(),
        }
    }

    /// As programs read it.
    pub fn value(&self) -> Value {
        match self {
            Self::Number(number) | Self::Space(number) => Value::from(*number),
            Self::Time(time) => Value::from(time.to_rfc3339_opts(SecondsFormat::Millis, true)),
            Self::Day(day) => Value::from(day.to_string()),
            Self::Text(text) => Value::from(text),
            Self::Word { english, .. } => Value::from(*english),
        }
    }
}

/// In tenths of them, where it is not whole.
fn megabytes(bytes: i64) -> String {
    const TENTH: i64 = 100_000;
    let tenths = (bytes + TENTH / 2) / TENTH;
    match tenths % 10 {
        0 => format!("{} MB", tenths / 10),
        tenth => format!("{}.{tenth} MB", tenths / 10),
    }
}

fn in_japan(time: DateTime<Utc>) -> String {
    const NINE_HOURS: i32 = 9 * 3600;
    let form = "%Y年%-m月%-d日%-H時%M分";
    match FixedOffset::east_opt(NINE_HOURS) {
        Some(japan) => time.with_timezone(&japan).format(form).to_string(),
        None => time.format(form).to_string(),
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl From<&$number> for Figure {
            fn from(number: &$number) -> Self {
                Self::Number((*number).try_into().unwrap_or(i64::MAX))
            }
        }
    )+};
}

numbers!(u64, usize);

impl From<&i64> for Figure {
    fn from(number: &i64) -> Self {
        Self::Number(*number)
    }
}

impl From<&i32> for Figure {
    fn from(number: &i32) -> Self {
        Self::Number((*number).into())
    }
}

impl From<&u32> for Figure {
    fn from(number: &u32) -> Self {
        Self::Number((*number).into())
    }
}

impl From<&DateTime<Utc>> for Figure {
    fn from(time: &DateTime<Utc>) -> Self {
        Self::Time(*time)
    }
}

impl From<&NaiveDate> for Figure {
    fn from(day: &NaiveDate) -> Self {
        Self::Day(*day)
    }
}

impl From<&String> for Figure {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&&'static str> for Figure {
    fn from(text: &&'static str) -> Self {
        Self::Word {
            english: text,
            japanese: text,
        }
    }
}

/// A sentence before its values are put in, for who documents them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form<C> {
    /// Its code.
    pub code: C,
    /// In English; `{limit}` stands where the value `limit` does.
    pub english: &'static str,
    /// In Japanese.
    pub japanese: &'static str,
    /// The names of its values, and their types.
    pub values: &'static [(&'static str, &'static str)],
}

impl<C> Form<C> {
    /// The names of those of its values that programs are told: but for texts that somebody wrote.
    pub fn told(&self) -> impl Iterator<Item = String> {
        let told = self.values.iter().filter(|(_, ty)| *ty != "String");
        told.map(|(name, _)| in_camel_case(name))
    }
}

/// The name of a value, as programs read it: `retry_after` is `retryAfter`.
pub fn in_camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let initial = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &initial.into_iter().chain(letters).collect::<String>()
    })
}

/// Messages with the same sort of code: of each its name, its values if it has any, its code, and its form in
/// English and in Japanese, in which a value stands as `{name}`.
macro_rules! messages {
    (
        $(#[$about:meta])*
        pub enum $name:ident: $codes:ident {$(
            $message:ident $({ $($value:ident: $type:ty),+ $(,)? })? => $code:ident,
            $english:literal,
            $japanese:literal;
        )+}
    ) => {
        $(#[$about])*
        pub enum $name {$(
            #[doc = $english]
            $message $({$(
                #[doc = concat!("The sentence's `", stringify!($value), "`.")]
                $value: $type,
            )+})?,
        )+}

        impl $name {
            /// All of them, as they stand here.
            pub const ALL: &'static [$crate::message::Form<$codes>] = &[$(
                $crate::message::Form {
                    code: $codes::$code,
                    english: $english,
                    japanese: $japanese,
                    values: &[$($((stringify!($value), stringify!($type))),+)?],
                },
            )+];

            /// Its code.
            pub fn code(&self) -> $codes {
                match self {$(
                    Self::$message { .. } => $codes::$code,
                )+}
            }

            /// Its values, by their names.
            pub fn values(&self) -> Vec<(&'static str, $crate::message::Figure)> {
                match self {$(
                    Self::$message $({ $($value),+ })? => vec![$($(
                        (stringify!($value), $crate::message::Figure::from($value))
                    ),+)?],
                )+}
            }

            /// It in `language`.
            pub fn say(&self, language: $crate::language::Language) -> String {
                match self {$(
                    Self::$message $({ $($value),+ })? => {
                        $($(let $value = $crate::message::Figure::from($value).say(language);)+)?
                        match language {
                            $crate::language::Language::English => format!($english),
                            $crate::language::Language::Japanese => format!($japanese),
                        }
                    }
                )+}
            }
        }
    };
}

/// Messages of several lists as one.
macro_rules! all_messages {
    (
        $(#[$about:meta])*
        pub enum $name:ident: $codes:ident {$(
            $(#[$doc:meta])*
            $list:ident($type:ty),
        )+}
    ) => {
        $(#[$about])*
        pub enum $name {$(
            $(#[$doc])*
            $list($type),
        )+}

        impl $name {
            /// All of them, as they stand in their lists.
            pub fn all() -> impl Iterator<Item = &'static $crate::message::Form<$codes>> {
                [$(<$type>::ALL),+].into_iter().flatten()
            }

            /// Its code.
            pub fn code(&self) -> $codes {
                match self {$(
                    Self::$list(message) => message.code(),
                )+}
            }

            /// Its values, by their names.
            pub fn values(&self) -> Vec<(&'static str, $crate::message::Figure)> {
                match self {$(
                    Self::$list(message) => message.values(),
                )+}
            }

            /// It in `language`.
            pub fn say(&self, language: $crate::language::Language) -> String {
                match self {$(
                    Self::$list(message) => message.say(language),
                )+}
            }
        }

        $(
            impl From<$type> for $name {
                fn from(message: $type) -> Self {
                    Self::$list(message)
                }
            }
        )+
    };
}

pub(crate) use all_messages;
pub(crate) use messages;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Code {
        Full,
        Shut,
    }

    messages! {
        /// What an inn tells.
        #[derive(Debug)]
        pub enum Inn: Code {
            Full { limit: usize, until: DateTime<Utc> } => Full,
            "There are {limit} guests until {until}.",
            "{until}まで{limit}名様です。";
            Shut => Shut,
            "It is shut.",
            "閉まっています。";
        }
    }

    #[test]
    fn a_sentence_is_made_from_its_values_in_each_language() {
        let until = "2006-05-03T15:04:05Z".parse().unwrap();
        let full = Inn::Full { limit: 7, until };
        let said = full.say(Language::English);
        assert_eq!(said, "There are 7 guests until 2006-05-03T15:04:05Z.");
        let said = full.say(Language::Japanese);
        assert_eq!(said, "2006年5月4日0時04分まで7名様です。");
        assert_eq!((full.code(), Inn::Shut.code()), (Code::Full, Code::Shut));
        assert_eq!(Inn::Shut.say(Language::Japanese), "閉まっています。");
        let [limit, until] = <[_; 2]>::try_from(full.values()).unwrap();
        assert_eq!((limit.0, limit.1.value()), ("limit", Value::from(7)));
        assert_eq!(until.1.value(), Value::from("2006-05-03T15:04:05.000Z"));
        let form = Inn::ALL[0];
        assert_eq!(form.values[0], ("limit", "usize"));
        assert_eq!(form.told().collect::<Vec<_>>(), ["limit", "until"]);
        assert_eq!(form.english, "There are {limit} guests until {until}.");
    }

    #[test]
    fn a_space_is_told_in_megabytes() {
        for (bytes, said) in [
            (100_000_000, "100 MB"),
            (3_449_999, "3.4 MB"),
            (3_450_000, "3.5 MB"),
            (3_000_001, "3 MB"),
            (0, "0 MB"),
        ] {
            assert_eq!(Figure::Space(bytes).say(Language::English), said);
        }
    }

    #[test]
    fn programs_read_names_in_camel_case() {
        assert_eq!(in_camel_case("limit"), "limit");
        assert_eq!(in_camel_case("retry_after"), "retryAfter");
    }
}
