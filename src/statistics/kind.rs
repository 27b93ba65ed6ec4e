//! What is counted.

/// So many count before they are shown apart.
pub const FEWEST: i64 = 10;

/// Whether `one` can be shown beside `other`, so that what they differ by is nothing, or is not few either.
pub fn is_apart(one: i64, other: i64) -> bool {
    let apart = one.abs_diff(other);
    apart == 0 || apart >= FEWEST.unsigned_abs()
}

/// What a figure counts. Some fall into groups, each with a word of its own (`part`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Of a day: who has an account at its end.
    Users,
    /// Of a day: those of them who joined in a month, such as `2006-05`.
    Joined,
    /// Of a day: who did anything on it.
    Active,
    /// Of a day: who did anything within the 30 days to its end.
    MonthlyActive,
    /// Of a day: friendships.
    Friendships,
    /// Of a day: diaries.
    Diaries,
    /// Of a day: reviews.
    Reviews,
    /// Of a day: footprints.
    Footprints,
    /// Of a month: [`Kind::MonthlyActive`] of its last day that was counted.
    ActiveOfMonth,
    /// Of a month: operations, by what they came with.
    Access,
    /// Of a month: the users by age, as they are told (see [`super::sums::told`]).
    Age,
    /// Of a month: the users by sex, as they are told.
    Sex,
    /// Of a month: the users by where they are at home, as they are told.
    Region,
}

impl Kind {
    const ALL: [Self; 13] = [
        Self::Users,
        Self::Joined,
        Self::Active,
        Self::MonthlyActive,
        Self::Friendships,
        Self::Diaries,
        Self::Reviews,
        Self::Footprints,
        Self::ActiveOfMonth,
        Self::Access,
        Self::Age,
        Self::Sex,
        Self::Region,
    ];

    /// The word in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Users => "USERS",
            Self::Joined => "JOINED",
            Self::Active => "ACTIVE",
            Self::MonthlyActive => "MONTHLY_ACTIVE",
            Self::Friendships => "FRIENDSHIPS",
            Self::Diaries => "DIARIES",
            Self::Reviews => "REVIEWS",
            Self::Footprints => "FOOTPRINTS",
            Self::ActiveOfMonth => "ACTIVE_OF_MONTH",
            Self::Access => "ACCESS",
            Self::Age => "AGE",
            Self::Sex => "SEX",
            Self::Region => "REGION",
        }
    }

    /// The kind with the `word`.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
