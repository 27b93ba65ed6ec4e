//! What could be done with what two friends wrote of each other.

use serde_json::json;

use super::{Act, made};
use crate::support::world::Person;

/// Writing of `friend` again, and removing what each wrote of the other.
pub async fn acts(staff: &Person<'_>, friend: &Person<'_>) -> Vec<Act> {
    let write = |user: &Person<'_>| json!({ "userId": user.id(), "body": "a friend" });
    let (name, of) = ("writeIntroduction", "introduction");
    let given = made(staff, name, write(friend), of).await;
    let had = made(friend, name, write(staff), of).await;
    let mut acts = vec![(name, write(friend))];
    for id in [given, had] {
        acts.push(("deleteIntroduction", json!({ "introductionId": id })));
    }
    let act = |(mutation, input)| Act {
        mutation,
        input,
        refused: "NOT_FOUND",
        then: None,
    };
    acts.into_iter().map(act).collect()
}
