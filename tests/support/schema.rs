//! A small schema that can do what Ashiato's own cannot: wait, fail, panic and count.

use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use ashiato::{
    error::Error,
    events::Event,
    graphql::context::ContextExt,
    live::{feed, source::Source},
    loaders::Loaders,
    paging::{Page, cursor},
    rest::store::digests::Sequence,
};
use async_graphql::{
    Context, EmptySubscription, ID, InputObject, Object, Schema, SimpleObject, Subscription,
    ValidationMode,
};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{Notify, watch};

pub type TestSchema = Schema<Query, Mutation, Counter>;

/// What resolvers tell a test, and a test the resolvers.
#[derive(Clone, Debug)]
pub struct Probe {
    /// How many resolvers and streams are at work.
    pub at_work: Arc<watch::Sender<usize>>,
    /// Lets `waits` end.
    pub release: Arc<Notify>,
    /// How often the second event of `trickle` will still fail.
    pub faults: Arc<AtomicUsize>,
    /// The most that were at work at once.
    pub most: Arc<AtomicUsize>,
    /// Lets `held` end, for good.
    pub open: Arc<watch::Sender<bool>>,
}

impl Probe {
    fn work(&self) -> Work {
        self.at_work.send_modify(|count| {
            *count += 1;
            self.most.fetch_max(*count, Ordering::SeqCst);
        });
        Work(self.at_work.clone())
    }

    /// Waits until `count` are at work.
    pub async fn until(&self, count: usize) {
        let mut at_work = self.at_work.subscribe();
        super::soon(at_work.wait_for(|now| *now == count))
            .await
            .unwrap();
    }
}

struct Work(Arc<watch::Sender<usize>>);

impl Drop for Work {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// The schema and its probe.
pub fn build() -> (TestSchema, Probe) {
    let probe = Probe {
        at_work: Arc::new(watch::Sender::new(0)),
        release: Arc::new(Notify::new()),
        faults: Arc::default(),
        most: Arc::default(),
        open: Arc::new(watch::Sender::new(false)),
    };
    let schema = Schema::build(Query, Mutation, Counter)
        .data(probe.clone())
        .validation_mode(ValidationMode::Fast)
        .finish();
    (schema, probe)
}

/// The same without subscriptions.
pub fn plain() -> Schema<Query, Mutation, EmptySubscription> {
    Schema::new(Query, Mutation, EmptySubscription)
}

#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub struct Item {
    pub id: ID,
}

/// An event with a part that is read apart.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub struct Drip {
    pub number: i64,
    pub cursor: String,
}

#[async_graphql::ComplexObject]
impl Drip {
    async fn part(&self, ctx: &Context<'_>) -> Option<Result<i64, Error>> {
        let faults = &ctx.data_unchecked::<Probe>().faults;
        let fails = |left: usize| left.checked_sub(1);
        let order = Ordering::SeqCst;
        if self.number == 2 && faults.fetch_update(order, order, fails).is_ok() {
            return Some(Err(Error::Unavailable("a busy database".into())));
        }
        Some(Ok(self.number))
    }
    async fn held(&self, ctx: &Context<'_>) -> bool {
        let probe = ctx.data_unchecked::<Probe>();
        let _work = probe.work();
        probe.open.subscribe().wait_for(|open| *open).await.is_ok()
    }
}

fn failure() -> Error {
    Error::internal("SELECT secret FROM /var/lib/ashiato.db")
}

#[async_graphql::ComplexObject]
impl Item {
    async fn items(&self, first: Option<i32>, last: Option<i32>) -> Vec<Item> {
        items(first.or(last))
    }

    async fn maybe(&self) -> Option<Result<i32, Error>> {
        (self.id.0 != "0").then(|| Err(failure()))
    }

    async fn surely(&self) -> Result<i32, Error> {
        if self.id.0 == "1" {
            Err(failure())
        } else {
            Ok(7)
        }
    }
}

fn items(count: Option<i32>) -> Vec<Item> {
    let item = |id: i32| Item {
        id: ID(id.to_string()),
    };
    (0..count.unwrap_or(20)).map(item).collect()
}

pub struct Query;

#[derive(InputObject)]
pub struct Numbers {
    of: Vec<i32>,
    deeper: Option<Box<Numbers>>,
}

impl Numbers {
    fn all(self) -> Vec<i32> {
        let deeper = self.deeper.map(|deeper| deeper.all());
        [self.of, deeper.unwrap_or_default()].concat()
    }
}

