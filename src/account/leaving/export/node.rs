//! What a data export is in the API.

use async_graphql::{Enum, SimpleObject};
use entity::{data_export, values};
use uuid::Uuid;

use super::link;
use crate::{
    app::App,
    graphql::{id::NodeId, scalar::DateTime},
    ids::Kind,
    paging::{connection, int},
};

/// How far a copy of your data has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "values::ExportState")]
pub enum DataExportState {
    /// It waits to be made.
    Queued,
    /// It is being made.
    Running,
    /// It can be fetched, once.
    Ready,
    /// It was fetched, and is gone.
    Fetched,
    /// It could not be made. Ask for another.
    Failed,
    /// Nobody fetched it in time, and it is gone.
    Expired,
}

/// A copy of all that is yours: a zip of JSON Lines, with a README.txt that says what each file is. Only you
/// see yours. It is kept for 7 days, or until you have fetched it.
#[derive(Clone, Debug, SimpleObject)]
pub struct DataExport {
    /// Names this copy among all, for ever.
    pub id: NodeId,
    /// How far it has come.
    pub state: DataExportState,
    /// How much of it is made, from 0 to 1, about.
    pub progress: f64,
    /// When you asked for it.
    pub requested_at: DateTime,
    /// When it became ready; null before.
    pub ready_at: Option<DateTime>,
    /// Until when it can be fetched; null before it is ready.
    pub expires_at: Option<DateTime>,
    /// How many bytes it has; null before it is ready.
    pub size: Option<i32>,
    /// Where it can be fetched, as a path of the service's own address, such as `/exports/…`; null where it
    /// is not READY, and in every session but the one that asked for it by `requestDataExport` last. After that one
    /// has ended, ask in another: it makes no other copy, and this one is shown there. Whoever has this link can
    /// fetch it, without a token beside it: keep it to yourself. It is good for an hour, and once: when all of it was
    /// downloaded it is gone. It ends before that with the session that it was shown to (by signing out, a new
    /// password or a recovery), and when another session asks. Ask for this field again for another link.
    pub url: Option<String>,
}

impl DataExport {
    /// What `row` is now to who is here in `session`.
    pub fn new(app: &App, row: &data_export::Model, session: Uuid) -> Self {
        let is_ready = row.state == values::ExportState::Ready;
        let is_there = is_ready && row.expires_at.is_some_and(|at| at > app.clock.now());
        let is_shown = is_there && row.session_id == Some(session);
        let url = is_shown.then(|| link::write(app, [row.user_id, row.id], session));
        Self {
            id: NodeId::new(Kind::DataExport, [row.user_id, row.id]),
            state: row.state.into(),
            progress: progress(row),
            requested_at: row.requested_at.into(),
            ready_at: row.ready_at.map(Into::into),
            expires_at: row.expires_at.map(Into::into),
            size: row.ready_at.map(|_| int(row.size)),
            // Without a key there is no link.
            url: url.and_then(Result::ok),
        }
    }
}

/// Numbers of rows are far from where they would not be exact.
#[allow(clippy::cast_precision_loss)]
fn progress(row: &data_export::Model) -> f64 {
    match row.state {
        _ if row.ready_at.is_some() => 1.0,
        values::ExportState::Running if row.rows_total > 0 => {
            (row.rows_done as f64 / row.rows_total as f64).min(1.0)
        }
        _ => 0.0,
    }
}

connection! {
    /// A page of your copies of your data.
    DataExportConnection,
    /// A copy of your data in a list.
    DataExportEdge {},
    DataExport,
    /// How many there are; always null: there are few.
    Option<i32>
}
