//! Tokens that are recognized by their prefix.

use std::ops::Range;

use super::assignments::is_credential;
use super::names::Held;
use super::placeholder::is_stand_in;
use super::prefixes::{Body, OF_LINES, OF_RUNS, SHAPES, SHORTEST_RUN};
use super::shapes::Credential;
use super::urls::is_in_url;

/// The maximum number of bytes of a token that are examined.
const LONGEST_LOOK: usize = 256;

/// The maximum number of bytes of a line before an option that are searched for its command.
const LONGEST_COMMAND: usize = 512;

pub(super) fn with_prefix(text: &str, found: &mut Vec<Credential>) {
    let of_runs = LongRuns::of(text).flat_map(|run| {
        let places = OF_RUNS.places_at_words(text.get(run.clone()).unwrap_or(""), continues_word);
        places.map(move |(at, prefix)| (run.start + at, prefix))
    });
    let mut places: Vec<(usize, &str)> = OF_LINES.places(text).chain(of_runs).collect();
    places.sort_by_key(|(at, _)| *at);
    let mut done = 0;
    for (at, prefix) in places {
        let Some((word, body, what)) = SHAPES.iter().find(|(word, ..)| *word == prefix) else { continue };
        if at < done || !is_boundary(text, at, body) {
            continue;
        }
        let end = at + prefix.len();
        match body_behind(text, at..end, word, body) {
            Some(range) => {
                done = range.end;
                let in_url = match body {
                    Body::Account | Body::Login => false,
                    Body::Slashed => word.starts_with("jdbc:"),
                    _ => is_in_url(text, range.start),
                };
                found.push(Credential { range, what, in_url });
            }
            // A run of token bytes that is not a credential is not examined again from each `-` and `_` in it.
            None if matches!(body, Body::Token(_)) => {
                let rest = text.as_bytes().get(end..).unwrap_or(&[]);
                done = end + rest.iter().take_while(|byte| is_token(byte)).count();
            }
            None => {}
        }
    }
}

/// The runs of bytes without blanks that are as long as the shortest token. Most texts have few: of a run that is shorter, only its end and a
/// few bytes before it are looked at.
struct LongRuns<'t> {
    bytes: &'t [u8],
    /// Where the next run may begin.
    start: usize,
}

impl<'t> LongRuns<'t> {
    fn of(text: &'t str) -> Self {
        Self { bytes: text.as_bytes(), start: 0 }
    }
}

impl Iterator for LongRuns<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let first = self.bytes.get(self.start..self.start + SHORTEST_RUN)?;
            // Whatever begins before the last blank is too short.
            match first.iter().rposition(u8::is_ascii_whitespace) {
                Some(blank) => self.start += blank + 1,
                None => {
                    let rest = self.bytes.get(self.start..)?;
                    let length = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
                    let run = self.start..self.start + length;
                    self.start = run.end + 1;
                    return Some(run);
                }
            }
        }
    }
}

/// Whether what is behind a byte is within a word.
fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.'
}

/// Whether a token can begin here, that is, not within a word.
fn starts_token(text: &str, at: usize) -> bool {
    !text.as_bytes().get(..at).and_then(<[u8]>::last).is_some_and(|byte| continues_word(*byte))
}

/// Whether a credential of this shape can begin here.
fn is_boundary(text: &str, at: usize, body: &Body) -> bool {
    let before = text.as_bytes().get(..at).and_then(<[u8]>::last).copied();
    match body {
        Body::Account | Body::Login | Body::Infix(..) | Body::KeyOfUser(_) => true,
        // A host may be a subdomain.
        Body::Path => !before.is_some_and(|byte| byte.is_ascii_alphanumeric()),
        _ => starts_token(text, at),
    }
}

