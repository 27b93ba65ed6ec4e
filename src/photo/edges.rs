//! What leads to photos: users, diaries, ids. And what a photo leads to: its files.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context};
use entity::{photo, values::PhotoState};

use super::{
    link,
    loader::{PhotoByKey, PhotosIn},
    node::{Photo, PhotoSize},
    store::PhotoKey,
};
use crate::{
    diary::{loader::visible, node::Diary},
    error::Error,
    graphql::context::ContextExt,
    loaders::Loaders,
    paging::int,
    user::{loader::user, node::User},
};

#[ComplexObject]
impl Photo {
    /// Where its file is to be fetched, by GET, without signing in: a path at this same service, for an `<img>`. It
    /// is good for a day at least, and the same all day long; it shows nothing any more once the photo is removed.
    /// (Who is given it can fetch it: give it to nobody who does not see the photo.)
    async fn url(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default_with = "PhotoSize::Medium",
            desc = "How large: MEDIUM if not given."
        )]
        size: PhotoSize,
    ) -> Result<String, Error> {
        let url = link::write(ctx.app(), self.key, size.into())?;
        ctx.loaders().budget.answer(url.len())?;
        Ok(url)
    }

    /// How many pixels wide it is in the size LARGE: with the height it says what room to leave for it, in
    /// every size. Null if it is gone since.
    async fn width(&self, ctx: &Context<'_>) -> Result<Option<i32>, Error> {
        let row = whole(ctx.loaders(), self).await?;
        Ok(row.map(|row| int(row.width)))
    }

    /// How many pixels high it is in the size LARGE. Null if it is gone since.
    async fn height(&self, ctx: &Context<'_>) -> Result<Option<i32>, Error> {
        let row = whole(ctx.loaders(), self).await?;
        Ok(row.map(|row| int(row.height)))
    }
}

async fn whole(loaders: &Loaders, photo: &Photo) -> Result<Option<Arc<photo::Model>>, Error> {
    match &photo.row {
        Some(row) => Ok(Some(row.clone())),
        None => loaders.load(PhotoByKey(photo.key)).await,
    }
}

/// `User.photo`: which it is stands in the user's row.
pub(crate) fn of_user(user: &User) -> Option<Photo> {
    let id = user.person.photo_id()?;
    Some(Photo::named([user.person.id(), id]))
}

/// `Diary.photos`: nothing is asked for a diary that has none.
pub(crate) async fn of_diary(ctx: &Context<'_>, diary: &Diary) -> Result<Vec<Photo>, Error> {
    if diary.photo_count == 0 {
        return Ok(Vec::new());
    }
    let photos = ctx.loaders().load(PhotosIn(diary.key)).await?;
    let photos = photos.iter().flat_map(|photos| photos.iter().cloned());
    let photos: Vec<_> = photos.map(Photo::from).collect();
    ctx.count_nodes(photos.len())?;
    Ok(photos)
}

/// The photo with `key`, if it is the viewer's, or on a profile or in a diary that the viewer may see.
pub(crate) async fn photo(
    ctx: &Context<'_>,
    key @ [owner, id]: PhotoKey,
) -> Result<Option<Photo>, Error> {
    let loaders = ctx.loaders();
    let seen = user(loaders, owner, false).await?;
    let row = loaders.load(PhotoByKey(key)).await?;
    let is_mine = loaders.viewer.id() == Some(owner);
    // Asked whether there is one or not: what is hidden takes as long as what never was. (No diary has a
    // photo's id.)
    let diary = row.as_ref().and_then(|row| row.diary_id).unwrap_or(id);
    let is_in_diary = !is_mine && visible(loaders, [owner, diary]).await?.is_some();
    let row = row.filter(|row| {
        seen.is_some()
            && match row.state {
                PhotoState::Pending | PhotoState::Removed => false,
                PhotoState::Profile => true,
                PhotoState::Unused => is_mine,
                PhotoState::Diary => is_mine || is_in_diary,
            }
    });
    Ok(row.map(Photo::from))
}
