//! What sessions and the codes of invitations put.

use super::{Allowed, TOKENS_OF_USER, allowed};

const FEW_SESSIONS: &str = "a user has 100 sessions at most, and a session 20 tokens";
const FEW_CODES: &str = "somebody has 100 codes of invitations at most";
const CODES_OF_INVITER: &str = "idx_invitation_codes_inviter_id_invitation_id (inviter_id = $1)";
const CODES_OF_INVITATION: &str =
    "idx_invitation_codes_inviter_id_invitation_id ((inviter_id = $1) AND (invitation_id = $2))";

/// On PostgreSQL alone.
pub const ACCOUNTS: &[Allowed] = &[
    allowed(
        "DELETE FROM session_tokens WHERE user_id = $1 AND session_id = ANY($2)",
        "idx_session_tokens_user_id_session_id (user_id = $1)",
        FEW_SESSIONS,
    ),
    allowed(
        "DELETE FROM sessions WHERE user_id = $1 AND id = ANY($2)",
        "sessions_pkey (user_id = $1)",
        FEW_SESSIONS,
    ),
    allowed(
        "SELECT id FROM sessions WHERE user_id = $1 AND id <> $2 AND expires_at > $3",
        "sessions_pkey (user_id = $1)",
        FEW_SESSIONS,
    ),
    allowed(
        r#"DELETE FROM "invitation_codes" WHERE "invitation_codes"."inviter_id" = $1"#,
        CODES_OF_INVITATION,
        FEW_CODES,
    ),
    allowed(
        "SELECT count(*) FROM invitation_codes WHERE inviter_id = $1 AND expires_at > $2",
        CODES_OF_INVITER,
        FEW_CODES,
    ),
    allowed(
        "SELECT id FROM invitations WHERE inviter_id = $1 AND expires_at > $2 AND used < places",
        "invitations_pkey (inviter_id = $1)",
        "a member makes few invitations, and those that nobody used go",
    ),
    allowed(
        "SELECT 1 FROM session_tokens WHERE user_id = $1 AND has_blocks <> $2 ORDER BY token_hash",
        TOKENS_OF_USER,
        "a user's tokens learn of the first block",
    ),
    allowed(
        "UPDATE session_tokens SET has_blocks = $2 WHERE user_id = $1",
        TOKENS_OF_USER,
        "a user's tokens learn of the first block",
    ),
    allowed(
        "SELECT 1 FROM session_tokens WHERE user_id = $1 AND sees_names <> $2 ORDER BY token_hash",
        TOKENS_OF_USER,
        "a user's tokens learn of the user's choice",
    ),
    allowed(
        "UPDATE session_tokens SET sees_names = $2 WHERE user_id = $1",
        TOKENS_OF_USER,
        "a user's tokens learn of the user's choice",
    ),
];
