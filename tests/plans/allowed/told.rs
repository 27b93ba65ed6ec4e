//! Those of kiriban, and of what users are told.

use super::{Allowed, allowed, several};
use crate::plans::bounds::PASSED_OVER;

const COMING: &str = "a user has at most ten numbers that are still to come";
const REACHED: &str = "the numbers that one user reached with one owner, of which few are named";
const OF_ANOTHER: &str = "what one user is told of another, within ninety days";

/// On PostgreSQL alone.
pub const TOLD: &[Allowed] = &[
    allowed(
        "SELECT owner_id, number FROM kiribans WHERE owner_id = $1 AND number > $2",
        "kiribans_pkey",
        COMING,
    ),
    allowed(
        "SELECT k.owner_id, k.number FROM unnest",
        "kiribans_pkey",
        COMING,
    ),
    allowed(
        "FROM kiribans AS t WHERE t.visitor_id = $1",
        "idx_kiribans_visitor_id_owner_id_number",
        "for an export, the numbers that one user reached",
    ),
    allowed(
        "UPDATE kiribans SET visitor_id = NULL, named_to_all = $5 WHERE owner_id = $1",
        "idx_kiribans_visitor_id_owner_id_number",
        REACHED,
    ),
    several(
        "DELETE FROM notifications WHERE user_id = $1 AND actor_id = $2 AND kind",
        "idx_notifications_actor_id_user_id_id",
        OF_ANOTHER,
    ),
    allowed(
        "UPDATE notifications SET actor_id",
        "idx_notifications_actor_id_user_id_id",
        OF_ANOTHER,
    ),
    allowed(
        "DELETE FROM notifications WHERE user_id = $1 AND id IN (SELECT c.id FROM diary_comments",
        "diary_comments_pkey",
        "the comments of one thread, as it is removed with its diary",
    ),
    allowed(
        "AND day < $2 ORDER BY number LIMIT $3",
        PASSED_OVER,
        "the oldest first: those that are past come before those that stay",
    ),
    allowed(
        r#"FROM "notifications" WHERE "notifications"."user_id" = $1 AND "notifications"."number" > $2"#,
        "idx_notifications_user_id_number",
        "what one user has not read, within ninety days, as it is marked",
    ),
];
