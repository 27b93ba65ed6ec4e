//! The SQL of invitations.

use chrono::{DateTime, Utc};
use entity::{invitation, invitation_code, invitee, inviter};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{List, Narrow, Page, Slice, children},
    sql::{Sql, remove_ended, row},
};

row! {
    invitation::Model { inviter_id, id, places, used, created_at, expires_at }
    invitee::Model { inviter_id, user_id, invitation_id }
}

/// The invitations that somebody made.
const INVITATIONS: List<1> = List {
    table: "invitations",
    parent: ["inviter_id"],
    beside: ("users", ["id"]),
    order: "id",
    index: None,
    newest_first: true,
    brief: None,
};

/// Those who joined by somebody's invitations.
const INVITEES: List<1> = List {
    table: "invitees",
    parent: ["inviter_id"],
    beside: ("users", ["id"]),
    order: "user_id",
    index: None,
    newest_first: true,
    brief: None,
};

/// What names an invitation: its inviter and its own id.
pub type InvitationKey = [Uuid; 2];

/// Writes an invitation.
pub async fn insert(db: &impl ConnectionTrait, row: invitation::Model) -> Result<(), DbErr> {
    invitation::Entity::insert(invitation::ActiveModel {
        inviter_id: Set(row.inviter_id),
        id: Set(row.id),
        places: Set(row.places),
        used: Set(row.used),
        created_at: Set(row.created_at),
        expires_at: Set(row.expires_at),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Has a code with `hash` lead to the invitation with `key` until `expires_at`.
pub async fn direct(
    db: &impl ConnectionTrait,
    hash: Vec<u8>,
    [inviter, id]: InvitationKey,
    expires_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    invitation_code::Entity::insert(invitation_code::ActiveModel {
        code_hash: Set(hash),
        inviter_id: Set(inviter),
        invitation_id: Set(id),
        expires_at: Set(expires_at),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// How many codes lead to invitations of `inviter` by which somebody can join at `now`. (In two statements: a
/// code lies by its hash, its invitation beside the inviter.)
pub async fn codes(
    db: &impl ConnectionTrait,
    inviter: Uuid,
    now: DateTime<Utc>,
) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let (of_inviter, at) = (sql.bind(inviter), sql.bind(now));
    let text = format!(
        "SELECT id FROM invitations WHERE inviter_id = {of_inviter} AND expires_at > {at} AND used < places"
    );
    let rows = sql.rows(db, text).await?;
    let open = rows.iter().map(|row| row.try_get_by_index(0));
    let open: Vec<Uuid> = open.collect::<Result<_, _>>()?;
    let mut sql = Sql::of(db);
    let (inviter, now) = (sql.bind(inviter), sql.bind(now));
    let these = sql.among("invitation_id", &open);
    let text = format!(
        "SELECT count(*) FROM invitation_codes WHERE inviter_id = {inviter} AND expires_at > {now} AND {these}"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// The invitation that the code with `hash` leads to, whether anybody can join by it still or not.
pub async fn by_code(
    db: &impl ConnectionTrait,
    hash: &[u8],
) -> Result<Option<invitation::Model>, DbErr> {
    let code = invitation_code::Entity::find_by_id(hash.to_vec());
    match code.one(db).await? {
        Some(code) => invitation(db, [code.inviter_id, code.invitation_id]).await,
        None => Ok(None),
    }
}

/// The invitation with `key`.
pub async fn invitation(
    db: &impl ConnectionTrait,
    [inviter, id]: InvitationKey,
) -> Result<Option<invitation::Model>, DbErr> {
    let row = invitation::Entity::find_by_id((inviter, id));
    row.one(db).await
}

/// How many places of the invitations of `inviter` are taken at `now`, or open still.
pub async fn places(
    db: &impl ConnectionTrait,
    inviter: Uuid,
    now: DateTime<Utc>,
) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let (inviter, now) = (sql.bind(inviter), sql.bind(now));
    let text = format!(
        "SELECT CAST(coalesce(sum(CASE WHEN expires_at > {now} THEN places ELSE used END), 0) AS bigint) \
         FROM invitations WHERE inviter_id = {inviter}"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// Takes one of the places that the invitation with `key` has at `now`. Says whether there was one:
/// of those who come at the same time, too, no more than there are get one.
pub async fn take_place(
    db: &impl ConnectionTrait,
    [inviter, id]: InvitationKey,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    use invitation::Column::{ExpiresAt, Id, InviterId, Places, Used};
    let taken = invitation::Entity::update_many()
        .col_expr(Used, Expr::col(Used).add(1))
        .filter(InviterId.eq(inviter))
        .filter(Id.eq(id))
        .filter(Expr::col(Used).lt(Expr::col(Places)))
        .filter(ExpiresAt.gt(now))
        .exec(db)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Notes that `user` joined by the invitation with `key`.
pub async fn remember(
    db: &impl ConnectionTrait,
    user: Uuid,
    [inviter_id, invitation_id]: InvitationKey,
) -> Result<(), DbErr> {
    inviter::Entity::insert(inviter::ActiveModel {
        user_id: Set(user),
        inviter_id: Set(inviter_id),
        invitation_id: Set(invitation_id),
    })
    .exec_without_returning(db)
    .await?;
    invitee::Entity::insert(invitee::ActiveModel {
        inviter_id: Set(inviter_id),
        user_id: Set(user),
        invitation_id: Set(invitation_id),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Ends the invitation with `key`: its codes and its open places are gone, and it, too, where nobody joined
/// by it.
pub async fn revoke(db: &impl ConnectionTrait, [inviter, id]: InvitationKey) -> Result<(), DbErr> {
    use invitation::Column::{CreatedAt, ExpiresAt, Id, InviterId, Used};
    invitation_code::Entity::delete_many()
        .filter(invitation_code::Column::InviterId.eq(inviter))
        .filter(invitation_code::Column::InvitationId.eq(id))
        .exec(db)
        .await?;
    let unused = invitation::Entity::delete_by_id((inviter, id)).filter(Used.eq(0));
    if unused.exec(db).await?.rows_affected == 1 {
        return Ok(());
    }
    // Over for every server, whatever its clock says.
    invitation::Entity::update_many()
        .col_expr(ExpiresAt, Expr::col(CreatedAt))
        .filter(InviterId.eq(inviter))
        .filter(Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Who brought `user` in; the nil id where it was the operator.
pub async fn inviter_of(db: &impl ConnectionTrait, user: Uuid) -> Result<Option<Uuid>, DbErr> {
    let row = inviter::Entity::find_by_id(user).one(db).await?;
    Ok(row.map(|row| row.inviter_id))
}

/// `page` of the invitations of `inviter`, newest first.
pub async fn invitations_page(
    db: &impl Source,
    inviter: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<invitation::Model>, DbErr> {
    let parent_of = |row: &invitation::Model| [row.inviter_id];
    let all = Narrow::All;
    let mut found = children(db, &INVITATIONS, &[[inviter]], page, &all, parent_of).await?;
    Ok(found.remove(&[inviter]).unwrap_or_default())
}

/// `page` of those who joined by invitations of `inviter`, the last first, but for `without`.
pub async fn invitees_page(
    db: &impl Source,
    inviter: Uuid,
    page: &Page<Uuid>,
    without: &[Uuid],
) -> Result<Slice<invitee::Model>, DbErr> {
    let parent_of = |row: &invitee::Model| [row.inviter_id];
    let narrow = Narrow::All.without("user_id", without);
    let mut found = children(db, &INVITEES, &[[inviter]], page, &narrow, parent_of).await?;
    Ok(found.remove(&[inviter]).unwrap_or_default())
}

/// Removes up to `limit` codes that expired before `now`, and of their invitations those by which nobody
/// joined. Says how many codes there were.
pub async fn purge(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let of = ["inviter_id", "invitation_id"];
    let keys = remove_ended(db, "invitation_codes", "code_hash", of, now, limit).await?;
    let mut sql = Sql::of(db);
    let ended = sql.keys("k", &keys);
    let text = format!(
        "DELETE FROM invitations WHERE (inviter_id, id) IN (SELECT k0, k1 FROM {ended}) AND used = 0"
    );
    sql.run(db, text).await?;
    Ok(keys.len().try_into().unwrap_or(u64::MAX))
}
