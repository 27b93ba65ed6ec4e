//! Long texts on their way into an answer.

use std::{borrow::Cow, fmt, sync::Arc};

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};

use crate::{error::Error, loaders::Loaders};

/// A text of a row, which is copied only where it is asked for, and then counted against the
/// operation's [`Budget`](crate::budget::Budget). A `String` in the schema.
pub struct Text<R> {
    row: Arc<R>,
    of: fn(&R) -> &str,
    was_read: bool,
}

impl<R> Text<R> {
    /// The text that `of` finds in `row`.
    pub fn new(row: &Arc<R>, of: fn(&R) -> &str) -> Self {
        Self {
            row: Arc::clone(row),
            of,
            was_read: true,
        }
    }

    /// The same, of a row that was read with its texts or without.
    pub fn if_read(self, was_read: bool) -> Self {
        Self { was_read, ..self }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        (self.of)(&self.row)
    }
}

// Not derived: that would ask the same of the row.
impl<R> Clone for Text<R> {
    fn clone(&self) -> Self {
        Self::new(&self.row, self.of).if_read(self.was_read)
    }
}

impl<R> fmt::Debug for Text<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl<R: Send + Sync> OutputType for Text<R> {
    fn type_name() -> Cow<'static, str> {
        <String as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <String as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let text = self.as_str();
        let loaders = ctx.data_unchecked::<Arc<Loaders>>();
        let counted = if self.was_read {
            loaders.budget.answer(text.len())
        } else {
            // Never an empty text in its place.
            Err(Error::internal("a text is asked for that was not read"))
        };
        counted.map_err(|error| async_graphql::Error::from(error).into_server_error(field.pos))?;
        Ok(Value::String(text.to_owned()))
    }
}