#[Object]
impl Query {
    async fn echo(&self, text: Option<String>) -> Option<String> {
        text
    }
    async fn number(&self, value: i32) -> i32 {
        value
    }
    async fn numbers(&self, of: Option<Vec<i32>>, input: Option<Numbers>) -> Vec<i32> {
        let input = input.map(Numbers::all);
        of.into_iter().chain(input).flatten().collect()
    }
    async fn default(&self, #[graphql(default = 2)] value: i32) -> i32 {
        value
    }
    async fn items(&self, first: Option<i32>, last: Option<i32>) -> Vec<Item> {
        items(first.or(last))
    }
    async fn nodes(&self, ids: Vec<ID>) -> Vec<Option<Item>> {
        ids.into_iter().map(|id| Some(Item { id })).collect()
    }
    async fn again(&self) -> Query {
        Query
    }
    async fn maybe_again(&self) -> Option<Query> {
        Some(Query)
    }
    async fn who(&self, ctx: &Context<'_>) -> Option<String> {
        let loaders = ctx.data_unchecked::<Arc<Loaders>>();
        loaders.viewer.id().map(|id| id.to_string())
    }
    /// The address of this operation's loaders.
    async fn loaders(&self, ctx: &Context<'_>) -> String {
        format!("{:p}", Arc::as_ptr(ctx.data_unchecked::<Arc<Loaders>>()))
    }
    async fn maybe(&self) -> Option<Result<i32, Error>> {
        Some(Err(failure()))
    }
    async fn surely(&self) -> Result<i32, Error> {
        Err(failure())
    }
    async fn unavailable(&self) -> Option<Result<i32, Error>> {
        Some(Err(Error::Unavailable("disk I/O error at /var".into())))
    }
    async fn sign_in_required(&self) -> Option<Result<i32, Error>> {
        Some(Err(Error::SignInRequired))
    }
    async fn foreign(&self) -> Option<Result<i32, String>> {
        Some(Err("cannot read /etc/passwd".to_owned()))
    }
    async fn panics(&self) -> i32 {
        // As this test wants it to.
        let nothing: Vec<i32> = Vec::new();
        nothing[0]
    }
    async fn waits(&self, ctx: &Context<'_>) -> i32 {
        let probe = ctx.data_unchecked::<Probe>();
        let _work = probe.work();
        probe.release.notified().await;
        1
    }
    /// Later fields are ready before earlier ones.
    async fn slow(&self, value: i32) -> i32 {
        for _ in 0..value {
            tokio::task::yield_now().await;
        }
        value
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn bump(&self) -> i32 {
        1
    }
}

pub struct Counter;

#[Subscription]
impl Counter {
    /// 0, 1, ... and ends.
    async fn count(&self, to: i32) -> impl Stream<Item = i32> {
        stream::iter(0..to)
    }
    /// 0, and then nothing.
    async fn waits(&self, ctx: &Context<'_>) -> impl Stream<Item = i32> {
        let work = ctx.data_unchecked::<Probe>().work();
        let silent = stream::pending().map(move |never: i32| {
            let _held = &work;
            never
        });
        stream::iter([0]).chain(silent)
    }
    /// One of Ashiato's own feeds: 1, 2, 3, and then nothing.
    async fn trickle(
        &self,
        ctx: &Context<'_>,
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<Drip, Error>>, Error> {
        const TAG: u8 = b't';
        let source = Source {
            event: Event::FootprintLeft(ctx.member()?.id),
            others: None,
            tag: TAG,
            last: ashiato::live::source::Last::Counted(|_| 0),
            sequence: Sequence::Footprints,
            who: |_| uuid::Uuid::nil(),
            read: |_, page: Page<i64>| {
                let rows = (page.after.unwrap() + 1..=3).map(|number| (number, number));
                ready(Ok(rows.collect()))
            },
        };
        let rows = feed(ctx, source, after).await?;
        Ok(rows.map(|row| {
            row.map(|arrived| Drip {
                number: arrived.row,
                cursor: cursor(TAG, &arrived.row),
            })
        }))
    }
    /// Large texts, faster than anybody reads.
    async fn flood(&self, ctx: &Context<'_>) -> impl Stream<Item = String> {
        let work = ctx.data_unchecked::<Probe>().work();
        stream::repeat_with(move || {
            let _held = &work;
            "x".repeat(64 * 1024)
        })
    }
    /// Cannot start.
    async fn refuses(&self) -> Result<stream::Empty<i32>, Error> {
        Err(Error::InvalidCursor)
    }
    /// The first is well, the second fails, the third is well.
    async fn stumbles(&self) -> impl Stream<Item = Result<i32, Error>> {
        stream::iter([Ok(1), Err(failure()), Ok(3)])
    }
    async fn panics(&self) -> impl Stream<Item = i32> {
        stream::iter([1, 2]).map(|n| {
            if n == 2 {
                panic!("as this test wants")
            } else {
                n
            }
        })
    }
}
