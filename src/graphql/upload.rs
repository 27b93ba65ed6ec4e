//! The scalar of files, and the files that came with a request.
//!
//! A file's variable holds a value that no JSON has a word for, which names its place among the request's
//! files. (The engine's own scalar is a text: whoever writes that without sending a file has it panic.)

use std::sync::{Mutex, PoisonError};

use async_graphql::{Context, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use axum::body::Bytes;
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::quota::Held;
use crate::error::{Error, text::service::ServiceText};

/// A file of a request that is `multipart/form-data`, after
/// <https://github.com/jaydenseric/graphql-multipart-request-spec>: a variable alone has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload(u8);

impl Upload {
    /// The value of the file at `place`.
    pub fn value(place: u8) -> Value {
        Value::Binary(vec![place].into())
    }

    /// The file's content: once, so that what is done with it is paid for once.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where it was taken already.
    pub fn take(self, ctx: &Context<'_>) -> Result<Bytes, Error> {
        let file = ctx.data_opt::<Files>().and_then(|files| files.take(self));
        file.ok_or(Error::InvalidArgument(ServiceText::FileUsedTwice))
    }
}

/// A file of a request that is `multipart/form-data`, after
/// <https://github.com/jaydenseric/graphql-multipart-request-spec>: a variable alone has one.
#[Scalar(specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec")]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Binary(bytes) => match bytes.as_ref() {
                [place] => Ok(Self(*place)),
                _ => Err(InputValueError::expected_type(value)),
            },
            _ => Err(InputValueError::custom(
                "Send the file in a multipart request, and null in its place.",
            )),
        }
    }

    fn to_value(&self) -> Value {
        Self::value(self.0)
    }
}

/// The files of a request, until they are used.
#[derive(Debug)]
pub struct Files {
    files: Mutex<Vec<Option<Bytes>>>,
    /// The room that they take, and that one more is under way.
    _held: (Option<OwnedSemaphorePermit>, Option<Held<Uuid>>),
}

impl Files {
    /// These, for which so much is held.
    pub fn new(
        files: Vec<Bytes>,
        room: Option<OwnedSemaphorePermit>,
        turn: Option<Held<Uuid>>,
    ) -> Self {
        Self {
            files: Mutex::new(files.into_iter().map(Some).collect()),
            _held: (room, turn),
        }
    }

    fn take(&self, file: Upload) -> Option<Bytes> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.get_mut(usize::from(file.0))?.take()
    }
}
