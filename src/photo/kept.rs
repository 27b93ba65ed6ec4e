//! Where the files of photos lie: in a folder, in a bucket that speaks S3, or in memory. And how many are
//! drawn at once.

use std::{
    fmt::{Debug, Display, Formatter},
    path::{Path, PathBuf},
    sync::Arc,
    thread::available_parallelism,
};

use anyhow::Context;
use axum::body::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    Error as StoreError, ObjectStore, ObjectStoreExt, local::LocalFileSystem, memory::InMemory,
    path::Path as Name,
};
use tokio::{
    sync::{Notify, Semaphore},
    task::spawn_blocking,
};
use uuid::Uuid;

use super::{
    picture::{NoPicture, Picture, Size, draw},
    s3::{self, Bucket},
};
use crate::{database::Place, error::Error};

/// The folder in the working directory, where there is no database file to lie beside.
const FOLDER: &str = "ashiato-photos";
/// The most pictures that are drawn at once: each takes hundreds of megabytes.
const DRAWN_AT_ONCE: usize = 4;

/// Where photos are to be kept.
#[derive(Clone, Debug, Default)]
pub enum Keeping {
    /// In memory, for as long as the process lives.
    #[default]
    InMemory,
    /// Nowhere that this process knows of: servers keep them, and remove what is to be removed.
    Elsewhere,
    /// In a folder beside the database's file; in one of the working directory, where the database is none.
    BesideDatabase,
    /// In this folder.
    Folder(PathBuf),
    /// In a bucket.
    Bucket(Bucket),
}

impl Keeping {
    /// The folder that they are kept in, for the service at `place`, where it is one.
    pub fn folder(&self, place: &Place) -> Option<PathBuf> {
        match self {
            Self::BesideDatabase => Some(beside(place)),
            Self::Folder(path) => Some(path.clone()),
            Self::InMemory | Self::Elsewhere | Self::Bucket(_) => None,
        }
    }
}

impl Display for Keeping {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InMemory => f.write_str("memory"),
            Self::Elsewhere => f.write_str("elsewhere"),
            Self::BesideDatabase => f.write_str("a folder beside the database"),
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::Bucket(bucket) => write!(f, "{bucket}"),
        }
    }
}

/// Whose a photo is, and its own id. (As in [`super::store`], which stands above the settings.)
type Key = [Uuid; 2];

/// The files of photos, and who draws them.
pub struct Photos {
    store: Arc<dyn ObjectStore>,
    /// Before the names of all of them.
    prefix: Name,
    drawing: Arc<Semaphore>,
    /// Whether this process knows where they are.
    pub are_here: bool,
    /// Told when there are files to be removed.
    pub removed: Notify,
}

impl Debug for Photos {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "Photos({})", self.store)
    }
}

/// A file on its way to somebody.
pub struct File {
    /// How long it is.
    pub size: u64,
    /// What it holds.
    pub bytes: BoxStream<'static, Result<Bytes, StoreError>>,
}

impl Debug for File {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "File({} bytes)", self.size)
    }
}

