//! What is seen of a diary, and of a catalogue item.

use serde_json::{Value, json};

use super::{Names, list};
use crate::model::community::{Comment, Community};

impl Names {
    pub(super) fn diary_seen(
        &self,
        community: &Community,
        who: Option<usize>,
        diary: usize,
    ) -> Value {
        if !community.sees_diary(who, diary) {
            return Value::Null;
        }
        let under = &community.diaries[diary];
        let is_shown = |comment: &Comment| {
            let author = comment.author;
            comment.is_there && author.is_none_or(|author| !community.are_hidden(who, author))
        };
        let comments: Vec<_> = under
            .comments
            .iter()
            .zip(&self.comments[diary])
            .filter(|(comment, _)| is_shown(comment))
            .map(|(comment, id)| {
                let author = comment.author;
                let named = author.map(|author| json!({ "id": self.person(author) }));
                json!({ "id": id, "isByDeletedUser": author.is_none(), "author": named })
            })
            .collect();
        let group = under.group.filter(|_| who == Some(under.author));
        json!({
            "id": self.diaries[diary],
            "audience": under.audience.map(|audience| audience.name()),
            "friendGroup": group.map(|group| json!({ "id": self.groups[group].1 })),
            "viewerCanEdit": who == Some(under.author) && !community.is_absent(under.author),
            "viewerCanComment": who.is_some_and(|me| community.may_comment(me, diary)),
            "commentCount": comments.len(),
            "comments": list(comments),
        })
    }

    pub(super) fn item_seen(
        &self,
        community: &Community,
        who: Option<usize>,
        item: usize,
    ) -> Value {
        let mut reviews = Vec::new();
        let mut of_friends = Vec::new();
        let all = community.reviews.iter().rev();
        for review in all.filter(|review| review.item == item) {
            let author = review.author;
            // For members, the newest first.
            let Some(me) = who.filter(|_| !community.are_hidden(who, author)) else {
                continue;
            };
            let id = self.review(author, item);
            if community.are_friends(me, author) {
                of_friends.push(json!({ "id": id }));
            }
            let author = json!({ "id": self.person(author) });
            reviews.push(json!({ "id": id, "rating": review.rating, "author": author }));
        }
        json!({
            "rating": community.rating(item),
            "reviews": list(reviews),
            "ofFriends": { "nodes": of_friends },
        })
    }
}
