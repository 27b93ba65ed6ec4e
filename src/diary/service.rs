//! What may happen to diaries and comments (rules.md, Diaries 1-4). (How they go is in `removing`.)

use std::sync::Arc;

use entity::{diary, diary_comment, values::Audience};
use sea_orm::DbErr;
use serde::Serialize;
use uuid::Uuid;

use super::{
    feed, node,
    store::{self, CommentKey, DiaryKey},
};
use crate::{
    app::App,
    cache::Object,
    database::Tx,
    events::Event,
    friendship::relations::relation,
    idempotency::once,
    rejection::{Rejection, UserError, UserErrorCode},
    text,
    user::store as users,
    visibility::{self, Relation},
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
}

/// Writes a diary of `me`. Gives its key.
///
/// # Errors
/// Texts against the rules.
pub async fn write(
    app: &Arc<App>,
    me: Uuid,
    new: NewDiary,
    idempotency_key: Option<String>,
) -> Result<DiaryKey, Rejection> {
    let title = text::line("title", &new.title, LONGEST_TITLE);
    let body = text::body("body", &new.body, LONGEST_BODY);
    let (title, body) = both(title, body)?;
    let audience = new.audience.into();
    let shared = app.clone();
    once(app, me, idempotency_key, "writeDiary", &new, move |tx| {
        let (app, title, body) = (shared.clone(), title.clone(), body.clone());
        Box::pin(async move {
            let now = app.clock.now();
            let row = diary::Model {
                author_id: me,
                id: app.ids.at(now),
                title,
                body,
                audience,
                comment_count: 0,
                created_at: now,
                edited_at: None,
            };
            let key = [me, row.id];
            store::insert(&tx.sql, row).await?;
            diaries_changed(&app, tx, me).await?;
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
}

/// Changes a diary of `me`.
///
/// # Errors
/// Texts against the rules, `NOT_FOUND`, `NOT_YOURS` where it is somebody else's.
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
    let audience: Option<Audience> = edit.audience.map(Into::into);
    let shared = app.clone();
    once(app, me, idempotency_key, "editDiary", &input, move |tx| {
        let (app, title, body) = (shared.clone(), title.clone(), body.clone());
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let mut row = mine(&app, tx, me, key).await?;
            let before = row.audience;
            row.title = title.unwrap_or(row.title);
            row.body = body.unwrap_or(row.body);
            row.audience = audience.unwrap_or(before);
            row.edited_at = Some(app.clock.now());
            store::update(&tx.sql, row, before).await?;
            diaries_changed(&app, tx, me).await?;
            Ok(())
        })
    })
    .await
}

/// Writes a comment of `me` under a diary that `me` may see. Gives its key.
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
    let shared = app.clone();
    once(
        app,
        me,
        idempotency_key,
        "commentOnDiary",
        &input,
        move |tx| {
            let (app, body) = (shared.clone(), body.clone());
            Box::pin(async move {
                let diary = veiled(&app, me, diary);
                let audience = store::audience_unless_blocked(&tx.sql, me, diary, true).await?;
                may_see(&app, tx, me, diary, audience).await?;
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
                store::insert_comment(&tx.sql, row).await?;
                comments_changed(tx, diary);
                tx.after_commit(Event::DiaryCommented(author));
                Ok(key)
            })
        },
    )
    .await
}

/// After the diaries of `author`, whose row is held, changed, and with them the author's counters.
pub(super) async fn diaries_changed(app: &App, tx: &Tx, author: Uuid) -> Result<(), DbErr> {
    tx.changes(Object::Diaries(author));
    tx.changes(Object::User(author));
    feed::tell(app, tx, author).await
}

/// After the comments under `diary` changed, and with them the diary's counter.
pub(super) fn comments_changed(tx: &Tx, diary: DiaryKey) {
    let [author, _] = diary;
    tx.changes(Object::Comments(diary));
    tx.changes(Object::Diaries(author));
}

/// `key`, or one that no diary has in the place of that of who is absent for `me`.
pub fn veiled(app: &App, me: Uuid, [author, id]: DiaryKey) -> DiaryKey {
    [app.absent_for(Some(me)).veiled(author), id]
}

/// Whether `me` may see the diary with `key`. Its texts are not read for that: a long hidden diary
/// takes no longer than a short one, or none.
///
/// # Errors
/// `NOT_FOUND`, whether it is hidden or was never there.
pub async fn visible(app: &App, tx: &Tx, me: Uuid, key: DiaryKey) -> Result<(), Rejection> {
    let key = veiled(app, me, key);
    let audience = store::audience_unless_blocked(&tx.sql, me, key, false).await?;
    may_see(app, tx, me, key, audience).await
}

/// Whether `me` may see the diary with `key`, which is for `audience`; absent where there is none.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn may_see(
    app: &App,
    tx: &Tx,
    me: Uuid,
    key: DiaryKey,
    audience: Option<Audience>,
) -> Result<(), Rejection> {
    // What every member may see needs no relation; what is absent takes as long as what is hidden.
    let open = audience.is_some_and(|audience| visibility::may_see(audience, Relation::Stranger));
    let relation = if open {
        Relation::Stranger
    } else {
        let [author, _] = key;
        let absent = app.absent_for(Some(me));
        relation(&tx.sql, me, author, &absent).await?
    };
    audience
        .filter(|audience| visibility::may_see(*audience, relation))
        .map(|_| ())
        .ok_or_else(|| UserError::absent("diary").into())
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
        return Err(not_yours("Only its author can change a diary.").into());
    }
    let row = store::diary(&tx.sql, key).await?;
    row.ok_or_else(|| UserError::absent("diary").into())
}

pub(super) fn not_yours(message: &str) -> UserError {
    UserError::new(UserErrorCode::NotYours, message)
}

fn both<A, B>(a: Result<A, UserError>, b: Result<B, UserError>) -> Result<(A, B), Rejection> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err(Rejection::Refused(
            a.err().into_iter().chain(b.err()).collect(),
        )),
    }
}
