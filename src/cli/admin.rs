//! `ashiato admin`: what only who holds the database may do.

mod leaving;
mod moderation;

use std::{
    io::{BufRead, IsTerminal, Write},
    path::Path,
    sync::Arc,
};

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use entity::values::{AuditAct, Role};
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::examples;
use crate::{
    account::{
        phone::service::take_off,
        reset::{disable_two_factor, reset_password},
    },
    app::{App, Parts},
    code::Code,
    config::{DEFAULT_DATABASE_URL, Rules},
    database::Place,
    indexing,
    invitation::service::{self as invitations, Wish},
    photo::kept::Keeping,
    rejection::Rejection,
    user::{
        loader::id_by_username,
        roles::{give_role, make_tarento, record},
    },
};

/// Changes what a user is, or what they sign in with
#[derive(Args, Clone, Debug)]
pub struct AdminArgs {
    /// What to change.
    #[command(subcommand)]
    pub change: Change,
    /// The database: sqlite://FILE, or postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(
        long,
        global = true,
        env = "ASHIATO_DATABASE_URL",
        hide_env_values = true,
        default_value = DEFAULT_DATABASE_URL
    )]
    pub database_url: String,
}

/// What can be changed.
#[derive(Clone, Debug, Subcommand)]
pub enum Change {
    /// Recognises a user as a tarento, who has no limit of friends
    #[command(after_help = examples::TARENTO)]
    Tarento {
        /// Whom
        username: String,
        /// Ends it instead: the friends stay
        #[arg(long, env = "ASHIATO_ADMIN_OFF")]
        off: bool,
    },
    /// Gives a user a role
    #[command(after_help = examples::ROLE)]
    Role {
        /// Whom
        username: String,
        /// MEMBER, MODERATOR or ADMINISTRATOR
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Prints the code of a new invitation, whatever the inviter has made before
    #[command(after_help = examples::INVITE)]
    Invite {
        /// Who invites: the service itself, where nobody is named
        #[arg(long, env = "ASHIATO_ADMIN_BY")]
        by: Option<String>,
        /// How many people can join by it
        #[arg(long, env = "ASHIATO_ADMIN_PLACES", default_value_t = 1)]
        places: i32,
        /// How many days it lasts
        #[arg(long, env = "ASHIATO_ADMIN_DAYS", default_value_t = 14)]
        days: i32,
    },
    /// Gives a user the password that is read from standard input, and ends the user's sessions and
    /// recovery codes
    #[command(after_help = examples::PASSWORD)]
    Password {
        /// Whom
        username: String,
    },
    /// Has a user's account be deleted, as if they had asked for it: they have some days in which they can sign in
    /// and cancel it
    ///
    /// For who asks for it and cannot do it. Whoever is to be kept out is suspended: who is suspended does not come
    /// in, and so cancels nothing, and their account stays until that is lifted. With `--now` it is deleted at once,
    /// also that of who is suspended.
    #[command(after_help = examples::DELETE_ACCOUNT)]
    DeleteAccount {
        /// Whose
        username: String,
        /// Deletes it here and now, whatever else there is: there is no way back
        #[arg(long, env = "ASHIATO_ADMIN_NOW")]
        now: bool,
    },
    /// Lists what was reported and waits for a moderator, the oldest first
    #[command(after_help = examples::REPORTS)]
    Reports {
        /// How many at most
        #[arg(long, env = "ASHIATO_ADMIN_FIRST", default_value_t = 100,
              value_parser = clap::value_parser!(i32).range(1..=100))]
        first: i32,
    },
    /// Suspends a user: ends their sessions, and has them be absent for everybody but moderators and
    /// administrators
    #[command(after_help = examples::SUSPEND)]
    Suspend {
        /// Whom
        username: String,
        /// What the user is told who signs in
        #[arg(long, env = "ASHIATO_ADMIN_REASON")]
        reason: String,
        /// How many days it lasts: until it is lifted if not given
        #[arg(long, env = "ASHIATO_ADMIN_DAYS", value_parser = clap::value_parser!(i64).range(1..=36_500))]
        days: Option<i64>,
    },
    /// Lifts the suspension of a user
    #[command(after_help = examples::LIFT)]
    Lift {
        /// Whose
        username: String,
    },
    /// Takes the second factor from a user who has lost it: the password signs in alone then
    #[command(after_help = examples::DISABLE_TWO_FACTOR)]
    DisableTwoFactor {
        /// From whom
        username: String,
    },
    /// Has searches find every diary and review anew, while the service runs
    ///
    /// The service itself has them find what is new, and what they do not find as it is. This is for who is in doubt.
    #[command(after_help = examples::REINDEX)]
    Reindex,
    /// Takes the mobile number off a user who has lost it: whoever is given it next recovers nothing by it
    #[command(after_help = examples::REMOVE_PHONE)]
    RemovePhone {
        /// From whom
        username: String,
    },
}

