//! Searching reviews in the API.

use async_graphql::{Context, Object};

use crate::{
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, Slice},
    review::{
        node::{FoundReviewConnection, FoundReviewEdge, Review},
        searching::Search,
    },
    search::{Place, Query, look},
    user::{loader::users, node::User},
    visibility::may_see_reviews,
};

const SEARCH_CURSOR: u8 = b'B';

/// Reading reviews.
#[derive(Debug, Default)]
pub struct ReviewQuery;

#[Object]
impl ReviewQuery {
    /// Reviews by their words, the newest first; nothing when you are signed out. Japanese is found by any piece of
    /// two characters or more, or by one (猫); words of letters and figures by their beginning. Half and full width,
    /// hiragana and katakana, upper and lower case are one; marks and emoji are passed over. Of people who are neither
    /// you nor your friends nobody under 18 is found, nor who does not wish to be found.
    async fn search_reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "2-100 characters; one, if it is no ASCII character. Spaces divide words, all of which are there."
        )]
        text: String,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FoundReviewConnection>, Error> {
        search(ctx, &text, PageArgs::forward(first, after)).await
    }
}

async fn search(
    ctx: &Context<'_>,
    text: &str,
    args: PageArgs,
) -> Result<Flat<FoundReviewConnection>, Error> {
    let page = args.page::<Place>(SEARCH_CURSOR)?;
    let query = Query::of(text)?.filter(|_| may_see_reviews(&ctx.viewer()));
    let Some(query) = query else {
        return Ok(FoundReviewConnection::of(Slice::default(), None));
    };
    let loaders = ctx.loaders();
    let looked = look(&Search::begin(loaders, query).await?, &page).await?;
    if ctx.selects("author") {
        // All at once: each finds its own then without a wait.
        let authors = looked.rows.iter().map(|(_, row)| row.author_id);
        let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("author")));
        users(loaders, authors, whole).await?;
    }
    let (slice, up_to) = looked.slice(SEARCH_CURSOR, &page, |cursor, row| FoundReviewEdge {
        cursor,
        node: Review::from(row),
    });
    Ok(FoundReviewConnection::of(slice, up_to))
}
