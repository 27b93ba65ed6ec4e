//! Who looks in the matrix.

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Anonymous,
    Stranger,
    Second,
    Friend,
    /// A friend who is in the target's group.
    Grouped,
    /// The target blocks them.
    Blocked,
    /// They block the target.
    Blocker,
    /// A stranger: of them and the target one is under 18, and one is not.
    Apart,
    Administrator,
    Moderator,
    Target,
}

impl Who {
    pub const ALL: [Self; 11] = [
        Self::Anonymous,
        Self::Stranger,
        Self::Second,
        Self::Friend,
        Self::Grouped,
        Self::Blocked,
        Self::Blocker,
        Self::Apart,
        Self::Administrator,
        Self::Moderator,
        Self::Target,
    ];

    /// Whether the target is hidden from them.
    pub fn is_hidden(self) -> bool {
        matches!(self, Self::Blocked | Self::Blocker)
    }

    /// Whether they look after what is reported. (The target does, too, but not after their own.)
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Administrator | Self::Moderator)
    }

    /// Whether they see what is for the audience at `place` of all, the widest first.
    pub fn sees(self, place: usize) -> bool {
        let most = match self {
            Self::Blocked | Self::Blocker => 0,
            Self::Anonymous | Self::Apart => 1,
            Self::Stranger | Self::Administrator | Self::Moderator => 2,
            Self::Second => 3,
            Self::Friend => 4,
            Self::Grouped => 5,
            Self::Target => 6,
        };
        place < most
    }
}
