//! Which fields of pages and posts need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};

use super::{
    loader::BrandById,
    node::{Brand, BrandPost, BrandRole, FeedItem},
};
use crate::graphql::plain::{Asked, Plain, Say};

impl Plain for Brand {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        let is_anonymous = asked.loaders().viewer.id().is_none();
        match asked.name() {
            "id" => self.id.say(asked),
            "handle" => self.handle.say(asked),
            "name" => self.name.say(asked),
            "description" => self.description.say(asked),
            "isVerified" => self.is_verified.say(asked),
            "followerCount" => self.follower_count.say(asked),
            "createdAt" => self.created_at.say(asked),
            "viewerFollows" if is_anonymous => false.say(asked),
            "viewerRole" | "owner" if is_anonymous => Some(Value::Null),
            "editors" if is_anonymous => Some(Value::List(Vec::new())),
            _ => None,
        }
    }
}

impl Plain for BrandPost {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "body" => self.body.say(asked),
            "createdAt" => self.created_at.say(asked),
            "editedAt" => self.edited_at.say(asked),
            "brand" => {
                let row = asked.loaders().known(&BrandById(self.row.brand_id))?;
                asked.object(&Brand::from(row))
            }
            "writer" if asked.loaders().viewer.id().is_none() => Some(Value::Null),
            _ => None,
        }
    }
}

impl Say for BrandRole {
    fn say(&self, _: &Asked<'_>) -> Option<Value> {
        Some(enum_value(*self))
    }
}

impl Plain for FeedItem {
    const IS_ONE_OF_SEVERAL: bool = true;

    fn plain(&self, _: &Asked<'_>) -> Option<Value> {
        None
    }
}
