//! What can be reported, whether somebody sees it, and what it is called.

use async_graphql::ID;
use sea_orm::DbErr;
use uuid::Uuid;

use crate::{
    app::App,
    block::store as blocks,
    catalogue::store as catalogue,
    database::Tx,
    diary::{
        access::{may_see, readable, veiled_to},
        store::{self as diaries, CommentKey, DiaryKey},
        versions::shown_unless_blocked,
    },
    error::{Error, text::service::ServiceText},
    friendship::introduction::{access::seen as seen_introduction, store::IntroductionKey},
    ids::{GlobalId, Kind},
    rejection::{Rejection, UserError, reason::thing::Thing},
    review::store::{self as reviews, ReviewKey},
    user::{service::no_such_user, store as users},
};

/// What can be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A user.
    User(Uuid),
    /// A diary.
    Diary(DiaryKey),
    /// A comment under a diary.
    Comment(CommentKey),
    /// A review.
    Review(ReviewKey),
    /// An introduction.
    Introduction(IntroductionKey),
}

/// What somebody reported, as it was then.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Whose it is.
    pub author: Uuid,
    /// What it was called.
    pub title: String,
    /// Its text.
    pub body: String,
}

impl Subject {
    /// What `id` names.
    ///
    /// # Errors
    /// [`Error::InvalidId`] where that can be no subject of a report.
    pub fn read(id: &str) -> Result<Self, Error> {
        let id = GlobalId::decode(id)?;
        Ok(match id.kind {
            Kind::User => {
                let [user] = id.key()?;
                Self::User(user)
            }
            Kind::Diary => Self::Diary(id.key()?),
            Kind::DiaryComment => Self::Comment(id.key()?),
            Kind::Review => Self::Review(id.key()?),
            Kind::Introduction => Self::Introduction(id.key()?),
            other => {
                let given = other.name();
                return Err(Error::InvalidId(ServiceText::NotReportable { given }));
            }
        })
    }

    /// What names it, the same each time.
    pub fn id(&self) -> ID {
        match self {
            Self::User(user) => GlobalId::encode(Kind::User, &[*user]),
            Self::Diary(key) => GlobalId::encode(Kind::Diary, key),
            Self::Comment(key) => GlobalId::encode(Kind::DiaryComment, key),
            Self::Review(key) => GlobalId::encode(Kind::Review, key),
            Self::Introduction(key) => GlobalId::encode(Kind::Introduction, key),
        }
    }

    /// What it is, in a word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Diary(_) => "diary",
            Self::Comment(_) => "comment",
            Self::Review(_) => "review",
            Self::Introduction(_) => "introduction",
        }
    }

    /// In whose row it is counted, where that is not its author: who removes it holds them, too.
    pub fn counted_with(&self) -> Option<Uuid> {
        match self {
            Self::Introduction([subject, _]) => Some(*subject),
            _ => None,
        }
    }

    /// It as it is now, for `me`.
    ///
    /// # Errors
    /// `NOT_FOUND` where there is none that `me` may see: what is hidden takes as long as what never
    /// was.
    pub async fn seen_by(&self, app: &App, tx: &Tx, me: Uuid) -> Result<Snapshot, Rejection> {
        match *self {
            Self::User(user) => {
                // Also who is absent for a while.
                let row = blocks::seen(&tx.sql, me, user).await?;
                let row = row.ok_or_else(no_such_user)?;
                Ok(Snapshot {
                    author: row.id,
                    title: format!("{} ({})", row.username, row.nickname),
                    body: row.bio,
                })
            }
            Self::Diary(key) => {
                readable(app, tx, me, key).await?;
                let row = diaries::diary(&tx.sql, key).await?;
                let row = row.ok_or_else(|| UserError::absent(Thing::Diary))?;
                Ok(Snapshot {
                    author: row.author_id,
                    title: row.title,
                    body: row.body,
                })
            }
            Self::Comment(key) => comment(app, tx, me, key).await,
            Self::Review([author, item]) => {
                let key = [app.absent_for(Some(me)).veiled(author), item];
                let absent = || UserError::absent(Thing::Review);
                if !reviews::is_seen(&tx.sql, me, key).await? {
                    return Err(absent().into());
                }
                let row = reviews::review(&tx.sql, key).await?.ok_or_else(absent)?;
                let of = item_title(tx, item).await?;
                Ok(Snapshot {
                    author,
                    title: format!("{of}: {} of 5", row.rating),
                    body: row.body,
                })
            }
            Self::Introduction(key) => introduction(app, tx, me, key).await,
        }
    }
}

/// Both are looked up in every case, as in `diary::removing`.
async fn comment(app: &App, tx: &Tx, me: Uuid, key: CommentKey) -> Result<Snapshot, Rejection> {
    let [author, diary, id] = key;
    let under @ [owner, _] = veiled_to(app, me, [author, diary]);
    let shown = shown_unless_blocked(&tx.sql, me, under, false).await?;
    let row = diaries::comment(&tx.sql, [owner, diary, id]).await?;
    let by = row.as_ref().map_or_else(Uuid::nil, |row| row.author_id);
    let blocked = blocks::are_any_blocked(&tx.sql, me, &[by, author]).await?;
    let hidden = blocked || app.absent_for(Some(me)).contains(by);
    let absent = || UserError::absent(Thing::Comment);
    match may_see(app, tx, me, under, shown, &app.ties_for(me)).await {
        Err(Rejection::Refused(_)) => return Err(absent().into()),
        seen => seen?,
    }
    let row = row.filter(|_| !hidden).ok_or_else(absent)?;
    Ok(Snapshot {
        author: row.author_id,
        title: String::new(),
        body: row.body,
    })
}

async fn introduction(
    app: &App,
    tx: &Tx,
    me: Uuid,
    key: IntroductionKey,
) -> Result<Snapshot, Rejection> {
    let absent = app.absent_for(Some(me));
    let key = key.map(|user| absent.veiled(user));
    let row = seen_introduction(app, tx, me, key, &app.ties_for(me)).await?;
    let row = row.ok_or_else(|| UserError::absent(Thing::Introduction))?;
    let of = users::by_id(&tx.sql, row.subject_id).await?;
    Ok(Snapshot {
        author: row.author_id,
        title: of.map_or_else(String::new, |of| {
            format!("{} ({})", of.username, of.nickname)
        }),
        body: row.body,
    })
}

async fn item_title(tx: &Tx, item: Uuid) -> Result<String, DbErr> {
    let item = catalogue::item(&tx.sql, item).await?;
    Ok(item.map(|item| item.title).unwrap_or_default())
}
