//! Those of who leaves, and of a search that leaves minors out.

use super::{Allowed, allowed, several};
use crate::plans::bounds::PASSED_OVER;

const REPORTS: &str =
    "the reports of one user that are settled; what waits for moderators is left out";
const GROUPS: &str = "the groups of one user who leaves: a hundred at the most";
const PARTED: &str = "the groups of a hundred friends whom one user is parted from";
const DUE: &str = "those whose account is to be deleted now; who is suspended waits";

/// On PostgreSQL alone.
pub const POSTGRES: &[Allowed] = &[
    several(
        "EXISTS (SELECT 1 FROM users AS b WHERE b.id = g.user_id AND b.birth_date <=",
        "Sort of a whole history",
        "of who bears so many signs it expects one, and sorts that",
    ),
    allowed(
        r#"DELETE FROM "friend_groups" WHERE "friend_groups"."owner_id""#,
        "idx_friend_groups_owner_id_name_key",
        GROUPS,
    ),
    allowed(
        "DELETE FROM friend_group_members WHERE owner_id = ANY",
        "idx_friend_group_members_owner_id",
        PARTED,
    ),
];

/// On both.
pub const BOTH: &[Allowed] = &[
    allowed(
        "SELECT user_id FROM account_deletions AS d",
        PASSED_OVER,
        DUE,
    ),
    several(r#"FROM "reports" WHERE "reports"."#, PASSED_OVER, REPORTS),
];
