//! What diaries are found by: their words, and for whom they are.

use entity::{diary, values::Audience};
use uuid::Uuid;

use crate::search::{Scope, Text, Texts, terms};

/// The tables.
pub const TEXTS: Texts = Texts {
    table: "diary_texts",
    words: "diary_words",
    of: "diaries",
    id: "id",
};

/// What those for a group are called. (Of a group that is deleted they stay so: nobody is in it any more.)
pub const FOR_GROUP: char = 'g';

/// Those for everybody of one kind; none where an audience is of the author's choosing.
pub fn for_all(audience: Audience) -> Option<Scope> {
    let name = match audience {
        Audience::Public => 'p',
        Audience::Members => 'm',
        // Whoever looks has still to be one.
        Audience::FriendsOfFriends => 'x',
        Audience::Friends | Audience::Group | Audience::OnlyMe => return None,
    };
    Some(Scope::of(name, &[]))
}

/// Those of `author` that friends see.
pub fn of_friend(author: Uuid) -> Scope {
    Scope::of('f', &[author])
}

/// Those of `author` for one of their groups.
pub fn for_group(author: Uuid, group: Uuid) -> Scope {
    Scope::of(FOR_GROUP, &[author, group])
}

/// All those of `author`, for the author.
pub fn of_own(author: Uuid) -> Scope {
    Scope::of('o', &[author])
}

/// For whom one of `author` is that is for `audience`, and there for `group`.
fn scopes(author: Uuid, audience: Audience, group: Option<Uuid>) -> Vec<Scope> {
    let is_for_friends = for_all(audience).is_some() || audience == Audience::Friends;
    let mut scopes = vec![of_own(author)];
    scopes.extend(for_all(audience));
    scopes.extend(is_for_friends.then(|| of_friend(author)));
    scopes.extend(group.map(|group| for_group(author, group)));
    scopes
}

/// What `row` is found by.
pub fn text_of(row: &diary::Model) -> Text {
    let scopes = scopes(row.author_id, row.audience, row.group_id);
    Text {
        author: row.author_id,
        id: row.id,
        order: row.id,
        edited_at: row.edited_at,
        terms: terms(&row.title, &row.body, scopes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visibility::{Relation, may_see, opens_groups, visible_audiences};

    /// A scope finds it for somebody where the rules show it to them, and nowhere else.
    #[test]
    fn what_the_scopes_find_is_what_the_rules_show() {
        let [author, group, other] = [1, 2, 3].map(Uuid::from_u128);
        for audience in visible_audiences(Relation::Myself) {
            let of_group = (*audience == Audience::Group).then_some(group);
            let found = scopes(author, *audience, of_group);
            let shows = |relation, in_group| may_see(*audience, relation, in_group);
            assert!(found.contains(&of_own(author)));
            assert_eq!(
                found.contains(&of_friend(author)),
                shows(Relation::Friend, false)
            );
            assert_eq!(
                found.contains(&for_group(author, group)),
                shows(Relation::Friend, true) && !shows(Relation::Friend, false)
            );
            for relation in [
                Relation::Anonymous,
                Relation::OutOfReach,
                Relation::Stranger,
                Relation::FriendOfFriend,
            ] {
                assert!(!opens_groups(relation));
                let opened = visible_audiences(relation).iter();
                let mut opened = opened.filter_map(|it| for_all(*it));
                assert_eq!(
                    opened.any(|scope| found.contains(&scope)),
                    shows(relation, true),
                    "{relation:?} {audience:?}"
                );
            }
            for not in [
                of_own(other),
                of_friend(other),
                for_group(other, group),
                for_group(author, other),
            ] {
                assert!(!found.contains(&not));
            }
        }
    }
}
