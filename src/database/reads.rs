//! Reads by keys, of many requests at the same time, as one statement.
//!
//! What a row or a page of rows says is the same for whoever asks: who may see it is decided
//! afterwards, a viewer at a time. So the requests that ask the same of the database, of other keys,
//! share its statement. One that is alone waits for nobody, and has a statement of its own.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt::{self, Debug, Formatter},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sea_orm::{ConnAcquireErr, ConnectionTrait, DbErr};
use tokio::time::timeout;

use crate::{
    coalesce::{Coalescer, Unanswered},
    error::Error,
};

#[cfg(test)]
mod tests;

/// Statements of a kind on their way at the same time: one, which is answered before long. (Of a
/// profile with 20 friends, asked for 16 at a time on one core, one lane took 2.1 statements and
/// 0.65 ms a request, two 3.0 and 0.75, four 3.6 and 0.95.)
const LANES: usize = 1;
/// As many where the database is slow, so that what lies on the disk is read side by side.
const MOST_LANES: usize = 8;
/// What reads more rows than this is a statement by itself, which nobody waits for.
const MOST_ROWS: usize = 1_000;

/// What can be asked of the database of many keys at once, whoever wants to know.
pub trait Question: Clone + Send + Sync + 'static {
    /// Of what it is asked.
    type Key: Clone + Ord + Hash + Send + Sync + 'static;
    /// What a key finds.
    type Found: Clone + Send + Sync + 'static;
    /// What is the same in questions that are.
    type Same: Clone + Eq + Hash + Send + Sync + 'static;

    /// Which question this is.
    fn same(&self) -> Self::Same;

    /// How many rows a key finds, at most.
    fn rows_each(&self) -> usize {
        1
    }

    /// How long the answer may take. Who waits then is told that the database is silent.
    fn patience(&self) -> Duration {
        Duration::from_secs(10)
    }

    /// What `keys` find by one statement; none of them stands twice.
    fn ask(
        &self,
        db: &impl ConnectionTrait,
        keys: &[Self::Key],
    ) -> impl Future<Output = Result<Answer<Self>, DbErr>> + Send;
}

/// What keys find.
pub type Answer<Q> = HashMap<<Q as Question>::Key, <Q as Question>::Found>;
type Line<Q> = Coalescer<<Q as Question>::Same, Vec<<Q as Question>::Key>, Given<Q>, DbErr>;

/// What somebody gets of a statement.
enum Given<Q: Question> {
    /// All of it: nobody else asked.
    Whole(Answer<Q>),
    /// Others', too.
    Shared(Arc<Answer<Q>>),
}

/// Where reads wait to be one statement.
#[derive(Default)]
pub struct Reads(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Reads {
    /// The answer of `db`, which these are the reads of, to `question` of `keys`.
    ///
    /// # Errors
    /// The database's.
    pub async fn ask<Q: Question>(
        &self,
        db: &(impl ConnectionTrait + Clone + Send + 'static),
        question: Q,
        keys: &[Q::Key],
    ) -> Result<Answer<Q>, DbErr> {
        let rows = keys.len() * question.rows_each();
        if rows > MOST_ROWS {
            return question.ask(db, keys).await;
        }
        let line = self.line::<Q>();
        let (same, db) = (question.same(), db.clone());
        let batch = move |asked: Vec<Vec<Q::Key>>| {
            let (question, db) = (question.clone(), db.clone());
            async move { ask_all(&db, &question, asked).await }
        };
        Ok(
            match line.put_heavy(same, keys.to_vec(), rows, batch).await? {
                Given::Whole(found) => found,
                Given::Shared(found) => {
                    let own = keys.iter().filter_map(|key| found.get_key_value(key));
                    own.map(|(key, found)| (key.clone(), found.clone()))
                        .collect()
                }
            },
        )
    }

    fn line<Q: Question>(&self) -> Arc<Line<Q>> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = lines
            .get(&TypeId::of::<Q>())
            .and_then(|line| Arc::clone(line).downcast().ok());
        kept.unwrap_or_else(|| {
            let line = Arc::new(Line::<Q>::with_most(LANES, MOST_LANES));
            lines.insert(TypeId::of::<Q>(), line.clone());
            line
        })
    }
}

/// One answer to all that is `asked`, for each.
async fn ask_all<Q: Question>(
    db: &impl ConnectionTrait,
    question: &Q,
    mut asked: Vec<Vec<Q::Key>>,
) -> Result<Vec<Given<Q>>, DbErr> {
    if let [only] = asked.as_mut_slice() {
        return Ok(vec![Given::Whole(in_time(db, question, only).await?)]);
    }
    let mut keys = asked.concat();
    keys.sort_unstable();
    keys.dedup();
    let found = Arc::new(in_time(db, question, &keys).await?);
    let each = asked.iter().map(|_| Given::Shared(found.clone()));
    Ok(each.collect())
}

async fn in_time<Q: Question>(
    db: &impl ConnectionTrait,
    question: &Q,
    keys: &[Q::Key],
) -> Result<Answer<Q>, DbErr> {
    let asked = async {
        match question.ask(db, keys).await {
            // A connection that broke is found at its first statement: with another it is asked
            // again.
            Err(error) if broke(&error) => question.ask(db, keys).await,
            answer => answer,
        }
    };
    let silent = |_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
    timeout(question.patience(), asked).await.map_err(silent)?
}

fn broke(error: &DbErr) -> bool {
    matches!(error, DbErr::Query(_)) && matches!(error.clone().into(), Error::Unavailable(_))
}

impl From<Unanswered> for DbErr {
    fn from(why: Unanswered) -> Self {
        match why {
            Unanswered::Full => Self::ConnectionAcquire(ConnAcquireErr::Timeout),
            Unanswered::Stopping => Self::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            Unanswered::Lost => Self::Custom("a batch of reads panicked".to_owned()),
        }
    }
}

impl Debug for Reads {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reads").finish_non_exhaustive()
    }
}
