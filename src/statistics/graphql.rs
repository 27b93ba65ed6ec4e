//! The service's figures in the API.

use async_graphql::{Context, Object};

use super::figures::{self, Statistics};
use crate::{error::Error, graphql::context::ContextExt};

/// Reading the figures.
#[derive(Debug, Default)]
pub struct StatisticsQuery;

#[Object]
impl StatisticsQuery {
    /// The service's figures: how many people there are, of which ages, from where, with what they come, and how it
    /// grew. Anybody can see them. They are counted once a day, so asking often brings nothing new; null before the
    /// first time. The page `/stats` of this service shows the same, with charts.
    async fn statistics(&self, ctx: &Context<'_>) -> Option<Result<Statistics, Error>> {
        let now = ctx.app().clock.now();
        let found = figures::read(&ctx.loaders().db(), now).await;
        found.map_err(Error::from).transpose()
    }
}
