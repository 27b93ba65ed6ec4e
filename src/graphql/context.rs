//! What a resolver finds in its context, by name instead of by type.

use std::sync::Arc;

use async_graphql::Context;

use crate::{
    app::App,
    error::Error,
    loaders::Loaders,
    viewer::{Member, Viewer},
};

/// Names for what every request carries.
pub trait ContextExt {
    /// The loaders of this request.
    fn loaders(&self) -> &Loaders;

    /// The loaders of this request, for what outlives the call: a subscription's stream.
    fn own_loaders(&self) -> Arc<Loaders>;

    /// The loaders of this request after a write: what was read before is forgotten.
    fn fresh(&self) -> &Loaders {
        self.loaders().renew();
        self.loaders()
    }

    /// The service.
    fn app(&self) -> &Arc<App> {
        &self.loaders().app
    }

    /// Who asks.
    fn viewer(&self) -> Viewer {
        self.loaders().viewer
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// [`Error::SignInRequired`] where nobody is signed in.
    fn member(&self) -> Result<Member, Error> {
        self.viewer().member()
    }
}

impl ContextExt for Context<'_> {
    fn loaders(&self) -> &Loaders {
        self.data_unchecked::<Arc<Loaders>>()
    }

    fn own_loaders(&self) -> Arc<Loaders> {
        Arc::clone(self.data_unchecked())
    }
}
