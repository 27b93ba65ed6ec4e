//! The kinds of notifications, and which of them a user wants.

use entity::values::NotificationKind;
use sea_orm::Iterable;

/// What stands for `kind` among those that are not wanted: for ever.
pub fn bit(kind: NotificationKind) -> i64 {
    match kind {
        NotificationKind::FriendRequestReceived => 1,
        NotificationKind::FriendshipBegun => 1 << 1,
        NotificationKind::DiaryCommented => 1 << 2,
        NotificationKind::IntroductionWritten => 1 << 3,
        NotificationKind::KiribanReached => 1 << 4,
        NotificationKind::KiribanHit => 1 << 5,
        NotificationKind::RestEnded => 1 << 6,
        NotificationKind::PlanBegun => 1 << 7,
        NotificationKind::PlanPaymentFailed => 1 << 8,
        NotificationKind::PlanEnded => 1 << 9,
    }
}

/// The kinds that are wanted where `unwanted` are not. (One that is newer than a choice is wanted.)
pub fn wanted(unwanted: i64) -> Vec<NotificationKind> {
    NotificationKind::iter()
        .filter(|kind| bit(*kind) & unwanted == 0)
        .collect()
}

/// What is not wanted where `wanted` are.
pub fn unwanted(wanted: &[NotificationKind]) -> i64 {
    let others = NotificationKind::iter().filter(|kind| !wanted.contains(kind));
    others.map(bit).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_what_is_told_of() {
        let all: Vec<_> = NotificationKind::iter().collect();
        assert_eq!(wanted(0), all);
        assert_eq!(unwanted(&all), 0);
        for kind in all.iter().copied() {
            let others = unwanted(&[kind]);
            assert_eq!(wanted(others), [kind]);
            assert_eq!(others + bit(kind), unwanted(&[]));
        }
        assert!(wanted(unwanted(&[])).is_empty());
        // What no kind of today is.
        assert_eq!(wanted(1 << 40), all);
    }
}