fn role(word: &str) -> Result<Role, String> {
    Role::try_from_value(&word.to_ascii_uppercase())
        .map_err(|_| "MEMBER, MODERATOR or ADMINISTRATOR".to_owned())
}

/// Changes what `args` say, and says what it did.
///
/// # Errors
/// A sentence that says what stood against it.
pub async fn run(args: AdminArgs) -> anyhow::Result<()> {
    let place = Place::new(args.database_url);
    anyhow::ensure!(
        place.file().is_none_or(Path::exists),
        "there is no database at `{place}`: name the server's with --database-url"
    );
    let app = App::open(Parts {
        photos: Keeping::Elsewhere,
        ..Parts::new(place, Rules::default())
    })
    .await?;
    let done = change(&app, args.change, std::io::stdin().lock()).await;
    app.database.close().await;
    println!("{}", done?);
    Ok(())
}

/// Makes `change`; a password is the first line of `input`. Says what was done.
///
/// # Errors
/// A sentence that says what stood against it.
pub async fn change(app: &Arc<App>, change: Change, input: impl BufRead) -> anyhow::Result<String> {
    match change {
        Change::Tarento { username, off } => {
            let id = named(app, &username).await?;
            let shared = app.clone();
            app.database
                .write(move |tx| {
                    let app = shared.clone();
                    Box::pin(async move { make_tarento(&app, tx, None, id, !off).await })
                })
                .await
                .map_err(refused)?;
            Ok(if off {
                format!("{username} is no tarento any more, and keeps all friends")
            } else {
                format!("{username} is a tarento")
            })
        }
        Change::Role { username, role } => {
            let id = named(app, &username).await?;
            let shared = app.clone();
            app.database
                .write(move |tx| {
                    let app = shared.clone();
                    Box::pin(async move { give_role(&app, tx, None, id, role).await })
                })
                .await
                .map_err(refused)?;
            Ok(format!("{username} has the role {}", role.to_value()))
        }
        Change::Invite { by, places, days } => {
            let inviter = match by {
                Some(username) => named(app, &username).await?,
                None => Uuid::nil(),
            };
            let wish = Wish { places, days }.check().map_err(refused)?;
            let code = Code::draw(&app.ids);
            let shared = app.clone();
            app.database
                .write(move |tx| {
                    let app = shared.clone();
                    Box::pin(async move {
                        invitations::write(&app, tx, inviter, wish, code).await?;
                        let detail = format!("{} places", wish.places);
                        record(&app, tx, None, AuditAct::InvitationMade, inviter, detail).await
                    })
                })
                .await
                .map_err(refused)?;
            Ok(code.write())
        }
        Change::Password { username } => {
            // An unknown name is said before anybody thinks of a password.
            let id = named(app, &username).await?;
            let ended = reset_password(app, id, read_password(input)?)
                .await
                .map_err(refused)?;
            Ok(format!(
                "{username} has a new password; {ended} sessions have ended"
            ))
        }
        Change::DeleteAccount { username, now } => leaving::delete(app, &username, now).await,
        Change::Reports { first } => moderation::open_reports(app, first).await,
        Change::Suspend {
            username,
            reason,
            days,
        } => moderation::suspend(app, &username, reason, days).await,
        Change::Lift { username } => moderation::lift(app, &username).await,
        Change::DisableTwoFactor { username } => {
            let id = named(app, &username).await?;
            let had = disable_two_factor(app, id).await.map_err(refused)?;
            Ok(if had {
                format!("{username} signs in by the password alone")
            } else {
                format!("{username} had no second factor")
            })
        }
        Change::Reindex => {
            let texts = indexing::all_anew(app).await?;
            Ok(format!("searches find {texts} diaries and reviews anew"))
        }
        Change::RemovePhone { username } => {
            let id = named(app, &username).await?;
            let had = take_off(app, id).await.map_err(refused)?;
            Ok(if had {
                format!("{username} has no mobile number any more")
            } else {
                format!("{username} had no mobile number")
            })
        }
    }
}

async fn named(app: &App, username: &str) -> anyhow::Result<Uuid> {
    id_by_username(app, username)
        .await?
        .ok_or_else(|| anyhow!("there is no user with the name `{username}`"))
}

fn read_password(mut input: impl BufRead) -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        eprint!("The new password (it is shown while you type): ");
        std::io::stderr().flush()?;
    }
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        bail!("no password: give it as a line on standard input");
    }
    // Spaces are part of a password; the end of the line is not.
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn refused(rejection: Rejection) -> anyhow::Error {
    anyhow!(rejection.in_words())
}
