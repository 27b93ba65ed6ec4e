//! What of a user's is exported: a file a kind, in the order in which they stand in the zip. A feature
//! that keeps something of users adds its kind here.

use entity::values::RequestDirection;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    account::{
        leaving::reports,
        recovery::store::{self as recovery, Left},
        session::store as sessions,
        two_factor::store as two_factor,
    },
    block::leaving as block,
    brand::leaving as brand,
    diary::leaving as diary,
    error::Error,
    footprint::{kiriban::leaving as kiriban, leaving as footprint},
    friendship::{introduction::leaving as introduction, leaving as friendship},
    invitation::leaving as invitation,
    loaders::Loaders,
    music::leaving as music,
    notification::leaving as notification,
    paging::Page,
    phone::store as phones,
    photo::leaving as photo,
    plan::leaving as plan,
    rest::leaving as rest,
    review::leaving as review,
    usage::leaving as usage,
    user::leaving::{self as user, Taken},
};

/// What reading comes to.
pub type Reading<'l, T> = BoxFuture<'l, Result<T, Error>>;
/// Reads all rows of a user.
pub type ReadFew = for<'l> fn(&'l Loaders, Uuid) -> Reading<'l, Vec<Value>>;
/// Reads a page of the rows of a user.
pub type ReadPage<P> = for<'l> fn(&'l Loaders, Uuid, &'l Page<P>) -> Reading<'l, Taken<P>>;

/// How the rows of a kind are read, with the eyes of the user.
pub enum Read {
    /// All at once: they are few.
    Few(ReadFew),
    /// A page after the other, in the order of ids.
    ById(ReadPage<Uuid>),
    /// A page after the other, in the order of numbers.
    ByNumber(ReadPage<i64>),
}

/// A kind of rows.
pub struct Kind {
    /// The file's name.
    pub file: &'static str,
    /// What it is, for who reads the README of the zip.
    pub says: &'static str,
    /// How it is read.
    pub read: Read,
}

/// All kinds.
pub const KINDS: &[Kind] = &[
    Kind {
        file: "profile.jsonl",
        says: "your profile",
        read: Read::Few(|loaders, me| Box::pin(user::profile(loaders, me))),
    },
    Kind {
        file: "facts.jsonl",
        says: "what you say about yourself, and to whom",
        read: Read::Few(|loaders, me| Box::pin(user::facts_of(loaders, me))),
    },
    Kind {
        file: "settings.jsonl",
        says: "to whom you are named as a visitor, what you want to be told of, and how you rest",
        read: Read::Few(|loaders, me| Box::pin(settings(loaders, me))),
    },
    Kind {
        file: "sign_in.jsonl",
        says: "what you sign in with: when each was set, never what it is",
        read: Read::Few(|loaders, me| Box::pin(sign_in(loaders, me))),
    },
    Kind {
        file: "sessions.jsonl",
        says: "where you are signed in",
        read: Read::ById(|loaders, me, page| Box::pin(sessions_of(loaders, me, page))),
    },
    Kind {
        file: "friends.jsonl",
        says: "your friends, since when, and in which of your groups",
        read: Read::ById(|loaders, me, page| Box::pin(friendship::friends(loaders, me, page))),
    },
    Kind {
        file: "friend_groups.jsonl",
        says: "your groups of friends; who is in which stands with the friends",
        read: Read::Few(|loaders, me| Box::pin(friendship::groups_of(loaders, me))),
    },
    Kind {
        file: "friend_requests_received.jsonl",
        says: "friend requests that wait for your answer",
        read: Read::ById(|loaders, me, page| {
            let direction = RequestDirection::Incoming;
            Box::pin(friendship::requests(loaders, me, direction, page))
        }),
    },
    Kind {
        file: "friend_requests_sent.jsonl",
        says: "friend requests that you sent and that were not accepted yet",
        read: Read::ById(|loaders, me, page| {
            let direction = RequestDirection::Outgoing;
            Box::pin(friendship::requests(loaders, me, direction, page))
        }),
    },
    Kind {
        file: "introductions_received.jsonl",
        says: "what friends wrote to introduce you",
        read: Read::ById(|loaders, me, page| Box::pin(introduction::received(loaders, me, page))),
    },
    Kind {
        file: "introductions_written.jsonl",
        says: "what you wrote to introduce friends",
        read: Read::ById(|loaders, me, page| Box::pin(introduction::written(loaders, me, page))),
    },
    Kind {
        file: "blocks.jsonl",
        says: "whom you block",
        read: Read::ById(|loaders, me, page| Box::pin(block::blocked(loaders, me, page))),
    },
    Kind {
        file: "diaries.jsonl",
        says: "your diaries",
        read: Read::ById(|loaders, me, page| Box::pin(diary::diaries(loaders, me, page))),
    },
    Kind {
        file: "comments.jsonl",
        says: "the comments that you wrote, under your diaries and others'",
        read: Read::ById(|loaders, me, page| Box::pin(diary::comments(loaders, me, page))),
    },
    Kind {
        file: "photos.jsonl",
        says: "your photos, and where they are used; the files themselves are in the folder photos/",
        read: Read::ById(|loaders, me, page| Box::pin(photo::photos(loaders, me, page))),
    },
    Kind {
        file: "orders.jsonl",
        says: "the plans that you ordered, and what was paid for them and given back, in yen",
        read: Read::ById(|loaders, me, page| Box::pin(plan::orders(loaders, me, page))),
    },
    Kind {
        file: "reviews.jsonl",
        says: "your reviews",
        read: Read::ById(|loaders, me, page| Box::pin(review::reviews(loaders, me, page))),
    },
    Kind {
        file: "favourite_songs.jsonl",
        says: "your favourite songs, in their order",
        read: Read::Few(|loaders, me| Box::pin(music::favourites(loaders, me))),
    },
    Kind {
        file: "listens.jsonl",
        says: "what you listened to, as far as it is kept",
        read: Read::ById(|loaders, me, page| Box::pin(music::listens(loaders, me, page))),
    },
    Kind {
        file: "brands.jsonl",
        says: "the pages of brands that you run, and whether they are yours",
        read: Read::ById(|loaders, me, page| Box::pin(brand::run(loaders, me, page))),
    },
    Kind {
        file: "brand_posts.jsonl",
        says: "what you wrote on the pages of brands",
        read: Read::ById(|loaders, me, page| Box::pin(brand::written(loaders, me, page))),
    },
    Kind {
        file: "followed_brands.jsonl",
        says: "the pages of brands that you follow",
        read: Read::ById(|loaders, me, page| Box::pin(brand::followed(loaders, me, page))),
    },
    Kind {
        file: "footprints_received.jsonl",
        says: "who visited you, with the names that you see",
        read: Read::ByNumber(|loaders, me, page| Box::pin(footprint::received(loaders, me, page))),
    },
    Kind {
        file: "footprints_left.jsonl",
        says: "whom you visited, where a footprint tells of it",
        read: Read::ById(|loaders, me, page| Box::pin(footprint::left(loaders, me, page))),
    },
    Kind {
        file: "kiribans.jsonl",
        says: "the numbers of visits that you named, and who made those visits, with the names that you see",
        read: Read::ByNumber(|loaders, me, page| Box::pin(kiriban::of_owner(loaders, me, page))),
    },
    Kind {
        file: "kiribans_reached.jsonl",
        says: "such numbers of others that you reached, where you are named",
        read: Read::Few(|loaders, me| Box::pin(kiriban::reached(loaders, me))),
    },
    Kind {
        file: "invitations.jsonl",
        says: "the invitations that you made",
        read: Read::ById(|loaders, me, page| Box::pin(invitation::invitations(loaders, me, page))),
    },
    Kind {
        file: "invitees.jsonl",
        says: "who joined by your invitations",
        read: Read::ById(|loaders, me, page| Box::pin(invitation::invitees(loaders, me, page))),
    },
    Kind {
        file: "notifications.jsonl",
        says: "what you were told of within the last months",
        read: Read::ByNumber(|loaders, me, page| Box::pin(notification::told(loaders, me, page))),
    },
    Kind {
        file: "usage.jsonl",
        says: "what you did by day, and with what",
        read: Read::Few(|loaders, me| Box::pin(usage::done(loaders, me))),
    },
    Kind {
        file: "rests.jsonl",
        says: "your rests of the last months in which something came",
        read: Read::Few(|loaders, me| Box::pin(rest::rests(loaders, me))),
    },
    Kind {
        file: "reports.jsonl",
        says: "what you told moderators of",
        read: Read::ById(|loaders, me, page| Box::pin(reports::made(loaders, me, page))),
    },
];

