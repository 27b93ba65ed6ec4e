//! Which fields of a photo need no waiting.

use async_graphql::{InputType, SelectionField, Value};

use super::{
    link,
    node::{Photo, PhotoSize},
};
use crate::{
    graphql::{
        context::ContextExt,
        plain::{Asked, Plain, Say},
    },
    paging::int,
};

impl Plain for Photo {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "url" => {
                let size = (*asked.context().foresee(size))?;
                let url = link::write(&asked.loaders().app, self.key, size.into());
                Some(asked.text(&url.ok()?))
            }
            "width" => int(self.row.as_ref()?.width).say(asked),
            "height" => int(self.row.as_ref()?.height).say(asked),
            _ => None,
        }
    }
}

/// Which size `field` asks for; None where that is none: its resolver says so.
fn size(field: SelectionField<'_>) -> Option<PhotoSize> {
    let arguments = field.arguments().ok()?.into_iter();
    let mut given = arguments.filter(|(name, _)| name == "size");
    match given.next() {
        Some((_, size)) => PhotoSize::parse(Some(size)).ok(),
        None => Some(PhotoSize::Medium),
    }
}
