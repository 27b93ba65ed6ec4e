//! Who searches texts of others, as far as it matters for what is found.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::mutual::mine;
use crate::{
    block::loader::{Hidden, hidden},
    error::Error,
    loaders::Loaders,
    search::Lane,
    user::loader::UserById,
    visibility::Relation,
};

/// The most friends whose texts are looked for beside everybody's: of who has more, the newest. (A member cannot
/// have more.)
const MOST_FRIENDS: usize = 1_000;

/// Who searches.
#[derive(Clone, Debug)]
pub struct Searcher {
    /// Who it is, where somebody is signed in.
    pub me: Option<Uuid>,
    /// Their friends.
    pub friends: Vec<Uuid>,
    /// When they search.
    pub now: DateTime<Utc>,
    /// What they are to adults without a tie: nobody else's texts are found by who is no friend.
    pub to_others: Relation,
    hidden: Hidden,
    born_by: NaiveDate,
}

impl Searcher {
    /// The viewer: up to three statements, whatever is searched for.
    ///
    /// # Errors
    /// The database's.
    pub async fn viewer(loaders: &Loaders) -> Result<Self, Error> {
        let majority = loaders.app.majority();
        let mut searcher = Self {
            me: loaders.viewer.id(),
            friends: Vec::new(),
            now: loaders.app.clock.now(),
            to_others: Relation::Anonymous,
            hidden: hidden(loaders).await?,
            born_by: majority.born_by(),
        };
        if let Some(me) = searcher.me {
            let friends = mine(loaders, me).await?;
            searcher
                .friends
                .extend(friends.ids.iter().take(MOST_FRIENDS));
            let row = loaders.load(UserById(me)).await?;
            let is_adult = row.is_some_and(|row| !majority.is_minor(row.birth_date));
            searcher.to_others = match is_adult {
                true => Relation::Stranger,
                false => Relation::OutOfReach,
            };
        }
        Ok(searcher)
    }

    /// The texts of those who are neither the viewer nor friends, as far as they are found: nobody under 18 is, nor
    /// who does not wish it.
    pub fn of_others(&self) -> Lane<'_> {
        Lane {
            findable_by: Some(self.born_by),
            ..self.of_known()
        }
    }

    /// Of these the texts of friends of friends. None where there can be none, and for minors: not every friend in
    /// common ties them with adults.
    pub fn of_friends_of_friends(&self) -> Option<Lane<'_>> {
        let has_any = self.to_others == Relation::Stranger && !self.friends.is_empty();
        has_any.then(|| Lane {
            with_friend: Some(&self.friends),
            ..self.of_others()
        })
    }

    /// The texts of the viewer and of friends.
    pub fn of_known(&self) -> Lane<'_> {
        Lane {
            without: self.hidden.ids(),
            ..Lane::default()
        }
    }
}