/// What `me` has chosen.
async fn settings(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let mut chosen = footprint::chosen(loaders, me).await?;
    chosen.extend(notification::chosen(loaders, me).await?);
    chosen.extend(rest::chosen(loaders, me).await?);
    Ok(chosen)
}

/// What `me` signs in with: that it is there, and since when.
async fn sign_in(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    use sea_orm::EntityTrait;
    let db = loaders.app.database.reader();
    let password = entity::credential::Entity::find_by_id(me).one(db).await?;
    let factor = two_factor::find(db, me).await?;
    let codes = recovery::of(db, me).await?;
    let phone = phones::of_user(db, me).await?;
    Ok(vec![json!({
        "passwordChangedAt": password.map(|row| row.changed_at),
        "twoFactorEnabled": factor.is_some_and(|row| row.pending_until.is_none()),
        "recoveryCodesLeft": Left::of(&codes).count(),
        "phoneNumberVerifiedAt": phone.map(|row| row.verified_at),
    })])
}

async fn sessions_of(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let (db, now) = (loaders.app.database.reader(), loaders.app.clock.now());
    let slice = sessions::page(db, me, page, now).await?;
    Ok(slice.filter_map(|row| {
        let told = json!({
            "device": row.device, "createdAt": row.created_at,
            "lastUsedAt": row.last_used_at, "expiresAt": row.expires_at,
        });
        Some((row.id, Some(told)))
    }))
}

/// The text that stands beside the files.
pub fn readme(username: &str, at: &str) -> String {
    let mut text = format!(
        "Ashiato: all that is {username}'s, as of {at}.\n\n\
         Each file, but for pictures, is JSON Lines (https://jsonlines.org) in UTF-8: one JSON object a line. Times are \
         UTC, days are Japan's. The files were read one after the other, so what changed meanwhile may \
         stand in one of them and not in another. Of others there is only what you see of them: who is \
         not named to you is null. No password, code or token is in here.\n\n"
    );
    for kind in KINDS {
        text.push_str(&format!("{}: {}\n", kind.file, kind.says));
    }
    text
}
