//! What becomes of what was reported.

use std::sync::Arc;

use entity::{
    report, user_fact,
    values::{AuditAct, ReportState, Role},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    store::{self, ReportKey},
    subject::Subject,
};
use crate::{
    account::suspension::service::{self as suspension, Wish},
    app::App,
    database::Tx,
    diary::{removing, store as diaries},
    friendship::introduction::service as introductions,
    idempotency::{Slot, once},
    photo::service as photos,
    rejection::{
        Rejection, UserError,
        reason::{people::PeopleReason, thing::Thing},
    },
    review::service as reviews,
    text,
    user::{
        facts::store as facts,
        roles::{briefly, moderator, record},
        service::{ProfileEdit, write_profile},
        store as users,
    },
};

const LONGEST_NOTE: usize = 1_000;

/// What is decided.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Nothing is to be done.
    Dismiss,
    /// What was reported goes.
    RemoveContent,
    /// Whose it is is suspended.
    SuspendUser(Wish),
}

/// What tells one decision from another.
#[derive(Serialize)]
struct Form {
    report: ReportKey,
    decision: u8,
    suspension: Option<(Option<i64>, String)>,
    note: String,
}

/// Settles the report with `key`, and with it all that wait of the same subject, in the name of `by`: in
/// one transaction with what is decided.
///
/// # Errors
/// [`Forbidden`](crate::error::Error::Forbidden) where `by` is neither moderator nor administrator;
/// `NOT_FOUND` also where it is of what is theirs, `ALREADY_RESOLVED`, texts against the rules, and what
/// [`suspension::impose`] refuses.
pub async fn resolve(
    app: &Arc<App>,
    by: Uuid,
    key: ReportKey,
    decision: Decision,
    note: &str,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let note = text::optional_body("note", note, LONGEST_NOTE)?;
    let fields = ["suspendUntil", "suspensionReason"];
    let decision = match decision {
        Decision::SuspendUser(wish) => Decision::SuspendUser(wish.check(app, fields)?),
        other => other,
    };
    let (number, suspension) = match &decision {
        Decision::Dismiss => (0, None),
        Decision::RemoveContent => (1, None),
        Decision::SuspendUser(wish) => (2, Some(wish.form())),
    };
    let suspends = suspension.is_some();
    let form = Form {
        report: key,
        decision: number,
        suspension,
        note: note.clone(),
    };
    let slot = Slot::of(app, by, idempotency_key, "resolveReport", &form)?;
    let done = once(app, slot, move |app, tx| {
        let (decision, note) = (decision.clone(), note.clone());
        Box::pin(async move {
            moderator(tx, by).await?;
            let row = waiting(tx, by, key).await?;
            // Of two who settle it, the second finds it so.
            hold(tx, by, &row).await?;
            let role = moderator(tx, by).await?;
            let row = waiting(tx, by, key).await?;
            carry_out(app, tx, (by, role), &row, decision, note).await
        })
    });
    done.await?;
    // Of what was removed with its photos the files go, too.
    app.photos.removed.notify_one();
    if suspends {
        app.settle_absences().await;
    }
    Ok(())
}

/// The report with `key`, if it waits. Of what is reported of oneself, or by oneself, there is none for
/// anybody to settle.
async fn waiting(tx: &Tx, by: Uuid, key: ReportKey) -> Result<report::Model, Rejection> {
    let row = store::report(&tx.sql, key).await?;
    let row = row.filter(|row| ![row.author_id, row.reporter_id].contains(&by));
    let row = row.ok_or_else(|| UserError::absent(Thing::Report))?;
    if row.state == ReportState::Open {
        return Ok(row);
    }
    Err(UserError::new(PeopleReason::AlreadyResolved).into())
}

/// Holds who settles `row`, and whose rows its subject is counted in.
async fn hold(tx: &Tx, by: Uuid, row: &report::Model) -> Result<(), Rejection> {
    match Subject::read(&row.subject)?.counted_with() {
        Some(user) => users::hold(&tx.sql, [by, row.author_id, user]).await?,
        None => users::hold(&tx.sql, [by, row.author_id]).await?,
    }
    Ok(())
}

async fn carry_out(
    app: &App,
    tx: &Tx,
    (by, role): (Uuid, Role),
    row: &report::Model,
    decision: Decision,
    note: String,
) -> Result<(), Rejection> {
    let subject = Subject::read(&row.subject)?;
    let detail = briefly(&format!("{} {}: {note}", subject.word(), row.subject));
    // Whoever is gone ranks below everybody.
    if users::by_id(&tx.sql, row.author_id).await?.is_some() {
        suspension::allowed(tx, Some((by, role)), row.author_id).await?;
    }
    let (state, act) = match decision {
        Decision::Dismiss => (ReportState::Dismissed, Some(AuditAct::ReportDismissed)),
        Decision::RemoveContent => {
            remove(app, tx, subject).await?;
            (ReportState::ContentRemoved, Some(AuditAct::ContentRemoved))
        }
        Decision::SuspendUser(wish) => {
            suspension::impose(app, tx, Some((by, role)), row.author_id, wish).await?;
            // Which stands in the log by itself.
            (ReportState::UserSuspended, None)
        }
    };
    store::settle(&tx.sql, &row.subject, state, by, app.clock.now(), note).await?;
    match act {
        Some(act) => record(app, tx, Some(by), act, row.author_id, detail).await,
        None => Ok(()),
    }
}

/// Removes `subject`, whose author is held, with everything that counts it; of a user what they say of
/// themselves. What has gone already is no matter.
async fn remove(app: &App, tx: &Tx, subject: Subject) -> Result<(), Rejection> {
    match subject {
        Subject::User(user) => {
            let Some(row) = users::by_id(&tx.sql, user).await? else {
                return Ok(());
            };
            let edit = ProfileEdit {
                nickname: Some(row.username),
                bio: Some(String::new()),
                ..ProfileEdit::default()
            };
            write_profile(tx, user, edit).await?;
            photos::remove_from_profile(app, tx, user).await?;
            let said = facts::one(&tx.sql, user).await?;
            let less = user_fact::Model {
                real_name: None,
                hometown: None,
                occupation: None,
                ..said
            };
            Ok(facts::set(&tx.sql, less).await?)
        }
        Subject::Diary(key) => match diaries::diary(&tx.sql, key).await? {
            Some(row) => removing::remove(app, tx, &row).await,
            None => Ok(()),
        },
        Subject::Comment(key) => {
            let [author, diary, _] = key;
            // As who comments does, before the counters.
            diaries::hold(&tx.sql, [author, diary]).await?;
            removing::remove_comment(tx, key).await
        }
        Subject::Review(key) => reviews::remove(tx, key).await.map(|_| ()),
        Subject::Introduction(key) => introductions::remove(tx, key).await.map(|_| ()),
    }
}
