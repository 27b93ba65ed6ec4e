//! Those of orders.

use super::{Allowed, allowed};

const OF_A_MOMENT: &str = "what is to be told at one moment, to the microsecond, is one";

/// On PostgreSQL alone.
pub const ORDERS: &[Allowed] = &[
    allowed(
        r#"DELETE FROM "payment_endings" WHERE "payment_endings"."reference""#,
        "idx_payment_endings_next_at (next_at = $3)",
        OF_A_MOMENT,
    ),
    allowed(
        r#"UPDATE "payment_endings" SET "next_at""#,
        "idx_payment_endings_next_at (next_at = $5)",
        OF_A_MOMENT,
    ),
    allowed(
        "DELETE FROM orders WHERE user_id = $1 AND id = ANY(ARRAY(SELECT id FROM orders",
        "idx_orders_user_id_holds_until (user_id = $1)",
        "the orders of one user who goes, twenty at a time",
    ),
];
