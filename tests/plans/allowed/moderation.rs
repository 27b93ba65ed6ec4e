//! Those of who is absent, and of what is reported.

use super::{Allowed, allowed, several};
use crate::plans::bounds::{PASSED_OVER, WHOLE};

const FEW_STAFF: &str = "an index of those alone who look after what is reported";
const FEW_FIGURES: &str = "indexes of the public figures alone, who are few";
const GROUPS_OF_ABSENT: &str = "the groups of one user, each with the absent who are in it";
const ABSENT: &str = "who is absent, all of them, for the memory of each server";
const REPORTS: &str = "what waits for moderators; what is left out is theirs";
const ABSENT_COUNTED: &str = "what each of some parents has, where so many are absent that a look-up for each would take longer";

/// On PostgreSQL alone.
pub const POSTGRES: &[Allowed] = &[
    allowed(
        "DELETE FROM absences WHERE user_id",
        "absences_pkey (user_id = ANY ($0))",
        "a user has a row a cause",
    ),
    allowed(
        "SELECT count(*) FROM friend_requests",
        "idx_friend_requests_user_id_direction_id",
        "the requests that wait of one user, counted while somebody is absent",
    ),
    allowed(
        "SELECT id FROM users WHERE role <> 'MEMBER'",
        "the whole of idx_users_staff",
        FEW_STAFF,
    ),
    allowed(
        "SELECT id FROM users WHERE kind <> 'MEMBER'",
        "the whole of idx_users_figures",
        FEW_FIGURES,
    ),
    allowed(
        "SELECT id FROM users WHERE friend_count >",
        "idx_users_friend_count",
        FEW_FIGURES,
    ),
    allowed(
        "FROM friend_group_members AS t WHERE t.owner_id = p.k0 AND t.friend_id = i.k0",
        "idx_friend_group_members_owner_id_friend_id",
        GROUPS_OF_ABSENT,
    ),
    allowed(
        "SELECT subject, count(*) FROM reports",
        "idx_reports_subject_state",
        "the reports of each subject of a page, for moderators",
    ),
    allowed(
        "UPDATE reports SET state",
        "idx_reports_subject_state",
        "all reports of a subject that wait are settled together",
    ),
    several(
        "count(*) FILTER (WHERE t.",
        "a whole history",
        ABSENT_COUNTED,
    ),
];

/// On SQLite alone.
pub const SQLITE: &[Allowed] = &[
    allowed(
        "SELECT p.k0, p.k1, count(*) FILTER",
        "USE TEMP B-TREE FOR GROUP BY",
        ABSENT_COUNTED,
    ),
    allowed(
        "friend_group_members AS t WHERE t.owner_id = p.k0 AND t.group_id = p.k1",
        "USE TEMP B-TREE FOR GROUP BY",
        GROUPS_OF_ABSENT,
    ),
    allowed(
        "SELECT 1 FROM blocks WHERE user_id = $1 AND made IS NOT NULL LIMIT $2",
        "a whole ",
        "as many as one may block, and no more",
    ),
    allowed(
        "SELECT 1 FROM reports WHERE reporter_id = $1 AND created_at >= $2 LIMIT $3",
        WHOLE,
        "as many as one may report in a day, and no more",
    ),
    allowed(
        "SELECT id FROM users WHERE role <> 'MEMBER'",
        "USING INDEX idx_users_staff",
        FEW_STAFF,
    ),
    allowed(
        "SELECT id FROM users WHERE kind <> 'MEMBER'",
        "idx_users_figures",
        FEW_FIGURES,
    ),
];

/// On both.
pub const BOTH: &[Allowed] = &[
    allowed("SELECT user_id, until FROM absences", WHOLE, ABSENT),
    allowed("FROM reports AS t WHERE t.state = $1", PASSED_OVER, REPORTS),
];
