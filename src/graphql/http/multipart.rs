//! Requests with files, after <https://github.com/jaydenseric/graphql-multipart-request-spec>.
//!
//! A page of another site can post a form without asking first: so a header is needed that no form has
//! (`GraphQL-Require-Preflight`). Nothing of the body is read before that is there, and before somebody has
//! signed in. What is read then is bounded: the operation as any other, up to four files, each of them, all of
//! everybody's that are being taken at once, and the time that it takes. (The engine's own reader knows no bound
//! for the operation, and takes batches.)

pub mod room;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    task::{Poll, ready},
    time::Duration,
};

use async_graphql::{Name, Request, Value};
use axum::{
    body::{Body, BodyDataStream, Bytes},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use futures_util::{StreamExt, stream};
use multer::{Field, Multipart};
use serde::Deserialize;
use tokio::time::timeout;

use self::room::{Refused, Room, lock};
use super::Reply;
use crate::{
    error::text::request::RequestText,
    graphql::{
        api::Api,
        parameters::{self, Malformed},
        upload::{Files, Upload},
    },
    viewer::Member,
};

/// The header without which nothing is taken.
const HEADER: &str = "graphql-require-preflight";
/// The most files of a request.
const MOST_FILES: usize = 4;
/// The most uploads of a member that are under way at once.
const MOST_UPLOADS: u32 = 2;
/// The most bytes of the map.
const MAP: usize = 4_000;
/// The most bytes that are read of what is refused, and for how long.
const PASSED_OVER: usize = 32_000_000;
const PATIENCE: Duration = Duration::from_secs(5);
/// The most bytes of everything else: boundaries, the headers of the parts, the map.
const AROUND: usize = 16_000;

/// Whether it is a form with files.
pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|value| {
        let kind = value.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("multipart/form-data")
    })
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::CONTENT_TYPE).into_iter();
    match (values.next(), values.next()) {
        (Some(one), None) => one.to_str().ok(),
        _ => None,
    }
}

/// Why what a form of another site can send is refused; None of what none can.
pub(super) fn refusal(headers: &HeaderMap) -> Option<Reply> {
    let is_there = headers.get(HEADER).is_some_and(|value| !value.is_empty());
    (!is_there).then(|| Reply::because(StatusCode::BAD_REQUEST, RequestText::PreflightRequired))
}

/// The request of `member` with its files.
pub(super) async fn read<E>(
    api: &Api<E>,
    member: Member,
    parts: &Parts,
    body: Body,
) -> Result<Request, Reply> {
    let Some(turn) = api.uploads.take(member.id, MOST_UPLOADS) else {
        return Err(Reply {
            retry_after: Some(1),
            ..Reply::because(
                StatusCode::TOO_MANY_REQUESTS,
                RequestText::TooManyUploads {
                    limit: MOST_UPLOADS,
                },
            )
        });
    };
    let boundary = content_type(&parts.headers).and_then(|ty| multer::parse_boundary(ty).ok());
    let boundary = boundary.ok_or_else(|| malformed(RequestText::NoBoundary))?;
    let [most_text, most_file] = [api.limits.max_body_bytes, api.limits.max_file_bytes]
        .map(|most| usize::try_from(most).unwrap_or(usize::MAX));
    let most = most_file
        .saturating_mul(MOST_FILES)
        .saturating_add(most_text)
        .saturating_add(AROUND);
    let room = Arc::new(Mutex::new(Room::of(api.upload_room.clone(), most)));
    let body = Arc::new(Mutex::new(body.into_data_stream()));
    let (arriving, counting) = (body.clone(), room.clone());
    // Counted as it arrives: the reader of forms takes whatever is there.
    let counted = stream::poll_fn(move |cx| {
        let chunk = ready!(lock(&arriving).poll_next_unpin(cx));
        Poll::Ready(chunk.map(|chunk| {
            let chunk = chunk.map_err(std::io::Error::other)?;
            lock(&counting).take(chunk.len())?;
            Ok::<_, std::io::Error>(chunk)
        }))
    });
    let form = Form {
        form: Multipart::new(counted, boundary),
        room: room.clone(),
        most_text,
        most_file,
    };
    let read = timeout(api.deadlines.upload_timeout, form.read()).await;
    let Ok(read) = read else {
        let text = RequestText::FilesTooSlow;
        return Err(Reply::because(StatusCode::REQUEST_TIMEOUT, text));
    };
    match read {
        Ok((request, files)) => {
            let held = lock(&room).hand_over();
            Ok(request.data(Files::new(files, held, Some(turn))))
        }
        Err(refused) => {
            drop(room);
            pass_over(&body).await;
            Err(refused)
        }
    }
}

/// Reads what is still on its way, and keeps none of it: a client that goes on writing would not read why it is
/// refused. Not all of it, where it is far too much, nor for long.
async fn pass_over(body: &Mutex<BodyDataStream>) {
    let mut left = PASSED_OVER;
    let passing = async {
        while let Some(Ok(chunk)) = std::future::poll_fn(|cx| lock(body).poll_next_unpin(cx)).await
        {
            match left.checked_sub(chunk.len()) {
                Some(less) => left = less,
                None => return,
            }
        }
    };
    // Whichever comes first.
    let _ = timeout(PATIENCE, passing).await;
}