fn body_behind(text: &str, prefix: Range<usize>, word: &str, body: &Body) -> Option<Range<usize>> {
    let rest = text.get(prefix.end..)?;
    let run = |is: fn(&u8) -> bool| rest.bytes().take_while(is).count();
    let token = |length: usize| prefix.start..prefix.end + length;
    match body {
        Body::Token(least) => {
            let length = run(is_token);
            let body = rest.get(..length)?;
            let start = if word.ends_with(' ') { prefix.end } else { prefix.start };
            let is_it = is_random(body) || (!is_common(word) && is_letters(body, *least));
            (length >= *least && is_it && !is_stand_in(body)).then(|| start..prefix.end + with_parts(rest, length))
        }
        Body::Base64(least) => {
            let length = run(|byte| is_token(byte) || matches!(byte, b'+' | b'/' | b'='));
            let start = if word.ends_with(' ') { prefix.end } else { prefix.start };
            (length >= *least && !is_stand_in(rest.get(..length)?)).then(|| start..prefix.end + length)
        }
        Body::Account => {
            let is_client = commands_before(text, prefix.start).any(|word| matches!(word, "curl" | "wget" | "http"));
            let rest = rest.strip_prefix([' ', '=']).unwrap_or(rest).trim_start_matches(['"', '\'']);
            let account = rest.get(..rest.find(is_end_of_word).unwrap_or(rest.len()))?;
            let (user, password) = account.split_once(':')?;
            let end = text.len() - rest.len() + account.len();
            let is_it = is_client && !user.is_empty() && is_credential(password, Held::Password);
            is_it.then(|| end - password.len()..end)
        }
        Body::Login => {
            let takes_word = commands_before(text, prefix.start).any(|word| matches!(word, "sshpass" | "login"));
            let takes_rest = commands_before(text, prefix.start).any(|word| word.starts_with("mysql"));
            let rest = if takes_word { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
            let rest = rest.trim_start_matches(['"', '\'']);
            let password = rest.get(..rest.find(is_end_of_word).unwrap_or(rest.len()))?;
            let start = text.len() - rest.len();
            let is_it = (takes_word || takes_rest) && is_credential(password, Held::Password);
            is_it.then(|| start..start + password.len())
        }
        Body::Infix(is_before, before, least) => {
            let start = prefix.start.checked_sub(*before)?;
            let is_it = text.as_bytes().get(start..prefix.start)?.iter().all(is_before);
            let length = run(|byte| is_token(byte) || matches!(byte, b'.' | b'~'));
            (is_it && length >= *least && is_random(rest.get(..length)?)).then(|| start..prefix.end + length)
        }
        Body::Capitals(exactly) => {
            let length = run(u8::is_ascii_alphanumeric);
            let body = rest.get(..length)?;
            let is_it = length == *exactly && !body.bytes().any(|byte| byte.is_ascii_lowercase()) && !is_stand_in(body);
            is_it.then(|| token(length))
        }
        Body::Hex(exactly) => {
            let length = run(u8::is_ascii_alphanumeric);
            let body = rest.get(..length)?;
            let is_it = length == *exactly && body.bytes().all(|byte| byte.is_ascii_hexdigit()) && !is_stand_in(body);
            is_it.then(|| token(length))
        }
        Body::Jwt => {
            let mut parts = rest.get(..run(|byte| is_token(byte) || *byte == b'.'))?.split('.');
            let (head, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
            let is_it = head.len() >= 8 && claims.starts_with("eyJ") && claims.len() >= 8 && signature.len() >= 8;
            is_it.then(|| token(head.len() + claims.len() + signature.len() + 2))
        }
        Body::Pem => {
            let (label, _) = rest.split_once("-----")?;
            if label.len() > 40 || !label.trim_end_matches(" BLOCK").ends_with("PRIVATE KEY") {
                return None;
            }
            let end = rest.find("-----END ").map_or(rest.len(), |end| {
                let behind = rest.get(end + 9..).unwrap_or("");
                end + 9 + behind.find("-----").filter(|length| *length <= 40).map_or(0, |length| length + 5)
            });
            Some(token(end))
        }
        Body::Parts(parts) => {
            let mut end = 0;
            for (index, exactly) in parts.iter().enumerate() {
                let part = rest.get(end..)?;
                let part = if index == 0 { part } else { part.strip_prefix('.')? };
                let length = part.bytes().take_while(is_token).count();
                if length != *exactly {
                    return None;
                }
                end += usize::from(index > 0) + length;
            }
            let body = rest.get(..end)?;
            let has_digit = body.bytes().any(|byte| byte.is_ascii_digit());
            (has_digit && !is_stand_in(body)).then(|| token(end))
        }
        Body::Slashed => {
            let login = rest.get(..rest.find(char::is_whitespace).unwrap_or(rest.len()))?;
            let login = login.get(..login.rfind('@')?)?;
            let (user, password) = login.split_once('/')?;
            let end = prefix.end + login.len();
            let is_it = !user.is_empty() && is_credential(password, Held::Password);
            is_it.then(|| end - password.len()..end)
        }
        Body::KeyOfUser(exactly) => {
            let has_user = window_before(text, prefix.start).contains("\"username\"");
            let key = rest.trim_start_matches([' ', '"']);
            let key = key.get(..key.bytes().take_while(u8::is_ascii_alphanumeric).count())?;
            let is_it = key.len() == *exactly && key.bytes().all(|byte| byte.is_ascii_hexdigit()) && !is_stand_in(key);
            let start = text.len() - rest.trim_start_matches([' ', '"']).len();
            (has_user && is_it).then(|| start..start + key.len())
        }
        Body::Path => {
            let length = run(|byte| is_token(byte) || matches!(byte, b'/' | b'@'));
            (length >= 30 && !is_stand_in(rest.get(..length)?)).then(|| token(length))
        }
    }
}

/// Returns the text before an offset, limited to the bytes that are searched.
pub(super) fn window_before(text: &str, at: usize) -> &str {
    let start = (at.saturating_sub(LONGEST_COMMAND)..=at).find(|start| text.is_char_boundary(*start)).unwrap_or(at);
    text.get(start..at).unwrap_or("")
}

/// Returns the words of the line before an option, limited to the bytes that are searched.
fn commands_before(text: &str, at: usize) -> impl Iterator<Item = &str> {
    let line = window_before(text, at);
    line.rsplit('\n').next().unwrap_or("").split(|c: char| !c.is_ascii_alphanumeric())
}

fn is_end_of_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'')
}

