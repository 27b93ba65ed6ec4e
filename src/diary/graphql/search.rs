//! Searching diaries in the API.

use async_graphql::{Context, Object};
use futures_util::future::join;

use crate::{
    diary::{
        commented,
        listed::key_of,
        node::{Diary, FoundDiaryConnection, FoundDiaryEdge},
        searching::Search,
    },
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, Slice},
    search::{Place, Query, look},
    user::{loader::users, node::User},
};

const SEARCH_CURSOR: u8 = b'D';

/// Reading diaries.
#[derive(Debug, Default)]
pub struct DiaryQuery;

#[Object]
impl DiaryQuery {
    /// Diaries by their words, of those that you may see: first those that have all words in the title, then the
    /// others, the newest first. Japanese is found by any piece of two characters or more, or by one (猫); words of
    /// letters and figures by their beginning. Half and full width, hiragana and katakana, upper and lower case are
    /// one; marks and emoji are passed over. Of people who are neither you nor your friends nobody under 18 is found,
    /// nor who does not wish to be found. (Of more than 1,000 friends, which a tarento can have, what your newest 1,000
    /// wrote for friends is looked at.)
    async fn search_diaries(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "2-100 characters; one, if it is no ASCII character. Spaces divide words, all of which are there."
        )]
        text: String,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FoundDiaryConnection>, Error> {
        search(ctx, &text, PageArgs::forward(first, after)).await
    }
}

async fn search(
    ctx: &Context<'_>,
    text: &str,
    args: PageArgs,
) -> Result<Flat<FoundDiaryConnection>, Error> {
    let page = args.page::<Place>(SEARCH_CURSOR)?;
    let Some(query) = Query::of(text)? else {
        return Ok(FoundDiaryConnection::of(Slice::default(), None));
    };
    let loaders = ctx.loaders();
    let looked = look(&Search::begin(loaders, query).await?, &page).await?;
    let rows = looked.rows.iter().map(|(_, row)| row);
    // All at once: each finds its own then without a wait.
    let authors = async {
        if ctx.selects("author") {
            let authors = rows.clone().map(|row| row.author_id);
            let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("author")));
            users(loaders, authors, whole).await?;
        }
        Ok::<_, Error>(())
    };
    let comments = commented::foresee(ctx, rows.clone().map(key_of));
    join(authors, comments).await.0?;
    let (slice, up_to) = looked.slice(SEARCH_CURSOR, &page, |cursor, row| FoundDiaryEdge {
        cursor,
        node: Diary::from(row),
    });
    Ok(FoundDiaryConnection::of(slice, up_to))
}
