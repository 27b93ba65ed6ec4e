//! The statements on groups of friends that may read much, on PostgreSQL, each with its reason.

use super::allowed::{Allowed, allowed, several};

const FEW: &str = "a user has at most 100 groups, and the close friends";
const OWN_GROUPS: &str = "a friend is in a hundred groups of one user at the most";
const OF_FRIEND: &str = "idx_friend_group_members_owner_id_friend_id ((owner_id";

pub const GROUPS: &[Allowed] = &[
    allowed(
        "DELETE FROM friend_group_members WHERE owner_id = $1 AND friend_id = $2",
        OF_FRIEND,
        OWN_GROUPS,
    ),
    allowed(
        "DELETE FROM friend_group_members WHERE owner_id = $1 AND group_id = $2",
        "((owner_id = $1) AND (group_id = $2))",
        "who is in one group: friends, who are at most 1,000 but for a tarento",
    ),
    allowed(
        "SELECT DISTINCT friend_id FROM friend_group_members",
        "(owner_id = $1)",
        "all who are in a group are told what is the newest for them",
    ),
    allowed(
        r#"FROM "friend_groups" WHERE "friend_groups"."owner_id" = $1 ORDER BY"#,
        "friend_groups_pkey (owner_id = $1)",
        FEW,
    ),
    allowed(
        "UPDATE friend_groups SET friend_count = friend_count - 1",
        "(owner_id = $1)",
        FEW,
    ),
    allowed(
        "SELECT m.friend_id, m.group_id FROM unnest",
        OF_FRIEND,
        OWN_GROUPS,
    ),
    allowed(
        "ORDER BY d.id DESC LIMIT 1) AS newest",
        OF_FRIEND,
        OWN_GROUPS,
    ),
    allowed(
        "SELECT m.owner_id, m.group_id, g.diary_count FROM",
        OF_FRIEND,
        OWN_GROUPS,
    ),
    several(
        "SELECT t.audience, coalesce(t.group_id IN",
        OF_FRIEND,
        OWN_GROUPS,
    ),
    allowed("m.friend_id IS NOT NULL FROM", OF_FRIEND, OWN_GROUPS),
    allowed(
        r#"UPDATE "diaries" SET "audience" = $1, "group_id" = $2"#,
        "((author_id = $3) AND (group_id = $4))",
        "what was for a group that is deleted is for its author alone from then on",
    ),
];
