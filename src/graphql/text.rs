//! Long texts on their way into an answer.

use std::{borrow::Cow, fmt, sync::Arc};

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};

use super::plain::{Asked, Say};
use crate::{error::Error, loaders::Loaders};

/// A text of a row, which is copied only where it is asked for, and then counted against the
/// operation's [`Budget`](crate::budget::Budget). A `String` in the schema.
pub struct Text<R> {
    row: R,
    of: fn(&R) -> &str,
    was_read: bool,
    is_counted: bool,
}

impl<R: Clone> Text<R> {
    /// The text that `of` finds in `row`, which is shared and cheap to clone.
    pub fn new(row: &R, of: fn(&R) -> &str) -> Self {
        Self {
            row: row.clone(),
            of,
            was_read: true,
            is_counted: true,
        }
    }

    /// A text of some characters, which counts as any other value does.
    pub fn short(row: &R, of: fn(&R) -> &str) -> Self {
        Self {
            is_counted: false,
            ..Self::new(row, of)
        }
    }
}

impl<R> Text<R> {
    /// The same, of a row that was read with its texts or without.
    pub fn if_read(self, was_read: bool) -> Self {
        Self { was_read, ..self }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        (self.of)(&self.row)
    }
}

impl<R: Clone> Clone for Text<R> {
    fn clone(&self) -> Self {
        Self {
            row: self.row.clone(),
            ..*self
        }
    }
}

impl<R> fmt::Debug for Text<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl<R> Say for Text<R> {
    fn say(&self, asked: &Asked<'_>) -> Option<Value> {
        self.was_read.then(|| {
            let text = self.as_str();
            if self.is_counted {
                asked.text(text)
            } else {
                Value::from(text)
            }
        })
    }
}

impl<R: Clone + Send + Sync> OutputType for Text<R> {
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
            loaders
                .budget
                .answer(if self.is_counted { text.len() } else { 0 })
        } else {
            // Never an empty text in its place.
            Err(Error::internal("a text is asked for that was not read"))
        };
        counted.map_err(|error| async_graphql::Error::from(error).into_server_error(field.pos))?;
        Ok(Value::String(text.to_owned()))
    }
}
