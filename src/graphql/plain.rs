//! Fields that need no waiting, told without a future each.
//!
//! The engine makes a boxed future of each field of each object, as large as that object's largest
//! resolver. Most fields only repeat what a row says. So an object tells those itself, and the engine
//! is asked for the others alone: of a list of people with their names, for none. An object whose
//! selection is not of the usual kind (see `chosen`) is left to the engine whole, and so is a `node` under
//! `edges` that cannot tell all. (An extension of the schema, of which there is none, would not hear of
//! the fields told here.)

mod chosen;

use std::{borrow::Cow, cell::Cell, sync::Arc};

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap, parser::types::Field, registry::Registry,
};
use futures_util::{FutureExt, future::try_join_all};

use self::chosen::{Chosen, chosen};
use super::context::ContextExt;
use crate::{loaders::Loaders, paging::PageInfo};

/// An object that tells some of its fields without waiting.
pub trait Plain: ContainerType + Send + Sync {
    /// Whether it is one of several types, as a union is: what is asked for of it is the engine's to find, whole.
    const IS_ONE_OF_SEVERAL: bool = false;

    /// The value of the field that is asked for; None where its resolver is to find it.
    fn plain(&self, asked: &Asked<'_>) -> Option<Value>;
}

/// What a field that needs no waiting says.
pub trait Say {
    /// It as a value; None where its own resolver is to say it.
    fn say(&self, asked: &Asked<'_>) -> Option<Value>;
}

/// A field that an object is asked for.
pub struct Asked<'a> {
    ctx: &'a ContextSelectionSet<'a>,
    field: &'a Positioned<Field>,
    /// What of that which was told so far is counted: the texts and the lists' nodes, in bytes.
    size: &'a Cell<usize>,
}

impl Asked<'_> {
    /// Its name in the schema.
    pub fn name(&self) -> &str {
        &self.field.node.name.node
    }

    /// The context in which its resolver would find it.
    pub fn context(&self) -> Context<'_> {
        self.ctx.with_field(self.field)
    }

    fn count(&self, size: usize) {
        self.size.set(self.size.get().saturating_add(size));
    }

    /// The loaders of this request: for what they have found already.
    pub fn loaders(&self) -> &Loaders {
        self.ctx.data_unchecked::<Arc<Loaders>>()
    }

    /// `text` as a value, which counts against the operation's budget.
    pub fn text(&self, text: &str) -> Value {
        self.count(text.len());
        Value::from(text)
    }

    /// What is asked for of `object`; None where it cannot tell all of it.
    pub fn object(&self, object: &impl Plain) -> Option<Value> {
        self.list_of(std::iter::once(object))?.pop()
    }

    /// The same of each of `objects`, which are counted as the list that the field returns.
    pub fn list<'o, T: Plain + 'o>(
        &self,
        objects: impl ExactSizeIterator<Item = &'o T>,
    ) -> Option<Value> {
        let count = objects.len();
        let told = self.list_of(objects)?;
        self.count(self.context().weigh_nodes(count));
        Some(Value::List(told))
    }

    fn list_of<'o, T: Plain + 'o>(
        &self,
        mut objects: impl Iterator<Item = &'o T>,
    ) -> Option<Vec<Value>> {
        let ctx = self.ctx.with_selection_set(&self.field.node.selection_set);
        let fields = fields::<T>(&ctx)?;
        objects.try_fold(Vec::new(), |mut all, object| {
            all.push(Told::by(&ctx, &fields, object, self.size).whole()?);
            Some(all)
        })
    }
}

/// What is asked for of an object; None where the engine is to find all of it.
fn fields<'a, T: Plain>(ctx: &ContextSelectionSet<'a>) -> Option<Chosen<'a>> {
    if T::IS_ONE_OF_SEVERAL {
        return None;
    }
    chosen(&ctx.item.node, &ctx.query_env.fragments, &T::type_name())
}

/// What an object tells.
struct Told {
    by_name: IndexMap<Name, Value>,
    /// Which fields it does not, by their places.
    untold: Vec<usize>,
}

impl Told {
    /// What `object` tells of `fields`.
    fn by<T: Plain>(
        ctx: &ContextSelectionSet<'_>,
        fields: &Chosen<'_>,
        object: &T,
        size: &Cell<usize>,
    ) -> Self {
        let mut by_name = IndexMap::with_capacity(fields.len());
        let mut untold = Vec::new();
        for (place, field) in fields.iter().enumerate() {
            let so_far = size.get();
            let value = match field.node.name.node.as_str() {
                "__typename" => Some(Value::from(T::type_name())),
                _ => object.plain(&Asked { ctx, field, size }),
            };
            if value.is_none() {
                // What was told of it on the way is not used.
                size.set(so_far);
                untold.push(place);
            }
            let name = field.node.response_key().node.clone();
            by_name.insert(name, value.unwrap_or_default());
        }
        Self { by_name, untold }
    }

