//! Deleting accounts from the command line.

use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};

use super::{named, refused};
use crate::{
    account::leaving::deletion::{
        carry::{Progress, carry_out},
        service::order,
    },
    app::App,
};

/// Has the account of `username` be deleted, `now` under a progress bar where somebody looks. Says what was
/// done.
pub(super) async fn delete(app: &Arc<App>, username: &str, now: bool) -> anyhow::Result<String> {
    let id = named(app, username).await?;
    order(app, id, now).await.map_err(refused)?;
    if !now {
        return Ok(format!(
            "{username} is deleted in {} days; all sessions have ended",
            app.rules.account_deletion_days
        ));
    }
    let bar = ProgressBar::new_spinner().with_message(format!("deleting {username}"));
    let style = "{spinner} {msg}: {human_pos} rows [{elapsed}]";
    bar.set_style(ProgressStyle::with_template(style)?);
    let progress = carry_out(app, id, |removed| bar.inc(removed)).await;
    bar.finish_and_clear();
    Ok(match progress? {
        Progress::NotOurs => format!("{username} is being deleted by a server"),
        _ => format!("{username} is deleted; the name is given to nobody again"),
    })
}
