//! What joining takes (rules.md, Users 3).

use clap::ValueEnum;

/// A way to join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// Whoever wants to
    Open,
    /// By the invitation of a member
    Invitation,
    /// By a Japanese mobile number that is verified
    Phone,
    /// By both together
    InvitationAndPhone,
}

impl Way {
    /// Whether it takes a mobile number.
    pub fn takes_phone(self) -> bool {
        matches!(self, Self::Phone | Self::InvitationAndPhone)
    }

    /// Whether it takes an invitation.
    pub fn takes_invitation(self) -> bool {
        matches!(self, Self::Invitation | Self::InvitationAndPhone)
    }
}
