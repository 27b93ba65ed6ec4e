//! What may happen to diaries and comments (rules.md, Diaries 1-4). (How they go is in `removing`.)

use std::sync::Arc;

use entity::{
    diary, diary_comment,
    values::{Audience, NotificationKind},
};
use sea_orm::DbErr;
use serde::Serialize;
use uuid::Uuid;

use super::{
    access::{may_comment, veiled, visible},
    feed, node,
    recipients::{check_group, group_to_write_for},
    store::{self, CommentKey, DiaryKey},
    versions::shown_unless_blocked,
};
use crate::{
    app::App,
    cache::Object,
    database::Tx,
    events::Event,
    friendship::group::store::GroupKey,
    idempotency::{Slot, once},
    notification::service::{News, tell},
    photo::{diaries as photos, store::PhotoKey},
    rejection::{
        Rejection, UserError,
        reason::{people::PeopleReason, thing::Thing},
    },
    text,
    user::store as users,
};

const LONGEST_TITLE: usize = 100;
const LONGEST_BODY: usize = 10_000;
const LONGEST_COMMENT: usize = 2_000;

/// A diary that is to be written.
#[derive(Clone, Debug, Serialize)]
pub struct NewDiary {
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// Who can see it.
    pub audience: node::Audience,
    /// The group that can, where that is the audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupKey>,
    /// Its photos. (Left out, where there are none, of what a repeated call is known by: an older program knew none.)
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoKey>,
}

/// Writes a diary of `me`. Gives its key.
///
/// # Errors
/// Texts against the rules, `FRIEND_GROUP_REQUIRED`, `FRIEND_GROUP_NOT_ALLOWED`, `NOT_FOUND` where `me` has
/// no such group or photo, `TOO_MANY_PHOTOS`, `PHOTO_IN_USE`.
pub async fn write(
    app: &Arc<App>,
    me: Uuid,
    new: NewDiary,
    idempotency_key: Option<String>,
) -> Result<DiaryKey, Rejection> {
    let title = text::line("title", &new.title, LONGEST_TITLE);
    let body = text::body("body", &new.body, LONGEST_BODY);
    let (title, body) = both(title, body)?;
    let (audience, group) = (new.audience.into(), new.group);
    check_group(Some(audience), group)?;
    photos::check(&new.photos)?;
    let slot = Slot::of(app, me, idempotency_key, "writeDiary", &new)?;
    let pictures = new.photos;
    once(app, slot, move |app, tx| {
        let (title, body, pictures) = (title.clone(), body.clone(), pictures.clone());
        Box::pin(async move {
            let group_id = group_to_write_for(tx, me, group).await?;
            let now = app.clock.now();
            let row = diary::Model {
                author_id: me,
                id: app.ids.at(now),
                title,
                body,
                audience,
                group_id,
                comment_count: 0,
                photo_count: i64::try_from(pictures.len()).unwrap_or(i64::MAX),
                created_at: now,
                edited_at: None,
            };
            let key @ [_, id] = [me, row.id];
            store::insert(&tx.sql, row).await?;
            diaries_changed(app, tx, me, [group_id, None]).await?;
            photos::put_into(tx, me, id, &pictures).await?;
            Ok(key)
        })
    })
    .await
}

/// What to change of a diary; what is `None` stays.
#[derive(Clone, Debug, Serialize)]
pub struct DiaryEdit {
    /// The new title.
    pub title: Option<String>,
    /// The new text.
    pub body: Option<String>,
    /// The new audience.
    pub audience: Option<node::Audience>,
    /// The group that can see it, where that is the new audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupKey>,
    /// All photos that it has from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photos: Option<Vec<PhotoKey>>,
}

