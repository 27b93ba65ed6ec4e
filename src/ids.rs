//! Names of things: the UUIDs of the database, bearer tokens, and the global ids of the API.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use rand::Rng;
use uuid::{Builder, Uuid};

use crate::error::{Error, text::service::ServiceText};

/// Makes ids and secrets from a random source that a test can seed. Clones share it.
#[derive(Clone)]
pub struct Ids {
    source: Arc<Mutex<Source>>,
}

struct Source {
    random: Box<dyn Rng + Send>,
    /// The millisecond of the last id, and the 74 bits that followed it.
    last: (u64, u128),
}

impl Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ids")
    }
}

impl Ids {
    /// Draws from `source`, which must be fit for secrets.
    pub fn new(source: impl Rng + Send + 'static) -> Self {
        Self {
            source: Arc::new(Mutex::new(Source {
                random: Box::new(source),
                last: (0, 0),
            })),
        }
    }

    /// A UUIDv7: `time` to the millisecond, then 74 bits that are random, but greater than those of
    /// the id before it where that is of the same millisecond: what one process makes is in order.
    pub fn at(&self, time: DateTime<Utc>) -> Uuid {
        let millis = millis(time);
        let mut source = self.lock();
        let (last, tail) = source.last;
        let tail = if millis == last {
            tail + 1 + u128::from(source.random.next_u32())
        } else {
            // 73 bits, which leaves room for those that follow.
            u128::from(source.random.next_u64()) << 9 | u128::from(source.random.next_u32()) >> 23
        };
        source.last = (millis, tail);
        let [a, b] = ((tail >> 62) as u16 & 0xfff).to_be_bytes();
        let [c, d, e, f, g, h, i, j] = (tail as u64 & (u64::MAX >> 2)).to_be_bytes();
        let random = [a, b, c, d, e, f, g, h, i, j];
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// 256 random bits, for a bearer token or a salt.
    pub fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.lock().random.fill_bytes(&mut bytes);
        bytes
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Source> {
        self.source
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn millis(time: DateTime<Utc>) -> u64 {
    u64::try_from(time.timestamp_millis()).unwrap_or(0)
}

/// The types that have a global id, with the letter that tags each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `User`: its own id.
    User,
    /// `Diary`: author, id.
    Diary,
    /// `DiaryComment`: the diary's author, the diary, id.
    DiaryComment,
    /// `CatalogueItem`: its own id.
    CatalogueItem,
    /// `Artist`: its own id.
    Artist,
    /// `Review`: author, item.
    Review,
    /// `Footprint`: owner, id.
    Footprint,
    /// `FriendGroup`: owner, id.
    FriendGroup,
    /// `FriendRequest`: sender, recipient.
    FriendRequest,
    /// `Introduction`: whom it is of, author.
    Introduction,
    /// `Notification`: who is told, id.
    Notification,
    /// `Invitation`: inviter, id.
    Invitation,
    /// `Session`: user, id.
    Session,
    /// `DataExport`: user, id.
    DataExport,
    /// `Report`: reporter, id.
    Report,
    /// `Photo`: owner, id.
    Photo,
    /// `Order`: user, id.
    Order,
}

impl Kind {
    const ALL: [Self; 17] = [
        Self::User,
        Self::Diary,
        Self::DiaryComment,
        Self::CatalogueItem,
        Self::Artist,
        Self::Review,
        Self::Footprint,
        Self::FriendGroup,
        Self::FriendRequest,
        Self::Introduction,
        Self::Notification,
        Self::Invitation,
        Self::Session,
        Self::DataExport,
        Self::Report,
        Self::Photo,
        Self::Order,
    ];

    /// The GraphQL type's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Diary => "Diary",
            Self::DiaryComment => "DiaryComment",
            Self::CatalogueItem => "CatalogueItem",
            Self::Artist => "Artist",
            Self::Review => "Review",
            Self::Footprint => "Footprint",
            Self::FriendGroup => "FriendGroup",
            Self::FriendRequest => "FriendRequest",
            Self::Introduction => "Introduction",
            Self::Notification => "Notification",
            Self::Invitation => "Invitation",
            Self::Session => "Session",
            Self::DataExport => "DataExport",
            Self::Report => "Report",
            Self::Photo => "Photo",
            Self::Order => "Order",
        }
    }

    fn tag(self) -> u8 {
        match self {
            Self::User => b'u',
            Self::Diary => b'd',
            Self::DiaryComment => b'c',
            Self::CatalogueItem => b'i',
            Self::Artist => b'a',
            Self::Review => b'r',
            Self::Footprint => b'f',
            Self::FriendGroup => b'g',
            Self::FriendRequest => b'q',
            Self::Introduction => b'n',
            Self::Notification => b'o',
            Self::Invitation => b'v',
            Self::Session => b's',
            Self::DataExport => b'x',
            Self::Report => b'p',
            Self::Photo => b'h',
            Self::Order => b'y',
        }
    }

    /// How many UUIDs follow the tag, the shard key first.
    fn parts(self) -> usize {
        match self {
            Self::User | Self::CatalogueItem | Self::Artist => 1,
            Self::Diary
            | Self::Review
            | Self::Footprint
            | Self::FriendGroup
            | Self::FriendRequest
            | Self::Introduction
            | Self::Notification
            | Self::Invitation
            | Self::Session
            | Self::DataExport
            | Self::Report
            | Self::Photo
            | Self::Order => 2,
            Self::DiaryComment => 3,
        }
    }
}

/// A global id: a type and the UUIDs of its primary key, the shard key first
/// (design.md, section 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlobalId {
    /// The type that it names.
    pub kind: Kind,
    parts: Vec<Uuid>,
}

impl GlobalId {
    /// The opaque form for the API: base64url of the tag and the parts.
    pub fn encode(kind: Kind, parts: &[Uuid]) -> async_graphql::ID {
        let mut bytes = vec![kind.tag()];
        for part in parts {
            bytes.extend_from_slice(part.as_bytes());
        }
        async_graphql::ID(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads an id of any type.
    ///
    /// # Errors
    /// [`Error::InvalidId`] where no id of ours has this form.
    pub fn decode(id: &str) -> Result<Self, Error> {
        let unreadable = || Error::InvalidId(ServiceText::UnreadableId);
        let bytes = URL_SAFE_NO_PAD.decode(id).map_err(|_| unreadable())?;
        let (tag, rest) = bytes.split_first().ok_or_else(unreadable)?;
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| kind.tag() == *tag)
            .ok_or_else(unreadable)?;
        let (parts, tail) = rest.as_chunks::<16>();
        if parts.len() != kind.parts() || !tail.is_empty() {
            return Err(unreadable());
        }
        Ok(Self {
            kind,
            parts: parts.iter().copied().map(Uuid::from_bytes).collect(),
        })
    }

    /// Reads an id of `kind`, whose key has `N` parts.
    ///
    /// # Errors
    /// [`Error::InvalidId`] where the id has another form or names another type.
    pub fn expect<const N: usize>(id: &str, kind: Kind) -> Result<[Uuid; N], Error> {
        let decoded = Self::decode(id)?;
        if decoded.kind != kind {
            return Err(Error::InvalidId(ServiceText::OtherId {
                given: decoded.kind.name(),
                expected: kind.name(),
            }));
        }
        decoded.key()
    }

    /// The parts of the key.
    ///
    /// # Errors
    /// [`Error::Internal`] where `N` is not the number of the type's parts.
    pub fn key<const N: usize>(&self) -> Result<[Uuid; N], Error> {
        <[Uuid; N]>::try_from(self.parts.as_slice()).map_err(Error::internal)
    }
}