    /// As a value, where nothing is left.
    fn whole(self) -> Option<Value> {
        self.untold
            .is_empty()
            .then_some(Value::Object(self.by_name))
    }

    /// The same, counted; None where it is too much: the engine says then at which field.
    fn counted<T: Plain>(
        ctx: &ContextSelectionSet<'_>,
        fields: &Chosen<'_>,
        object: &T,
    ) -> Option<Self> {
        let size = Cell::new(0);
        let told = Self::by(ctx, fields, object, &size);
        let loaders = ctx.data_unchecked::<Arc<Loaders>>();
        loaders.budget.answer(size.get()).ok().map(|()| told)
    }

    /// With the fields of `object` that the engine finds.
    async fn finish<T: Plain>(
        mut self,
        ctx: &ContextSelectionSet<'_>,
        fields: &Chosen<'_>,
        object: &T,
    ) -> ServerResult<Value> {
        let untold = self.untold.iter().filter_map(|place| fields.get(*place));
        let found = untold
            .map(|field| async move { object.resolve_field(&ctx.with_field(field)).await }.boxed());
        let found = try_join_all(found).await?;
        for (place, value) in self.untold.into_iter().zip(found) {
            if let Some((_, untold)) = self.by_name.get_index_mut(place) {
                *untold = value.unwrap_or_default();
            }
        }
        Ok(Value::Object(self.by_name))
    }
}

/// What is asked for of `object`, of which this is `told` of the fields, at `place` of the list that
/// `field` returns.
async fn resolve_node<T: Plain>(
    told: Option<(Told, &Chosen<'_>)>,
    ctx: &ContextSelectionSet<'_>,
    place: usize,
    object: &T,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    let ctx = ctx.with_index(place);
    let resolved = match told {
        Some((told, fields)) => told.finish(&ctx, fields, object).await,
        None => object.resolve(&ctx, field).await,
    };
    // What failed further down says where. (The engine's own lists say the place in the list alone.)
    resolved.map_err(|error| match error.path.is_empty() {
        true => ctx.set_error_path(error),
        false => error,
    })
}

/// An object that tells of itself what it can.
#[derive(Clone, Debug)]
pub struct Flat<T>(pub T);

impl<T: Plain> OutputType for Flat<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let Some(fields) = fields::<T>(ctx) else {
            return self.0.resolve(ctx, field).boxed().await;
        };
        match Told::counted(ctx, &fields, &self.0) {
            Some(told) if told.untold.is_empty() => Ok(Value::Object(told.by_name)),
            Some(told) => told.finish(ctx, &fields, &self.0).boxed().await,
            None => self.0.resolve(ctx, field).boxed().await,
        }
    }
}

/// A list of objects, of which not all tell all that is asked for.
pub struct Nodes<'o, T>(pub Vec<&'o T>);

impl<T: Plain> OutputType for Nodes<'_, T> {
    fn type_name() -> Cow<'static, str> {
        <Vec<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let fields = fields::<T>(ctx);
        let all = self.0.iter().enumerate().map(|(place, object)| {
            let told = fields
                .as_ref()
                .and_then(|fields| Some((Told::counted(ctx, fields, *object)?, fields)));
            resolve_node(told, ctx, place, *object, field).boxed()
        });
        Ok(Value::List(try_join_all(all).await?))
    }
}

impl Plain for PageInfo {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "hasPreviousPage" => self.has_previous_page.say(asked),
            "hasNextPage" => self.has_next_page.say(asked),
            "startCursor" => self.start_cursor.say(asked),
            "endCursor" => self.end_cursor.say(asked),
            _ => None,
        }
    }
}

impl Say for String {
    fn say(&self, _: &Asked<'_>) -> Option<Value> {
        Some(Value::from(self.as_str()))
    }
}

impl Say for bool {
    fn say(&self, _: &Asked<'_>) -> Option<Value> {
        Some(Value::from(*self))
    }
}

impl Say for f64 {
    fn say(&self, _: &Asked<'_>) -> Option<Value> {
        Some(Value::from(*self))
    }
}

impl Say for i32 {
    fn say(&self, _: &Asked<'_>) -> Option<Value> {
        Some(Value::from(*self))
    }
}

impl<T: Say> Say for Option<T> {
    fn say(&self, asked: &Asked<'_>) -> Option<Value> {
        match self {
            Some(value) => value.say(asked),
            None => Some(Value::Null),
        }
    }
}
