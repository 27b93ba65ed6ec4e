//! How much of everybody's files is in memory at once: counted as it arrives, and held until it is used.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How much room is taken at once for what arrives.
pub const ROOM: usize = 64 * 1024;
/// The most bytes that come before the next part has begun: with its headers comes what follows at once.
const BEFORE_PART: usize = 8_000_000;

/// What is held of the room for everybody's files.
#[derive(Debug)]
pub struct Room {
    all: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
    /// How much of what is held is not used yet.
    left: usize,
    /// How much more may come.
    most: usize,
    /// The same until the next part has begun, while it is looked for: whatever came is looked through each time.
    until_part: Option<usize>,
    /// Why no more is taken.
    refused: Option<Refused>,
}

/// Why no more is taken.
#[derive(Clone, Copy, Debug)]
pub enum Refused {
    /// More came than may.
    TooMuch,
    /// Too much is being taken already.
    NoRoom,
}

impl Room {
    /// Of `all` that there is, for a body of `most` bytes.
    pub fn of(all: Arc<Semaphore>, most: usize) -> Self {
        Self {
            all,
            held: None,
            left: 0,
            most,
            until_part: None,
            refused: None,
        }
    }

    /// Takes room for `bytes` more. Nobody waits for any: two that did would wait for each other.
    ///
    /// # Errors
    /// Where there is none: [`Self::refused`] says why.
    pub fn take(&mut self, bytes: usize) -> Result<(), std::io::Error> {
        let bounds = [Some(&mut self.most), self.until_part.as_mut()];
        let mut is_too_much = false;
        for most in bounds.into_iter().flatten() {
            is_too_much |= *most < bytes;
            *most = most.saturating_sub(bytes);
        }
        self.refused = match is_too_much {
            true => Some(Refused::TooMuch),
            false if self.hold(bytes) => None,
            false => Some(Refused::NoRoom),
        };
        match self.refused {
            Some(_) => Err(std::io::ErrorKind::OutOfMemory.into()),
            None => Ok(()),
        }
    }

    /// From now on a part is looked for, or is found.
    pub fn look_for_part(&mut self, looks: bool) {
        self.until_part = looks.then_some(BEFORE_PART);
    }

    /// Why no more is taken, where that is so.
    pub fn refused(&self) -> Option<Refused> {
        self.refused
    }

    /// What is held, for who goes on holding it.
    pub fn hand_over(&mut self) -> Option<OwnedSemaphorePermit> {
        self.held.take()
    }

    fn hold(&mut self, bytes: usize) -> bool {
        while self.left < bytes {
            let Ok(more) = self.all.clone().try_acquire_owned() else {
                return false;
            };
            match &mut self.held {
                Some(held) => held.merge(more),
                None => self.held = Some(more),
            }
            self.left += ROOM;
        }
        self.left -= bytes;
        true
    }
}

/// What `mutex` guards.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
