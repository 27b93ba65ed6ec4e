//! The demo's people.

use std::sync::Arc;

use chrono::{DateTime, Duration, TimeZone, Utc};
use entity::values::UserKind;

use super::{
    Profile, Settings,
    births::births,
    draw::{Draw, Part},
    names::Names,
    regions::homes,
};
use crate::{bulk::people::Person, config::Rules};

/// Who the examples sign in as, and the nicknames.
pub(super) const KNOWN: [(&str, &str); 2] = [("hanako", "花子"), ("taro", "タロウ")];
/// The tarento: user name, nickname, bio.
pub(super) const TARENTO: [(&str, &str, &str); 3] = [
    (
        "tsukino_hikari",
        "月野ひかり",
        "歌手です。新しいアルバム、できました。日記は本人が書いています。",
    ),
    (
        "kazami_ryota",
        "風見リョウタ",
        "芸人。深夜ラジオやってます。マイミク申請はなんでも通します。",
    ),
    (
        "minato_sensei",
        "漫画家ミナト",
        "漫画を描いています。締切前は更新が増えます。",
    ),
];

const BIOS: &str = include_str!("texts/bios.txt");

/// The day on which the community opened.
pub(super) fn opening() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2004, 2, 15, 3, 0, 0)
        .single()
        .unwrap_or_default()
}

/// The tarento among `people` people, by their numbers, in the order of [`TARENTO`].
pub(super) fn tarento(people: usize) -> [usize; 3] {
    [people / 10, people / 7, people / 5]
}

/// Everybody, in the order in which they joined; the first two are [`KNOWN`].
pub(super) fn people(settings: &Settings, rules: &Rules, password_hash: &Arc<str>) -> Vec<Person> {
    let seed = settings.seed;
    let mut joined = joining(settings);
    let births = births(seed, settings.as_of, rules.minimum_age, &mut joined);
    let homes = homes(seed, settings.users);
    let known = KNOWN.map(|(username, _)| username);
    let mut names = Names::new(
        seed,
        known.into_iter().chain(TARENTO.map(|(name, ..)| name)),
    );
    let mut draw = Draw::new(seed, Part::People, 0);
    let bios: Vec<_> = BIOS.lines().collect();
    let mut people: Vec<_> = joined
        .into_iter()
        .zip(births)
        .zip(homes)
        .map(|((joined_at, birth_date), home)| Person {
            id: draw.id(joined_at),
            username: names.username(),
            nickname: names.nickname(),
            kind: UserKind::Member,
            bio: if draw.chance(60) {
                draw.pick(&bios).unwrap_or_default().to_owned()
            } else {
                String::new()
            },
            birth_date,
            home_region: Some(home),
            joined_at,
            password_hash: Some(password_hash.clone()),
        })
        .collect();
    for (person, (username, nickname)) in people.iter_mut().zip(KNOWN) {
        person.username = username.to_owned();
        person.nickname = nickname.to_owned();
        person.bio = "はじめまして。足あとを残していってください。".to_owned();
    }
    for (index, (username, nickname, bio)) in tarento(settings.users).into_iter().zip(TARENTO) {
        if let Some(person) = people.get_mut(index) {
            person.username = username.to_owned();
            person.nickname = nickname.to_owned();
            person.bio = bio.to_owned();
            person.kind = UserKind::Tarento;
        }
    }
    people
}

/// When each joined, oldest first: in 2006 the community still grows ever faster, in 2011 hardly
/// so any more.
fn joining(settings: &Settings) -> Vec<DateTime<Utc>> {
    let open_for = (settings.now() - opening()).num_seconds() as f64;
    (0..settings.users)
        .map(|index| {
            let share = index as f64 / settings.users as f64;
            let passed = match settings.profile {
                Profile::Of2006 => share.sqrt().sqrt(),
                Profile::Of2011 => (share.sqrt() + share) / 2.0,
            };
            opening() + Duration::seconds((open_for * passed) as i64)
        })
        .collect()
}