/// Changes a diary of `me`.
///
/// # Errors
/// As [`write()`], `NOT_FOUND`, `NOT_YOURS` where it is somebody else's.
pub async fn edit(
    app: &Arc<App>,
    me: Uuid,
    key: DiaryKey,
    edit: DiaryEdit,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (key, edit.clone());
    let title = edit
        .title
        .map(|title| text::line("title", &title, LONGEST_TITLE))
        .transpose();
    let body = edit
        .body
        .map(|body| text::body("body", &body, LONGEST_BODY))
        .transpose();
    let (title, body) = both(title, body)?;
    let (audience, group) = (edit.audience.map(Audience::from), edit.group);
    check_group(audience, group)?;
    let pictures = edit.photos;
    photos::check(pictures.as_deref().unwrap_or_default())?;
    let slot = Slot::of(app, me, idempotency_key, "editDiary", &input)?;
    once(app, slot, move |app, tx| {
        let (title, body, pictures) = (title.clone(), body.clone(), pictures.clone());
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let mut row = mine(app, tx, me, key).await?;
            let before = (row.audience, row.group_id);
            row.title = title.unwrap_or(row.title);
            row.body = body.unwrap_or(row.body);
            if let Some(audience) = audience {
                row.audience = audience;
                row.group_id = group_to_write_for(tx, me, group).await?;
            }
            if let Some(pictures) = &pictures {
                row.photo_count = i64::try_from(pictures.len()).unwrap_or(i64::MAX);
            }
            row.edited_at = Some(app.clock.now());
            let groups = match (row.audience, row.group_id) == before {
                true => [None, None],
                false => [before.1, row.group_id],
            };
            store::update(&tx.sql, row, before).await?;
            diaries_changed(app, tx, me, groups).await?;
            if let Some(pictures) = pictures {
                let [_, id] = key;
                photos::replace(app, tx, me, id, &pictures).await?;
            }
            Ok(())
        })
    })
    .await?;
    app.photos.removed.notify_one();
    Ok(())
}

/// Writes a comment of `me` under a diary that `me` may see, whose author is within reach. Gives its key.
///
/// # Errors
/// Texts against the rules, `NOT_FOUND`.
pub async fn comment(
    app: &Arc<App>,
    me: Uuid,
    diary: DiaryKey,
    body: &str,
    idempotency_key: Option<String>,
) -> Result<CommentKey, Rejection> {
    let body = text::body("body", body, LONGEST_COMMENT)?;
    let input = (diary, body.clone());
    let slot = Slot::of(app, me, idempotency_key, "commentOnDiary", &input)?;
    once(app, slot, move |app, tx| {
        let body = body.clone();
        Box::pin(async move {
            let diary = veiled(app, me, diary);
            let shown = shown_unless_blocked(&tx.sql, me, diary, true).await?;
            may_comment(app, tx, me, diary, shown).await?;
            let now = app.clock.now();
            let [author, id] = diary;
            let row = diary_comment::Model {
                diary_author_id: author,
                diary_id: id,
                id: app.ids.at(now),
                author_id: me,
                number: 0,
                body,
                created_at: now,
            };
            let key = [row.diary_author_id, row.diary_id, row.id];
            let kind = NotificationKind::DiaryCommented;
            let news = News {
                diary: Some(id),
                ..News::new(kind, author, me, row.id, now)
            };
            store::insert_comment(&tx.sql, row).await?;
            comments_changed(tx, diary);
            tx.after_commit(Event::DiaryCommented(author));
            if me != author {
                tell(tx, news).await?;
            }
            Ok(key)
        })
    })
    .await
}

/// After the diaries of `author`, whose row is held, changed, those for `groups` among them, and the
/// author's counters.
pub(super) async fn diaries_changed(
    app: &App,
    tx: &Tx,
    author: Uuid,
    groups: [Option<Uuid>; 2],
) -> Result<(), DbErr> {
    tx.changes(Object::Diaries(author));
    tx.changes(Object::User(author));
    let groups: Vec<_> = groups.into_iter().flatten().collect();
    feed::tell(app, tx, author, &groups).await
}

/// After the comments under `diary` changed, and with them the diary's counter.
pub(super) fn comments_changed(tx: &Tx, diary: DiaryKey) {
    let [author, _] = diary;
    tx.changes(Object::Comments(diary));
    tx.changes(Object::Diaries(author));
}

pub(super) async fn mine(
    app: &App,
    tx: &Tx,
    me: Uuid,
    key: DiaryKey,
) -> Result<diary::Model, Rejection> {
    visible(app, tx, me, key).await?;
    let [author, _] = key;
    if author != me {
        return Err(UserError::new(PeopleReason::DiaryNotYours).into());
    }
    let row = store::diary(&tx.sql, key).await?;
    row.ok_or_else(|| UserError::absent(Thing::Diary).into())
}

fn both<A, B>(a: Result<A, UserError>, b: Result<B, UserError>) -> Result<(A, B), Rejection> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err(Rejection::Refused(
            a.err().into_iter().chain(b.err()).collect(),
        )),
    }
}
