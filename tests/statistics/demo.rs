//! The demo has a history, so that the page has something to show at once.

use ashiato::{
    demo::{self, Profile, Settings},
    statistics::figures,
};
use indicatif::ProgressBar;

use crate::support::place::Place;

async fn figures_of(profile: Profile) -> figures::Statistics {
    let place = Place::new().await;
    let settings = Settings {
        users: 500,
        seed: 5,
        profile,
        as_of: "2011-10-21".parse().unwrap(),
    };
    let loaded = demo::load(&place.app, &settings, &ProgressBar::hidden()).await;
    loaded.unwrap();
    let now = place.app.clock.now();
    let read = figures::read(place.app.database.reader(), now).await;
    read.unwrap().unwrap()
}

#[tokio::test]
async fn the_demo_shows_years_of_growth_its_groups_and_with_what_people_come() {
    let of_2006 = figures_of(Profile::Of2006).await;
    assert_eq!(of_2006.day.0.to_string(), "2011-10-20");
    assert_eq!(of_2006.users, Some(500));
    assert!(of_2006.monthly_active_users.unwrap() > 250);
    assert!(of_2006.friendships.unwrap() > 1_000);
    assert_eq!(of_2006.months.len(), 36);
    let over = &of_2006.months[..35];
    assert!(
        over.iter()
            .all(|month| month.monthly_active_users.is_some())
    );
    assert!(over[12..].iter().all(|month| !month.access.is_empty()));
    assert_eq!(of_2006.groups_month.0.to_string(), "2011-09-01");
    assert!(of_2006.age_bands.len() >= 3, "{:?}", of_2006.age_bands);
    assert!(of_2006.sexes.len() >= 3, "{:?}", of_2006.sexes);
    assert!(of_2006.regions.len() >= 5, "{:?}", of_2006.regions);
    let share = |statistics: &figures::Statistics, device: ashiato::usage::node::Device| {
        let mut devices = statistics.devices.iter();
        let found = devices.find(|figure| figure.device == Some(device));
        found.map_or(0.0, |figure| figure.share)
    };
    use ashiato::usage::node::Device::{FeaturePhone, Pc, Smartphone};
    assert!(share(&of_2006, Pc) > share(&of_2006, FeaturePhone));
    let of_2011 = figures_of(Profile::Of2011).await;
    assert!(share(&of_2011, FeaturePhone) > share(&of_2011, Pc));
    assert!(share(&of_2011, Smartphone) > share(&of_2006, Smartphone) + 0.1);
}