impl Photos {
    /// Those that are kept so, for the service at `place`.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn open(keeping: &Keeping, place: &Place) -> anyhow::Result<Self> {
        let (store, prefix): (Arc<dyn ObjectStore>, _) = match keeping {
            Keeping::InMemory | Keeping::Elsewhere => (Arc::new(InMemory::new()), Name::default()),
            Keeping::BesideDatabase => (folder(&beside(place))?, Name::default()),
            Keeping::Folder(path) => (folder(path)?, Name::default()),
            Keeping::Bucket(bucket) => (s3::open(bucket)?, bucket.prefix()),
        };
        let cores = available_parallelism().map_or(1, |cores| cores.get());
        Ok(Self {
            store,
            prefix,
            drawing: Arc::new(Semaphore::new((cores / 2).clamp(1, DRAWN_AT_ONCE))),
            are_here: !matches!(keeping, Keeping::Elsewhere),
            removed: Notify::new(),
        })
    }

    /// Writes a file, reads it again and removes it: none of anybody's.
    ///
    /// # Errors
    /// [`Error::Unavailable`], where any of it does not go.
    pub async fn try_out(&self) -> Result<(), Error> {
        const WRITTEN: &[u8] = b"written by ashiato doctor";
        let name = self.prefix.clone().join("ashiato-doctor");
        let put = self.store.put(&name, Bytes::from_static(WRITTEN).into());
        put.await.map_err(unavailable)?;
        let found = self.store.get(&name).await.map_err(unavailable)?;
        let read = found.bytes().await.map_err(unavailable)?;
        self.store.delete(&name).await.map_err(unavailable)?;
        match read == WRITTEN {
            true => Ok(()),
            false => Err(Error::Unavailable(
                "photos: what was written was read otherwise".into(),
            )),
        }
    }

    /// Draws what is in `file`, where no thread that answers waits for it, and few at once do.
    ///
    /// # Errors
    /// Why there is nothing to be drawn.
    pub async fn draw(&self, file: Bytes, most_pixels: u64) -> Result<Picture, NoPicture> {
        let turn = self.drawing.clone().acquire_owned().await;
        let drawn = spawn_blocking(move || {
            let drawn = draw(&file, most_pixels);
            // Held until here, whether anybody waits still or not.
            drop(turn);
            drawn
        });
        drawn.await.unwrap_or(Err(NoPicture::NotDrawn))
    }

    /// Writes the files of the photo with `key`.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn put(&self, key: Key, picture: &Picture) -> Result<(), Error> {
        for (size, bytes) in Size::ALL.into_iter().zip(&picture.files) {
            let name = self.name(key, size);
            let put = self.store.put(&name, bytes.clone().into()).await;
            put.map_err(unavailable)?;
        }
        Ok(())
    }

    /// A file of the photo with `key`; none where there is none.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn file(&self, key: Key, size: Size) -> Result<Option<File>, Error> {
        match self.store.get(&self.name(key, size)).await {
            Ok(found) => Ok(Some(File {
                size: found.meta.size,
                bytes: found.into_stream(),
            })),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// The same, whole.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn bytes(&self, key: Key, size: Size) -> Result<Option<Vec<u8>>, Error> {
        let Some(file) = self.file(key, size).await? else {
            return Ok(None);
        };
        let parts: Vec<Bytes> = file.bytes.try_collect().await.map_err(unavailable)?;
        Ok(Some(parts.concat()))
    }

    /// Removes the files of the photo with `key`. Those that are not there are no matter.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn remove(&self, key: Key) -> Result<(), Error> {
        for size in Size::ALL {
            match self.store.delete(&self.name(key, size)).await {
                Ok(()) | Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(unavailable(error)),
            }
        }
        Ok(())
    }

    /// Removes every file of `owner`, whether a row knows of it or not.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn remove_all_of(&self, owner: Uuid) -> Result<(), Error> {
        let folder = self.prefix.clone().join(owner.simple().to_string());
        let files = self.store.list(Some(&folder));
        let names = files.map_ok(|file| file.location).boxed();
        let removed = self.store.delete_stream(names);
        let gone = removed.try_for_each(|_| async { Ok(()) }).await;
        match gone {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// How many files there are.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn count(&self) -> Result<usize, Error> {
        let files: Vec<_> = self
            .store
            .list(Some(&self.prefix))
            .try_collect()
            .await
            .map_err(unavailable)?;
        Ok(files.len())
    }

    /// Of ids alone: nothing that anybody wrote stands in it.
    fn name(&self, [owner, id]: Key, size: Size) -> Name {
        let size = match size {
            Size::Small => "small",
            Size::Medium => "medium",
            Size::Large => "large",
        };
        let parts = [owner, id].map(|id| id.simple().to_string());
        let folder = parts.into_iter().fold(self.prefix.clone(), Name::join);
        folder.join(size)
    }
}

/// Whatever is wrong with it, it may be right in a moment; the log hears what it was.
fn unavailable(error: StoreError) -> Error {
    Error::Unavailable(format!("photos: {error}").into())
}

fn beside(place: &Place) -> PathBuf {
    match place.file() {
        Some(file) => {
            let mut name = file.as_os_str().to_owned();
            name.push("-photos");
            name.into()
        }
        None => FOLDER.into(),
    }
}

/// The folder at `path`, which is made where it is missing, for this user alone.
fn folder(path: &Path) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let name = path.display();
    make(path).with_context(|| format!("cannot make the folder for photos, {name}"))?;
    let folder = LocalFileSystem::new_with_prefix(path)
        .with_context(|| format!("cannot keep photos in {name}"))?;
    // What was answered is on disk.
    Ok(Arc::new(
        folder.with_fsync(true).with_automatic_cleanup(true),
    ))
}

#[cfg(unix)]
fn make(path: &Path) -> std::io::Result<()> {
    use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt};
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}
