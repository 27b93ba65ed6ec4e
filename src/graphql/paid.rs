//! A subscription's events, each of which its subscriber pays for: the first with the start.

use std::{num::NonZeroU32, sync::Arc};

use async_graphql::{Response, Value};
use futures_util::{
    StreamExt,
    stream::{BoxStream, unfold},
};

use super::{
    answer::failed,
    peer::Network,
    points::{self, Points},
    whole::Interrupted,
};
use crate::{error::Error, viewer::Viewer};

type Event = Result<Response, Interrupted>;

/// Who pays for events, and how much for each.
#[derive(Debug)]
pub struct Payer {
    points: Arc<Points>,
    viewer: Viewer,
    network: Network,
    each: NonZeroU32,
    /// Whether the next one is paid for already.
    next_is_paid: bool,
}

impl Payer {
    /// Who pays for each event of a subscription of `viewer` in `network` whose document costs `cost`, and who has
    /// paid for the first (see [`points::of_a_start`]); none where they are free.
    pub fn of_each(
        points: &Arc<Points>,
        viewer: Viewer,
        network: Network,
        cost: NonZeroU32,
    ) -> Option<Self> {
        points::of_an_event(cost).map(|each| Self {
            points: points.clone(),
            viewer,
            network,
            each,
            next_is_paid: true,
        })
    }

    /// Whether `event` can be given out: it is paid for, or brings nothing but errors, which are free, as
    /// elsewhere.
    fn pays_for(&mut self, event: &Event) -> Result<(), Error> {
        let brings = matches!(event, Ok(response) if response.data != Value::Null);
        if brings && !std::mem::take(&mut self.next_is_paid) {
            self.points.charge(self.viewer, self.network, self.each)?;
        }
        Ok(())
    }
}

/// `events` for as long as `payer`, if any, pays for them. The first that is not paid for is not given out, and
/// an error ends them in its place: whoever subscribes again from the last cursor misses nothing, and the first
/// one brings a cursor.
pub fn paid(payer: Option<Payer>, events: BoxStream<'static, Event>) -> BoxStream<'static, Event> {
    let Some(payer) = payer else {
        return events;
    };
    unfold(Some((payer, events)), async |state| {
        let (mut payer, mut events) = state?;
        let event = events.next().await?;
        match payer.pays_for(&event) {
            Ok(()) => Some((event, Some((payer, events)))),
            Err(error) => Some((Ok(failed(error)), None)),
        }
    })
    .boxed()
}
