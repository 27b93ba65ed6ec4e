//! The paths of all rooms.

use super::{
    brand_paths, discovery, group_paths, introduction_paths, kiriban_paths, moderation,
    music_paths, notification_paths,
    paths::{PATHS, Path},
    photo_paths, search_paths,
};

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Path> {
    let of_rooms = [
        PATHS,
        group_paths::GROUP_PATHS,
        discovery::PATHS,
        introduction_paths::PATHS,
        kiriban_paths::PATHS,
        notification_paths::PATHS,
        music_paths::PATHS,
        photo_paths::PATHS,
        search_paths::PATHS,
        brand_paths::PATHS,
        moderation::PATHS,
    ];
    of_rooms.into_iter().flatten()
}
