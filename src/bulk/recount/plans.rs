//! The checks of the ledger, and of what orders say of it: as [`super::checks`] has the others. (A payer is on
//! another shard than their orders: each side is read whole first.)

use super::checks::DIFFERS;

/// What is checked, how, and which of the rows are wrong.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "ledger_entries: balances that add up",
        "SELECT e.payer_id, e.balance AS kept, (SELECT CAST(sum(l.yen) AS bigint) FROM ledger_entries AS l \
         WHERE l.payer_id = e.payer_id AND l.number <= e.number) AS counted FROM ledger_entries AS e",
        DIFFERS,
    ),
    (
        "ledger_entries: numbers without a gap",
        "SELECT e.payer_id, max(e.number) AS kept, count(*) AS counted FROM ledger_entries AS e \
         GROUP BY e.payer_id",
        DIFFERS,
    ),
    (
        "ledger_entries: what came in, and what went back",
        "SELECT e.payer_id, 1 AS kept, 0 AS counted FROM ledger_entries AS e \
         WHERE (e.kind = 'CHARGE' AND e.yen < 0) OR (e.kind IN ('REFUND', 'DISPUTE') AND e.yen >= 0) \
         OR (e.kind = 'REINSTATEMENT' AND e.yen <= 0) \
         OR (e.kind IN ('DISPUTE', 'REINSTATEMENT')) <> (e.dispute IS NOT NULL) OR e.number < 1",
        DIFFERS,
    ),
    (
        "ledger_entries: a bill is paid once",
        "SELECT e.payer_id, count(*) AS kept, 1 AS counted FROM ledger_entries AS e \
         WHERE e.kind = 'CHARGE' GROUP BY e.payer_id, e.reference",
        DIFFERS,
    ),
    (
        "ledger_entries: a dispute is lost once, and won once",
        "SELECT e.payer_id, count(*) AS kept, 1 AS counted FROM ledger_entries AS e \
         WHERE e.dispute IS NOT NULL GROUP BY e.payer_id, e.kind, e.dispute",
        DIFFERS,
    ),
    (
        "orders.paid_yen",
        "WITH l AS MATERIALIZED (SELECT payer_id, order_id, CAST(sum(yen) AS bigint) AS yen FROM ledger_entries \
         WHERE kind = 'CHARGE' AND order_id IS NOT NULL GROUP BY payer_id, order_id), \
         o AS MATERIALIZED (SELECT user_id, id, payer_id, paid_yen FROM orders) \
         SELECT o.user_id, o.id, o.paid_yen AS kept, coalesce(l.yen, 0) AS counted FROM o \
         LEFT JOIN l ON l.payer_id = o.payer_id AND l.order_id = o.id",
        DIFFERS,
    ),
    (
        "orders.refunded_yen",
        "WITH c AS MATERIALIZED (SELECT payer_id, order_id, reference FROM ledger_entries \
         WHERE kind = 'CHARGE' AND order_id IS NOT NULL), \
         r AS MATERIALIZED (SELECT payer_id, reference, yen FROM ledger_entries WHERE kind <> 'CHARGE'), \
         l AS MATERIALIZED (SELECT c.payer_id, c.order_id, CAST(-sum(r.yen) AS bigint) AS yen FROM c \
         JOIN r ON r.payer_id = c.payer_id AND r.reference = c.reference GROUP BY c.payer_id, c.order_id), \
         o AS MATERIALIZED (SELECT user_id, id, payer_id, refunded_yen FROM orders) \
         SELECT o.user_id, o.id, o.refunded_yen AS kept, coalesce(l.yen, 0) AS counted FROM o \
         LEFT JOIN l ON l.payer_id = o.payer_id AND l.order_id = o.id",
        DIFFERS,
    ),
    (
        "orders: paid where the ledger says so",
        "SELECT o.user_id, o.id, 1 AS kept, 0 AS counted FROM orders AS o \
         WHERE (o.state = 'PAID') <> (o.paid_at IS NOT NULL) OR (o.paid_until IS NULL) <> (o.holds_until IS NULL) \
         OR (o.paid_at IS NULL AND o.paid_yen > 0)",
        DIFFERS,
    ),
    (
        "payers: of whose orders they pay",
        "WITH p AS MATERIALIZED (SELECT customer, payer_id, user_id FROM payers WHERE user_id IS NOT NULL), \
         o AS MATERIALIZED (SELECT user_id, customer, payer_id FROM orders WHERE customer IS NOT NULL) \
         SELECT o.user_id, 1 AS kept, 0 AS counted FROM o LEFT JOIN p ON p.customer = o.customer \
         WHERE p.customer IS NULL OR p.user_id <> o.user_id OR p.payer_id <> o.payer_id",
        DIFFERS,
    ),
];
