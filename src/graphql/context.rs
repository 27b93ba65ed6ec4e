//! What a resolver finds in its context, by name instead of by type.

use std::sync::Arc;

use async_graphql::{Context, Lookahead, SelectionField};

use super::committed::Committed;
use crate::{
    app::App,
    error::Error,
    loaders::Loaders,
    viewer::{Member, Viewer},
};

/// What a value takes in the answer, where it is not counted by itself: an id has 25 to 70 bytes,
/// a time 26, a number few.
const VALUE: usize = 20;
/// The quotes, the colon and the comma of a field.
const FIELD: usize = 4;
/// The braces of an object.
const OBJECT: usize = 2;

/// Names for what every request carries.
pub trait ContextExt {
    /// The loaders of this request.
    fn loaders(&self) -> &Loaders;

    /// The loaders of this request, for what outlives the call: a subscription's stream.
    fn own_loaders(&self) -> Arc<Loaders>;

    /// The loaders of this request after this field's write is committed: what was read before is
    /// forgotten, and what fails now does not say that nothing was changed.
    fn fresh(&self) -> &Loaders;

    /// Notes that this field's visit was counted with whom it was made to.
    fn visited(&self);

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

    /// Whether `asked` is so of what this field returns: looked up once for all objects that are asked
    /// for the field, by the name `of_what`.
    fn once(&self, of_what: [&'static str; 2], asked: impl FnOnce(Lookahead<'_>) -> bool) -> bool;

    /// What `look` makes of this field: once for all objects that are asked for it.
    fn foresee<T: Send + Sync + 'static>(
        &self,
        look: impl FnOnce(SelectionField<'_>) -> T,
    ) -> Arc<T>;

    /// Whether `asked`, which is called `of_what`, is so of the nodes of the connection that this field
    /// returns.
    fn any_node(&self, of_what: &'static str, asked: impl Fn(Lookahead<'_>) -> bool) -> bool {
        self.once(["nodes", of_what], |page| {
            asked(page.field("nodes")) || asked(page.field("edges").field("node"))
        })
    }

    /// Whether `text` is asked for of the nodes of the connection that this field returns: long
    /// texts are not read otherwise.
    fn selects(&self, text: &'static str) -> bool {
        self.any_node(text, |node| node.field(text).exists())
    }

    /// Whether `field` is asked for of what this field returns.
    fn asks(&self, field: &'static str) -> bool {
        self.once(["field", field], |object| object.field(field).exists())
    }

    /// What `nodes` nodes, of which this field returns the list, take in the answer, in bytes.
    fn weigh_nodes(&self, nodes: usize) -> usize;

    /// Counts them against the operation's budget.
    ///
    /// # Errors
    /// [`Error::ResponseTooLarge`] where the answer would become too large.
    fn count_nodes(&self, nodes: usize) -> Result<(), Error> {
        self.loaders().budget.answer(self.weigh_nodes(nodes))
    }
}

impl ContextExt for Context<'_> {
    fn loaders(&self) -> &Loaders {
        self.data_unchecked::<Arc<Loaders>>()
    }

    fn own_loaders(&self) -> Arc<Loaders> {
        Arc::clone(self.data_unchecked())
    }

    fn fresh(&self) -> &Loaders {
        // What is executed without a transport has none.
        if let Some(committed) = self.data_opt::<Committed>() {
            let field = self.field();
            committed.note(field.alias().unwrap_or_else(|| field.name()), field.name());
        }
        self.loaders().renew();
        self.loaders()
    }

    fn visited(&self) {
        if let Some(committed) = self.data_opt::<Committed>() {
            committed.visited();
        }
    }

    fn once(&self, of_what: [&'static str; 2], asked: impl FnOnce(Lookahead<'_>) -> bool) -> bool {
        let foreseen = &self.loaders().foreseen;
        foreseen.once((place(self), of_what), || asked(self.look_ahead()))
    }

    fn foresee<T: Send + Sync + 'static>(
        &self,
        look: impl FnOnce(SelectionField<'_>) -> T,
    ) -> Arc<T> {
        let foreseen = &self.loaders().foreseen;
        foreseen.whole(place(self), || look(self.field()))
    }

    fn weigh_nodes(&self, nodes: usize) -> usize {
        if nodes == 0 {
            return 0;
        }
        let node = self.field().selection_set().map(weigh).sum::<usize>() + OBJECT;
        node.saturating_mul(nodes)
    }
}

/// Where the field lies. (Two can bear the same position, where a document's lines end in CR alone.)
fn place(ctx: &Context<'_>) -> usize {
    std::ptr::from_ref(ctx.item).addr()
}

/// What `field` takes in the answer, in bytes, but for the lists in it that count themselves.
fn weigh(field: SelectionField<'_>) -> usize {
    let key = field.alias().unwrap_or_else(|| field.name()).len() + FIELD;
    let mut fields = field.selection_set().peekable();
    key + match field.name() {
        "nodes" | "edges" => OBJECT,
        _ if fields.peek().is_none() => VALUE,
        _ => OBJECT + fields.map(weigh).sum::<usize>(),
    }
}
