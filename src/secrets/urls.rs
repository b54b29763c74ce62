//! Credentials in URLs.

use std::ops::Range;

use super::placeholder::is_stand_in;
use super::shapes::Credential;
use super::tokens::{is_random, is_token};
use crate::text::Words;

/// The maximum number of bytes before a token that are searched for the URL that contains it.
const LONGEST_URL: usize = 512;

/// The end of the scheme of a URL.
static SCHEME: Words = Words::new(&["://"]);

/// Finds the password in `scheme://user:password@host`, and lone tokens.
pub(super) fn in_userinfo(text: &str, found: &mut Vec<Credential>) {
    for (_, password) in userinfos(text) {
        if !is_stand_in(text.get(password.clone()).unwrap_or("")) {
            found.push(Credential { range: password, what: "a password", in_url: true });
        }
    }
    found.extend(lone_users(text).map(|range| Credential { range, what: "a token", in_url: true }));
}

/// Returns user and password of each URL in a text that has both. A password may contain an `@` that should have been escaped.
pub fn userinfos(text: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + '_ {
    // Few texts have an `@`.
    let text = if memchr::memchr(b'@', text.as_bytes()).is_some() { text } else { "" };
    SCHEME.places(text).filter_map(move |(at, scheme)| {
        let start = at + scheme.len();
        // An authority ends where a path can begin, so that no byte is examined twice.
        let is_end = |byte: &u8| {
            byte.is_ascii_whitespace() || matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b',')
        };
        let rest = text.as_bytes().get(start..)?;
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let authority = rest.get(..length)?;
        // A character that should have been escaped in a password looks like the end of the authority. The text after the colon then is not
        // a port.
        let authority = match authority.iter().position(|byte| *byte == b':') {
            Some(colon) if !authority.contains(&b'@') && !is_port(authority.get(colon + 1..)?) => {
                let is_end =
                    |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b',');
                let more = rest.iter().take(LONGEST_URL).position(is_end).unwrap_or(rest.len().min(LONGEST_URL));
                rest.get(..more)?
            }
            _ => authority,
        };
        let end = authority.iter().rposition(|byte| *byte == b'@')?;
        let colon = authority.iter().position(|byte| *byte == b':').filter(|colon| colon + 1 < end)?;
        Some((start..start + colon, start + colon + 1..start + end))
    })
}

/// Whether the text after the colon of an authority is a port, or a placeholder.
fn is_port(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit) || text.first().is_some_and(|byte| matches!(byte, b'$' | b'{' | b'<' | b'*'))
}

/// Finds a token in place of the user: `https://token@host`.
fn lone_users(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let text = if memchr::memchr(b'@', text.as_bytes()).is_some() { text } else { "" };
    SCHEME.places(text).filter_map(move |(at, scheme)| {
        let start = at + scheme.len();
        let rest = text.as_bytes().get(start..)?;
        let length = rest.iter().take(LONGEST_URL).take_while(|byte| is_token(byte)).count();
        let user = text.get(start..start + length)?;
        let is_it = rest.get(length) == Some(&b'@') && user.len() >= 20 && is_random(user) && !is_stand_in(user);
        is_it.then_some(start..start + length)
    })
}

/// Whether the byte at an offset is part of a URL.
pub(super) fn is_in_url(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes().get(..at).unwrap_or(&[]);
    let is_inside = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'<' | b'>');
    let length = bytes.iter().rev().take(LONGEST_URL).take_while(is_inside).count();
    bytes.get(at - length..).unwrap_or(&[]).windows(3).any(|three| three == b"://")
}