fn malformed(text: RequestText) -> Reply {
    Malformed(text).into()
}

fn too_large(text: RequestText) -> Reply {
    Reply::because(StatusCode::PAYLOAD_TOO_LARGE, text)
}

/// A form that is being read.
struct Form {
    form: Multipart<'static>,
    room: Arc<Mutex<Room>>,
    most_text: usize,
    most_file: usize,
}

/// For each file's part, the place that it is for.
#[derive(Deserialize)]
struct Places(HashMap<String, Vec<String>>);

impl Form {
    async fn read(mut self) -> Result<(Request, Vec<Bytes>), Reply> {
        let operations = self.text("operations", self.most_text).await?;
        let mut request = parameters::from_body(&operations)?;
        let places = self.text("map", MAP).await?;
        let Ok(Places(places)) = serde_json::from_slice(&places) else {
            return Err(malformed(RequestText::MapNoLists));
        };
        if places.len() > MOST_FILES {
            return Err(malformed(RequestText::TooManyFiles { limit: MOST_FILES }));
        }
        let mut parts = Vec::new();
        for (place, (part, paths)) in (0..).zip(places) {
            let [path] = paths.as_slice() else {
                return Err(malformed(RequestText::MapOnePlace));
            };
            let Some(empty) = find(&mut request, path) else {
                return Err(malformed(RequestText::MapNoNull));
            };
            *empty = Upload::value(place);
            parts.push(part);
        }
        let files = self.files(parts).await?;
        Ok((request, files))
    }

    /// The next part, where there is one.
    async fn next(&mut self) -> Result<Option<Field<'static>>, Reply> {
        lock(&self.room).look_for_part(true);
        let next = self.form.next_field().await;
        lock(&self.room).look_for_part(false);
        next.map_err(|_| self.broken())
    }

    /// The next piece of `field`, where there is one.
    async fn piece(&self, field: &mut Field<'static>) -> Result<Option<Bytes>, Reply> {
        let piece = field.chunk().await;
        piece.map_err(|_| self.broken())
    }

    /// Why it cannot be read any further.
    fn broken(&self) -> Reply {
        match lock(&self.room).refused() {
            Some(Refused::TooMuch) => too_large(self.file_too_large()),
            Some(Refused::NoRoom) => Reply {
                retry_after: Some(1),
                ..Reply::because(StatusCode::SERVICE_UNAVAILABLE, RequestText::NoRoomForFiles)
            },
            None => malformed(RequestText::FormUnreadable),
        }
    }

    fn file_too_large(&self) -> RequestText {
        let limit = self.most_file;
        RequestText::FileTooLarge { limit }
    }

    async fn text(&mut self, part: &'static str, limit: usize) -> Result<Vec<u8>, Reply> {
        let field = self.next().await?;
        let Some(mut field) = field.filter(|field| field.name() == Some(part)) else {
            return Err(malformed(RequestText::FormOrder));
        };
        let mut text = Vec::new();
        while let Some(chunk) = self.piece(&mut field).await? {
            if text.len().saturating_add(chunk.len()) > limit {
                return Err(too_large(RequestText::PartTooLarge { part, limit }));
            }
            text.extend_from_slice(&chunk);
        }
        Ok(text)
    }

    /// The files that the `parts` bear, in their order, each once.
    async fn files(&mut self, parts: Vec<String>) -> Result<Vec<Bytes>, Reply> {
        let mut files: Vec<Option<Bytes>> = vec![None; parts.len()];
        while let Some(field) = self.next().await? {
            let place = parts
                .iter()
                .position(|part| field.name() == Some(part.as_str()));
            let place = place.and_then(|place| files.get_mut(place));
            let Some(missing) = place.filter(|file| file.is_none()) else {
                return Err(malformed(RequestText::PartUnknown));
            };
            *missing = Some(self.file(field).await?);
        }
        let all: Option<Vec<_>> = files.into_iter().collect();
        all.ok_or_else(|| malformed(RequestText::FileMissing))
    }

    async fn file(&self, mut field: Field<'static>) -> Result<Bytes, Reply> {
        let mut file = Vec::new();
        while let Some(chunk) = self.piece(&mut field).await? {
            if file.len().saturating_add(chunk.len()) > self.most_file {
                return Err(too_large(self.file_too_large()));
            }
            file.extend_from_slice(&chunk);
        }
        Ok(file.into())
    }
}

/// The null at `path` of the variables of `request`, such as `variables.input.file`.
fn find<'r>(request: &'r mut Request, path: &str) -> Option<&'r mut Value> {
    let mut names = path.split('.');
    if names.next() != Some("variables") {
        return None;
    }
    let mut value = request.variables.get_mut(names.next()?)?;
    for name in names {
        value = match value {
            Value::Object(fields) => fields.get_mut(&Name::new(name))?,
            Value::List(items) => items.get_mut(name.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    (*value == Value::Null).then_some(value)
}
