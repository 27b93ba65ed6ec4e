//! Those of kiriban.

use super::{Allowed, allowed};

const COMING: &str = "a user has at most ten numbers that are still to come";
const REACHED: &str = "the numbers that one user reached with one owner, of which few are named";

/// On PostgreSQL alone.
pub const KIRIBANS: &[Allowed] = &[
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
];
