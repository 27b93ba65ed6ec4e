//! The SQL of orders, of who pays, and of what a provider told and is to be told.
//!
//! Who holds several holds users first, then who pays, then their orders.

pub mod ledger;

use chrono::{DateTime, Utc};
use entity::{order, payer, payment_ending, payment_event, payment_values::EndingWay};
use foldhash::HashMap;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{Page, Position, Slice, by_keys, columns},
    sql::{self, Sql, is_ended, is_of, row},
};

row! {
    order::Model { user_id, id, plan, yen, megabytes, take_backs, state, payer_id, customer, created_at, open_until, checkout, checkout_url, subscription, paid_at, paid_until, holds_until, failed_at, cancelled_at, ended_at, told_at, paid_yen, refunded_yen }
    payer::Model { customer, payer_id, user_id }
    payment_ending::Model { reference, way, next_at, tries }
}

/// What names an order: whose it is, and its own id.
pub type OrderKey = [Uuid; 2];

/// The order with `key`.
pub async fn find(
    db: &impl ConnectionTrait,
    [user, id]: OrderKey,
) -> Result<Option<order::Model>, DbErr> {
    order::Entity::find_by_id((user, id)).one(db).await
}

/// The orders with `keys`.
pub async fn by_users_and_ids(
    db: &impl Source,
    keys: &[OrderKey],
) -> Result<HashMap<OrderKey, order::Model>, DbErr> {
    let key_of = |row: &order::Model| [row.user_id, row.id];
    by_keys(db, "orders", ["user_id", "id"], keys, key_of).await
}

/// Holds the order with `key` until the transaction ends, and gives it as it is then.
pub async fn hold(db: &impl ConnectionTrait, key: OrderKey) -> Result<Option<order::Model>, DbErr> {
    sql::hold(db, "orders", ["user_id", "id"], key).await?;
    find(db, key).await
}

/// `page` of the orders of `user`, the last one first.
pub async fn page(
    db: &impl ConnectionTrait,
    user: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<order::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, above) = (
        sql.bind(user),
        sql.bind(page.after.unwrap_or_else(Uuid::greatest)),
    );
    let limit = sql.bind(i64::from(page.limit + 1));
    let read = columns::<order::Model>("t");
    let text = format!(
        "SELECT {read} FROM orders AS t WHERE t.user_id = {user} AND t.id < {above} \
         ORDER BY t.id DESC LIMIT {limit}"
    );
    Ok(Slice::new(sql.models(db, text).await?, page))
}

/// `page` of the orders of `user`, the first first.
pub async fn oldest(
    db: &impl ConnectionTrait,
    user: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<order::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, after) = (
        sql.bind(user),
        sql.bind(page.after.unwrap_or_else(Uuid::least)),
    );
    let limit = sql.bind(i64::from(page.limit + 1));
    let read = columns::<order::Model>("t");
    let text = format!(
        "SELECT {read} FROM orders AS t WHERE t.user_id = {user} AND t.id > {after} \
         ORDER BY t.id LIMIT {limit}"
    );
    Ok(Slice::new(sql.models(db, text).await?, page))
}

/// The order whose plan is in effect for `user` at `now`: of several the one that holds the longest.
pub async fn in_effect(
    db: &impl ConnectionTrait,
    user: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<order::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, now) = (sql.bind(user), sql.bind(now));
    let read = columns::<order::Model>("t");
    let text = format!(
        "SELECT {read} FROM orders AS t WHERE t.user_id = {user} AND t.holds_until > {now} \
         ORDER BY t.holds_until DESC LIMIT 1"
    );
    Ok(sql.models(db, text).await?.pop())
}

/// Writes a new order.
pub async fn insert(db: &impl ConnectionTrait, row: order::Model) -> Result<(), DbErr> {
    order::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Writes what has become of `order`, which is held.
pub async fn write(db: &impl ConnectionTrait, order: &order::Model) -> Result<(), DbErr> {
    use order::Column::{
        CancelledAt, Checkout, CheckoutUrl, Customer, EndedAt, FailedAt, HoldsUntil, Id, OpenUntil,
        PaidAt, PaidUntil, PaidYen, RefundedYen, State, Subscription, ToldAt, UserId,
    };
    order::Entity::update_many()
        .col_expr(State, Expr::value(order.state.to_value()))
        .col_expr(Customer, Expr::value(order.customer.clone()))
        .col_expr(OpenUntil, Expr::value(order.open_until))
        .col_expr(Checkout, Expr::value(order.checkout.clone()))
        .col_expr(CheckoutUrl, Expr::value(order.checkout_url.clone()))
        .col_expr(Subscription, Expr::value(order.subscription.clone()))
        .col_expr(PaidAt, Expr::value(order.paid_at))
        .col_expr(PaidUntil, Expr::value(order.paid_until))
        .col_expr(HoldsUntil, Expr::value(order.holds_until))
        .col_expr(FailedAt, Expr::value(order.failed_at))
        .col_expr(CancelledAt, Expr::value(order.cancelled_at))
        .col_expr(EndedAt, Expr::value(order.ended_at))
        .col_expr(ToldAt, Expr::value(order.told_at))
        .col_expr(PaidYen, Expr::value(order.paid_yen))
        .col_expr(RefundedYen, Expr::value(order.refunded_yen))
        .filter(UserId.eq(order.user_id))
        .filter(Id.eq(order.id))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes up to `limit` orders of `user`. Says how many there were.
pub async fn remove(db: &impl ConnectionTrait, user: Uuid, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, limit) = (sql.bind(user), sql.bind(limit));
    let first = format!("SELECT id FROM orders WHERE user_id = {user} ORDER BY id LIMIT {limit}");
    let these = is_of(&sql, "id", &first);
    let text = format!("DELETE FROM orders WHERE user_id = {user} AND {these}");
    sql.run(db, text).await
}

/// Whether `user` has ordered anything.
pub async fn has_orders(db: &impl ConnectionTrait, user: Uuid) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let text = format!("SELECT 1 FROM orders WHERE user_id = {user} LIMIT 1");
    Ok(!sql.rows(db, text).await?.is_empty())
}

