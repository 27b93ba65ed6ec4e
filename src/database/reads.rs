//! Reads by keys, of many requests at the same time, as one statement.
//!
//! What a row or a page of rows says is the same for whoever asks: who may see it is decided
//! afterwards, a viewer at a time. So the requests that ask the same of the database, of other keys,
//! share its statement. One that is alone waits for nobody, and has a statement of its own.

use std::{
    any::{Any, TypeId},
    fmt::{self, Debug, Formatter},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr, RuntimeErr};
use tokio::time::timeout;

use crate::{
    coalesce::{Coalescer, Unanswered},
    error::{Error, is_lost},
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

    /// How many rows a key finds, about: what finds very many is to be asked alone.
    fn rows_each(&self) -> usize {
        1
    }

    /// How long a connection may take for the answer, before another is asked, for the last time.
    fn patience(&self) -> Duration {
        Duration::from_secs(5)
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
/// Where the questions of a kind wait. What waits is of no type here, so that the lines of all kinds are
/// built once.
type Line<Q> = Coalescer<<Q as Question>::Same, Asked, Given, DbErr>;
/// A `Vec<Q::Key>`.
type Asked = Box<dyn Any + Send>;

/// What somebody gets of a statement.
enum Given {
    /// All of it: nobody else asked. An `Answer<Q>`.
    Whole(Box<dyn Any + Send>),
    /// Others', too.
    Shared(Arc<dyn Any + Send + Sync>),
    /// For the sake of what was asked: others are not to suffer it.
    Failed(DbErr),
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
            return patiently(db, &question, keys).await;
        }
        let line = self.line::<Q>();
        let (same, db) = (question.same(), db.clone());
        let batch = move |asked: Vec<Asked>| {
            let (question, db) = (question.clone(), db.clone());
            let asked = asked.into_iter().filter_map(|keys| keys.downcast().ok());
            let asked: Vec<_> = asked.map(|keys| *keys).collect();
            async move { ask_all(&db, &question, asked).await }
        };
        let asked = Box::new(keys.to_vec());
        match line.put_heavy(same, asked, rows, batch).await? {
            Given::Whole(found) => found.downcast().map(|found| *found).map_err(|_| mixed_up()),
            Given::Shared(found) => {
                let found = found.downcast::<Answer<Q>>().map_err(|_| mixed_up())?;
                let own = keys.iter().filter_map(|key| found.get_key_value(key));
                let own = own.map(|(key, found)| (key.clone(), found.clone()));
                Ok(own.collect())
            }
            Given::Failed(error) => Err(error),
        }
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
    asked: Vec<Vec<Q::Key>>,
) -> Result<Vec<Given>, DbErr> {
    if asked.len() > 1 {
        let mut keys = asked.concat();
        keys.sort_unstable();
        keys.dedup();
        match patiently(db, question, &keys).await {
            Ok(found) => {
                let found: Arc<dyn Any + Send + Sync> = Arc::new(found);
                let each = asked.iter().map(|_| Given::Shared(Arc::clone(&found)));
                return Ok(each.collect());
            }
            Err(error) if is_away(&error) => return Err(error),
            // One of them asked for what cannot be read: which of them?
            Err(_) => {}
        }
    }
    let mut each = Vec::with_capacity(asked.len());
    for keys in asked {
        each.push(match patiently(db, question, &keys).await {
            Ok(found) => Given::Whole(Box::new(found)),
            Err(error) if is_away(&error) => return Err(error),
            Err(error) => Given::Failed(error),
        });
    }
    Ok(each)
}

/// The answer to `question`, of another connection where the first broke or fell silent.
async fn patiently<Q: Question>(
    db: &impl ConnectionTrait,
    question: &Q,
    keys: &[Q::Key],
) -> Result<Answer<Q>, DbErr> {
    let tried = || timeout(question.patience(), question.ask(db, keys));
    match tried().await {
        Ok(Err(error)) if !is_lost(&error) => return Err(error),
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(_)) | Err(_) => {}
    }
    let silent = |_| DbErr::Conn(RuntimeErr::Internal("the database is silent".to_owned()));
    tried().await.map_err(silent)?
}

/// Each kind has a line of its own, so this cannot be.
fn mixed_up() -> DbErr {
    DbErr::Custom("a question was given the answer to another".to_owned())
}

/// Whether no other question would be answered either.
fn is_away(error: &DbErr) -> bool {
    matches!(error.clone().into(), Error::Unavailable(_))
}

impl From<Unanswered> for DbErr {
    fn from(why: Unanswered) -> Self {
        let away = |why: &str| Self::Conn(RuntimeErr::Internal(why.to_owned()));
        match why {
            Unanswered::Full => away("too many wait in line"),
            Unanswered::Stopping => away("the service is stopping"),
            Unanswered::Lost => Self::Custom("a batch of reads panicked".to_owned()),
        }
    }
}

impl Debug for Reads {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reads").finish_non_exhaustive()
    }
}
