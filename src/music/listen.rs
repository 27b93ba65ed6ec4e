//! What names a listen: the time, then what is made of the user and the song. So whoever reports the same
//! listen again names the same one, and the order of the ids is that of the times.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// The id of the listen of `user` to `song` that began at `time`: to the millisecond.
pub fn id_of(user: Uuid, song: Uuid, time: DateTime<Utc>) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(user.as_bytes());
    hash.update(song.as_bytes());
    let hash = hash.finalize();
    let mut random = [0; 10];
    random
        .iter_mut()
        .zip(hash)
        .for_each(|(byte, of)| *byte = of);
    Builder::from_unix_timestamp_millis(millis(time), &random).into_uuid()
}

/// When the listen with `id` began.
pub fn time_of(id: Uuid) -> DateTime<Utc> {
    let millis = i64::try_from(id.as_u128() >> 80).unwrap_or_default();
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

fn millis(time: DateTime<Utc>) -> u64 {
    u64::try_from(time.timestamp_millis()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::least_at;

    #[test]
    fn an_id_tells_its_time_and_is_another_for_another_user_song_or_time() {
        let [user, song, other] = [1, 2, 3].map(Uuid::from_u128);
        let time: DateTime<Utc> = "2006-05-01T03:00:00.123Z".parse().unwrap();
        let later = time + chrono::TimeDelta::milliseconds(1);
        let id = id_of(user, song, time);
        assert_eq!(id, id_of(user, song, time));
        assert_eq!(time_of(id), time);
        assert_ne!(id, id_of(other, song, time));
        assert_ne!(id, id_of(user, other, time));
        assert_ne!(id, id_of(song, user, time));
        assert!(id < id_of(user, song, later));
        assert!(least_at(time) < id && id < least_at(later));
        assert_eq!(id.get_version_num(), 7);
    }
}
