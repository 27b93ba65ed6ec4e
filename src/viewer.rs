//! Who asks. Known once a request or socket, from its bearer token.

use uuid::Uuid;

use crate::{error::Error, lsn::Lsn};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// No token was sent. (A token that is not valid is an error, never this.)
    Anonymous,
    /// A signed-in user.
    Member(Member),
}

/// A signed-in user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    /// The user.
    pub id: Uuid,
    /// The session that the token stands for.
    pub session: Uuid,
}

/// Who asks, and what they must find: their own writes.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// Who.
    pub viewer: Viewer,
    /// Where the primary's log stood after the last write of their session.
    pub wrote: Lsn,
    /// Whether what is kept beyond a request is for them, too.
    pub reads_kept: bool,
    /// Whether there may be blocks of theirs, or against them: nearly nobody has any, and they need
    /// not be asked for.
    pub has_blocks: bool,
    /// Whether they are known to see the names of those who visit them: nearly everybody does.
    pub sees_names: bool,
    /// Whether they may have chosen to rest: nearly nobody rests, and it need not be looked for.
    pub has_rest: bool,
}

impl Caller {
    /// Nobody who is signed in.
    pub const ANONYMOUS: Self = Self {
        viewer: Viewer::Anonymous,
        wrote: Lsn::OLDEST,
        reads_kept: true,
        has_blocks: false,
        sees_names: false,
        has_rest: false,
    };
}

impl Viewer {
    /// The user's id, if one is signed in.
    pub fn id(&self) -> Option<Uuid> {
        self.member().ok().map(|member| member.id)
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// [`Error::SignInRequired`] for [`Viewer::Anonymous`].
    pub fn member(&self) -> Result<Member, Error> {
        match self {
            Self::Anonymous => Err(Error::SignInRequired),
            Self::Member(member) => Ok(*member),
        }
    }
}