/// Returns the length of a token together with the parts that follow it after dots.
fn with_parts(text: &str, mut length: usize) -> usize {
    /// A shorter part is the end of a sentence or of a file name.
    const SHORTEST_PART: usize = 7;
    while let Some(part) = text.get(length..).and_then(|rest| rest.strip_prefix('.')) {
        let next = part.bytes().take_while(is_token).count();
        if next < SHORTEST_PART {
            break;
        }
        length += 1 + next;
    }
    length
}

/// Whether a byte belongs to the URL-safe base64 alphabet.
pub(super) fn is_token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Whether a text looks random: it has a long part without separators, with digits, and with letters of both cases or many digits.
pub(super) fn is_random(text: &str) -> bool {
    let text = text.get(..LONGEST_LOOK).unwrap_or(text);
    let mixed =
        text.bytes().any(|byte| byte.is_ascii_uppercase()) && text.bytes().any(|byte| byte.is_ascii_lowercase());
    text.split(['-', '_']).filter(|part| part.len() >= 10).any(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        digits >= 4 || (digits > 0 && mixed)
    })
}

/// Whether a prefix also begins texts other than credentials.
fn is_common(prefix: &str) -> bool {
    prefix.ends_with(' ') || matches!(prefix, "sk-" | "SG." | "LTAI")
}

/// Whether a text is as long as a token and consists of letters of both cases only: one in a few hundred tokens has no digit.
fn is_letters(text: &str, least: usize) -> bool {
    /// Tokens are not much longer than the minimum; names of models may be.
    const MARGIN: usize = 12;
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    (least..=least + MARGIN).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphabetic())
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn long_runs_are_those_between_blanks(text in "([a\u{e4}]{0,25}[ \n\t]?){0,8}") {
            let between = text.split(|c: char| c.is_ascii_whitespace()).filter(|run| run.len() >= SHORTEST_RUN);
            let runs = LongRuns::of(&text).map(|run| text.get(run).unwrap());
            prop_assert_eq!(runs.collect::<Vec<_>>(), between.collect::<Vec<_>>());
        }
    }
}
