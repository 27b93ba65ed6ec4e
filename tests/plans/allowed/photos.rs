//! Those of photos.

use super::{Allowed, allowed};

const IN_A_DIARY: &str = "a diary has four photos at the most";

const OF_THE_GONE: &str = "whoever is asked about is gone, and has no photos but removed ones";

/// On PostgreSQL alone.
pub const PHOTOS: &[Allowed] = &[
    allowed(
        "CROSS JOIN photos AS t WHERE t.owner_id = p.k0 AND t.diary_id = p.k1",
        "idx_photos_owner_id_diary_id",
        IN_A_DIARY,
    ),
    allowed(
        "AND state <> 'REMOVED' AND diary_id = $",
        "idx_photos_owner_id_diary_id",
        IN_A_DIARY,
    ),
    allowed(
        "AND state <> 'REMOVED' AND id = ANY(ARRAY(SELECT id FROM photos",
        "idx_photos_owner_id_state_id (owner_id = $2)",
        "a user has as many photos as the space holds; these go a hundred at a time",
    ),
];

/// On SQLite alone.
pub const SQLITE: &[Allowed] = &[allowed(
    "t.owner_id = $1 AND t.state = 'REMOVED' ORDER BY t.id",
    "SEARCH t USING PRIMARY KEY (owner_id=?)",
    OF_THE_GONE,
)];