/// Writes who pays, unless that is known.
pub async fn add_payer(db: &impl ConnectionTrait, row: payer::Model) -> Result<(), DbErr> {
    payer::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Holds who pays until the transaction ends: of what is told of them one thing comes after the other.
pub async fn hold_payer(
    db: &impl ConnectionTrait,
    customer: &str,
) -> Result<Option<payer::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let customer = sql.bind(customer);
    let hold = match sql.is_postgres() {
        true => " FOR NO KEY UPDATE",
        false => "",
    };
    let read = columns::<payer::Model>("t");
    let text = format!("SELECT {read} FROM payers AS t WHERE t.customer = {customer}{hold}");
    Ok(sql.models(db, text).await?.pop())
}

/// Forgets whose `customer` is.
pub async fn forget_payer(db: &impl ConnectionTrait, customer: &str) -> Result<(), DbErr> {
    payer::Entity::update_many()
        .col_expr(payer::Column::UserId, Expr::value(None::<Uuid>))
        .filter(payer::Column::Customer.eq(customer))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that something was told. Says whether it is heard for the first time.
pub async fn note(db: &impl ConnectionTrait, row: payment_event::Model) -> Result<bool, DbErr> {
    let noted = payment_event::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(noted == 1)
}

/// Forgets up to `limit` of the things that were told before `before`. Says how many there were.
pub async fn purge(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let these = is_ended(&mut sql, "payment_events", "id", "at", before, limit);
    let text = format!("DELETE FROM payment_events WHERE {these}");
    sql.run(db, text).await
}

/// Has the provider be told to end `reference`, or not to, from `now` on. What is to end at once goes on to be so.
pub async fn end_later(
    db: &impl ConnectionTrait,
    reference: &str,
    way: EndingWay,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (reference, way, now) = (sql.bind(reference), sql.bind(way.to_value()), sql.bind(now));
    let text = format!(
        "INSERT INTO payment_endings (reference, way, next_at, tries) VALUES ({reference}, {way}, {now}, 0) \
         ON CONFLICT (reference) DO UPDATE SET next_at = excluded.next_at, tries = 0, \
         way = CASE WHEN payment_endings.way = 'AT_ONCE' THEN 'AT_ONCE' ELSE excluded.way END"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Whether the provider is yet to be told something of `reference`.
pub async fn is_to_be_told(db: &impl ConnectionTrait, reference: &str) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let reference = sql.bind(reference);
    let text = format!("SELECT 1 FROM payment_endings WHERE reference = {reference}");
    Ok(!sql.rows(db, text).await?.is_empty())
}

/// Up to `limit` things that the provider is to be told to end now.
pub async fn to_end(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<payment_ending::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (now, limit) = (sql.bind(now), sql.bind(limit));
    let read = columns::<payment_ending::Model>("t");
    let text = format!(
        "SELECT {read} FROM payment_endings AS t WHERE t.next_at <= {now} \
         ORDER BY t.next_at LIMIT {limit}"
    );
    sql.models(db, text).await
}

/// Forgets `ending`, which the provider was told; unless it is to be told something else since.
pub async fn ended(db: &impl ConnectionTrait, ending: &payment_ending::Model) -> Result<(), DbErr> {
    use payment_ending::Column::{NextAt, Way};
    payment_ending::Entity::delete_by_id(ending.reference.clone())
        .filter(Way.eq(ending.way))
        .filter(NextAt.eq(ending.next_at))
        .exec(db)
        .await?;
    Ok(())
}

/// Has `ending`, which was in vain, be tried again at `next`; unless it is to be told something else since.
pub async fn put_off(
    db: &impl ConnectionTrait,
    ending: &payment_ending::Model,
    next: DateTime<Utc>,
) -> Result<(), DbErr> {
    use payment_ending::Column::{NextAt, Reference, Tries, Way};
    payment_ending::Entity::update_many()
        .col_expr(NextAt, Expr::value(next))
        .col_expr(Tries, Expr::value(ending.tries + 1))
        .filter(Reference.eq(ending.reference.as_str()))
        .filter(Way.eq(ending.way))
        .filter(NextAt.eq(ending.next_at))
        .exec(db)
        .await?;
    Ok(())
}
