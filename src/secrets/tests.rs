use rand::SeedableRng;

use super::{key::written, *};

const NOTES: Purpose = Purpose::new("notes");
const NUMBERS: Purpose = Purpose::new("numbers");

fn ring(keys: &[u8]) -> Keyring {
    let ids = Ids::new(rand::rngs::StdRng::seed_from_u64(7));
    Keyring::new(keys.iter().map(|byte| [*byte; KEY_BYTES]).collect(), ids).unwrap()
}

#[test]
fn what_is_sealed_opens_again_and_is_never_the_same_twice() {
    let ring = ring(&[1]);
    for plain in [&b""[..], b"a", &[0; 1000]] {
        let sealed = ring.seal(NOTES, plain).unwrap();
        assert_eq!(ring.open(NOTES, &sealed).unwrap(), plain);
        assert_ne!(ring.seal(NOTES, plain).unwrap(), sealed);
    }
    let sealed = ring.seal(NOTES, b"a long secret of somebody's").unwrap();
    assert!(!sealed.windows(6).any(|part| part == b"secret"));
}

#[test]
fn what_was_changed_cut_or_sealed_for_something_else_does_not_open() {
    let ring = ring(&[1, 2]);
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let sealed = ring.seal(NOTES.of(one), b"a secret").unwrap();
    let opens = |purpose, sealed: &[u8]| ring.open(purpose, sealed).is_ok();
    assert!(opens(NOTES.of(one), &sealed));
    for other in [NOTES, NOTES.of(two), NUMBERS, NUMBERS.of(one)] {
        assert!(!opens(other, &sealed), "{other:?}");
    }
    for index in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[index] ^= 1;
        assert!(!opens(NOTES.of(one), &changed), "{index}");
        assert!(!opens(NOTES.of(one), &sealed[..index]), "{index}");
    }
}

#[test]
fn a_new_first_key_seals_and_the_older_ones_still_open() {
    let old = ring(&[1]);
    let sealed = old.seal(NOTES, b"a secret").unwrap();
    let rotated = ring(&[2, 1]);
    assert_eq!(rotated.open(NOTES, &sealed).unwrap(), b"a secret");
    let anew = rotated.seal(NOTES, b"a secret").unwrap();
    assert_eq!(ring(&[2]).open(NOTES, &anew).unwrap(), b"a secret");
    // Where it stands among the keys makes no difference.
    assert_eq!(ring(&[3, 1, 2]).open(NOTES, &anew).unwrap(), b"a secret");
    for (without, sealed) in [(old, anew), (ring(&[2]), sealed)] {
        let refused = without.open(NOTES, &sealed);
        assert!(matches!(refused, Err(Error::KeyMissing)), "{refused:?}");
    }
}

#[test]
fn what_was_hashed_is_found_again_under_every_key() {
    let (old, rotated) = (ring(&[1]), ring(&[2, 1]));
    let number = b"+819012345678";
    let kept = old.mac(NUMBERS, number).unwrap();
    assert_eq!(kept, old.mac(NUMBERS, number).unwrap());
    let all = rotated.macs(NUMBERS, number).unwrap();
    assert_eq!(all, [rotated.mac(NUMBERS, number).unwrap(), kept]);
    assert_ne!(all[0], all[1]);
    for other in [NOTES, NUMBERS.of(Uuid::nil())] {
        assert_ne!(old.mac(other, number).unwrap(), kept, "{other:?}");
    }
    assert_ne!(old.mac(NUMBERS, b"+819012345679").unwrap(), kept);
}

/// What a version sealed and hashed, every later one opens and finds: never change these. (They were
/// reckoned apart from this code, by the letter of RFC 5869, RFC 2104 and XChaCha20-Poly1305.)
#[test]
fn earlier_versions_are_understood() {
    let ring = ring(&[7]);
    let sealed = concat!(
        "013632fd4593741eb5000102030405060708090a0b0c0d0e0f10111213141516",
        "1734c05f44792970d9e564f5fbc56d5f597492141fa9cb016228f1c5fb3a2908"
    );
    let open = ring.open(NOTES.of(Uuid::from_u128(9)), &bytes(sealed));
    assert_eq!(open.unwrap(), b"kept since 2026");
    let mac = ring.mac(NUMBERS, b"kept since 2026").unwrap();
    assert_eq!(
        hex(&mac),
        "059deb54d7d9e0289f2f96d68c58b84bbba74b9575274b10e1393de6b1fcc7b1"
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

#[test]
fn without_a_key_everything_is_refused_with_a_code() {
    let none = ring(&[]);
    let sealed = ring(&[1]).seal(NOTES, b"a").unwrap();
    let refusals = [
        none.check(),
        none.seal(NOTES, b"a").map(drop),
        none.open(NOTES, &sealed).map(drop),
        none.mac(NOTES, b"a").map(drop),
        none.macs(NOTES, b"a").map(drop),
    ];
    for refused in refusals {
        assert_eq!(refused.unwrap_err().code(), "NOT_CONFIGURED");
    }
}

#[test]
fn keys_are_read_in_either_alphabet_and_what_is_none_is_never_repeated() {
    let (one, two) = ([0xfb_u8; KEY_BYTES], [0xff; KEY_BYTES]);
    let standard = written(&one);
    let others = written(&two).replace('/', "_").replace('=', "");
    for text in [
        format!("{standard},{others}"),
        format!("# newest\n{standard} # of May\n\n{others}\n"),
    ] {
        assert_eq!(read_keys(&text).unwrap(), [one, two], "{text}");
    }
    for (wrong, said) in [
        ("", "no secret key"),
        (" , \n# none\n", "no secret key"),
        ("hunter2!", "key 1"),
        ("aHVudGVyMg==", "7 bytes"),
        (&format!("{standard},hunter2"), "key 2"),
    ] {
        let error = format!("{:#}", read_keys(wrong).unwrap_err());
        assert!(error.contains(said), "{wrong}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn no_key_is_shown_and_none_stands_there_twice() {
    let ring = ring(&[1, 2]);
    assert_eq!(format!("{ring:?}"), "Keyring(2 keys)");
    let twice = vec![[1; KEY_BYTES], [2; KEY_BYTES], [1; KEY_BYTES]];
    let refused = Keyring::new(twice, ring.ids.clone()).unwrap_err();
    assert!(refused.to_string().contains("twice"), "{refused}");
}
