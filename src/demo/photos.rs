//! The demo's photos: small landscapes, painted here, some on profiles and some in diaries.

use std::io::Cursor;

use anyhow::anyhow;
use entity::{photo, values::PhotoState};
use image::{ImageFormat, Rgb, RgbImage};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    Community,
    draw::{Draw, Part},
    people::tarento,
};
use crate::{
    app::App,
    photo::picture::{Picture, draw},
};

/// How many different ones there are.
const PICTURES: u32 = 8;
const WIDTH: u32 = 240;
const HEIGHT: u32 = 180;
/// So many of those who joined first have a picture, beside the tarento.
const FIRST: usize = 24;
/// Of the diaries of the known ones, each of so many has photos.
const EACH: usize = 3;

impl Community {
    /// Every photo; its files are written.
    pub(super) async fn photos(&self, app: &App) -> anyhow::Result<Vec<photo::Model>> {
        let pictures = spawn_blocking(|| (0..PICTURES).map(painted).collect()).await?;
        let pictures: anyhow::Result<Vec<Picture>> = pictures;
        let pictures = pictures?;
        let mut photos = Vec::new();
        let shown = (0..FIRST.min(self.people.len())).chain(tarento(self.people.len()));
        for (place, owner) in shown.enumerate() {
            let Some(person) = self.people.get(owner) else {
                continue;
            };
            // Some of the first are tarento in a small community.
            let is_there = |row: &photo::Model| row.owner_id == person.id;
            if photos.iter().any(is_there) {
                continue;
            }
            let mut draw = Draw::new(self.seed, Part::Photos, place);
            let at = draw.time(person.joined_at, self.now);
            let picture = pictures.get(draw.below(pictures.len()));
            let Some(picture) = picture else { continue };
            let row = photo::Model {
                id: draw.id(at),
                owner_id: person.id,
                created_at: at,
                ..row(picture)
            };
            app.photos.put([row.owner_id, row.id], picture).await?;
            photos.push(row);
        }
        for author in 0..2 {
            let mut draw = Draw::new(self.seed, Part::Photos, FIRST + 10 + author);
            for (index, (author, diary, at)) in self.diaries_of(author).into_iter().enumerate() {
                if index % EACH != 0 {
                    continue;
                }
                for place in 0..=i64::try_from(index % 2)? {
                    let picture = pictures.get(draw.below(pictures.len()));
                    let Some(picture) = picture else { continue };
                    let row = photo::Model {
                        id: draw.id(at),
                        owner_id: author,
                        state: PhotoState::Diary,
                        diary_id: Some(diary),
                        place,
                        created_at: at,
                        ..row(picture)
                    };
                    app.photos.put([row.owner_id, row.id], picture).await?;
                    photos.push(row);
                }
            }
        }
        photos.sort_unstable_by_key(|row| (row.owner_id, row.id));
        Ok(photos)
    }
}

/// What the row of `picture` says of it, on a profile.
fn row(picture: &Picture) -> photo::Model {
    photo::Model {
        owner_id: Uuid::nil(),
        id: Uuid::nil(),
        state: PhotoState::Profile,
        diary_id: None,
        place: 0,
        format: picture.format,
        width: picture.width.into(),
        height: picture.height.into(),
        bytes: picture.bytes(),
        created_at: chrono::DateTime::UNIX_EPOCH,
        due_at: None,
    }
}

/// A landscape: a sky, a sun, and two ranges of hills.
fn painted(number: u32) -> anyhow::Result<Picture> {
    let turn = f64::from(number) / f64::from(PICTURES);
    let colour = |shift: f64, light: f64| {
        let wave = |phase: f64| {
            let angle = (turn + shift + phase) * std::f64::consts::TAU;
            (light * (0.75 + 0.25 * angle.sin()) * 255.0) as u8
        };
        Rgb([wave(0.0), wave(0.33), wave(0.67)])
    };
    let sun = (
        f64::from(WIDTH) * (0.2 + 0.6 * turn),
        f64::from(HEIGHT) * 0.3,
    );
    let image = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        let hill = |height: f64, wide: f64| {
            let wave = ((x / wide) + turn * std::f64::consts::TAU).sin();
            f64::from(HEIGHT) * height + 14.0 * wave
        };
        if y > hill(0.78, 31.0) {
            colour(0.5, 0.45)
        } else if y > hill(0.6, 47.0) {
            colour(0.4, 0.65)
        } else if (x - sun.0).hypot(y - sun.1) < 20.0 {
            Rgb([255, 240, 200])
        } else {
            colour(0.0, 0.8 + 0.2 * y / f64::from(HEIGHT))
        }
    });
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, ImageFormat::Png)?;
    let drawn = draw(&file.into_inner(), u64::from(WIDTH * HEIGHT));
    drawn.map_err(|why| anyhow!("a picture of the demo cannot be painted: {why:?}"))
}
