//! Bearer tokens, as they come.

/// The token of `Bearer <token>`, in the alphabet that RFC 6750 allows.
pub(super) fn bearer(value: &[u8]) -> Option<&str> {
    let (scheme, token) = std::str::from_utf8(value).ok()?.trim().split_once(' ')?;
    let token = token.trim_start();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    let well_formed = !token.is_empty() && token.bytes().all(fits);
    (scheme.eq_ignore_ascii_case("bearer") && well_formed).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn a_bearer_token_is_a_scheme_and_one_word() {
        for right in ["Bearer abc-_1", "bearer abc-_1", "BEARER   abc-_1 "] {
            assert_eq!(bearer(right.as_bytes()), Some("abc-_1"), "{right}");
        }
        for wrong in [
            "",
            "Bearer",
            "Bearer ",
            "Basic abc",
            "abc",
            "Bearer a b",
            "Bearer é",
        ] {
            assert_eq!(bearer(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
