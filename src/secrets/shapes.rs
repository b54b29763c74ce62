//! What credentials look like, wherever they stand in a text.
//!
//! A few passes over the text: for the prefixes of tokens, for `=`, for `--`, and for `://`. Where one of them stops, the surroundings are
//! looked at by hand, never more than a bounded number of bytes, so that the time is linear in the text.

use std::ops::Range;

use memchr::memmem;

use super::names::{self, Held};
use super::placeholder::{self, is_stand_in};
use super::prefixes::{Body, PREFIXES, SHAPES};
use crate::text::Words;

/// A credential in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is, with its article.
    pub what: &'static str,
    /// Whether it is part of a URL.
    pub in_url: bool,
}

/// Names of URL parameters that carry a credential, besides those that [`names::held_by`] knows.
const PARAMETERS: &[(&str, &str)] = &[
    ("sig", "a signature"),
    ("signature", "a signature"),
    ("x-amz-signature", "a signature"),
    ("x-goog-signature", "a signature"),
];

/// No credential is shorter with what announces it: `a://b:c@d`.
const SHORTEST: usize = 9;

/// Bytes that are looked at before a token, for the URL that it may be part of.
const LONGEST_URL: usize = 512;

/// Bytes of the name of an option that are looked at.
const LONGEST_NAME: usize = 64;

/// Bytes of a value that decide whether it is one.
const LONGEST_LOOK: usize = 256;

/// Every credential in a text, in the order of their first bytes; they may overlap.
#[must_use]
pub fn find(text: &str) -> Vec<Credential> {
    let mut found = Vec::new();
    if text.len() >= SHORTEST {
        with_prefix(text, &mut found);
        behind_options(text, &mut found);
        assigned(text, &mut found);
        in_userinfo(text, &mut found);
        // Only a text that is more than one value holds entries of its own.
        if text.contains([' ', '"']) && names::may_name_one(text) {
            entries(text, &mut found);
        }
        found.sort_by_key(|found| (found.range.start, found.range.end));
    }
    found
}

fn with_prefix(text: &str, found: &mut Vec<Credential>) {
    let mut done = 0;
    for (at, prefix) in PREFIXES.places(text) {
        let Some((word, body, what)) = SHAPES.iter().find(|(word, ..)| *word == prefix) else { continue };
        if at < done || !is_boundary(text, at, body) {
            continue;
        }
        let end = at + prefix.len();
        match body_behind(text, at..end, word, body) {
            Some(range) => {
                done = range.end;
                let in_url = !matches!(body, Body::Account | Body::Login) && is_in_url(text, range.start);
                found.push(Credential { range, what, in_url });
            }
            // What is no credential as a whole is not looked at again from each `-` and `_` in it.
            None if matches!(body, Body::Token(_)) => {
                let rest = text.as_bytes().get(end..).unwrap_or(&[]);
                done = end + rest.iter().take_while(|byte| is_token(byte)).count();
            }
            None => {}
        }
    }
}

/// Whether a credential can begin here: not within a word.
fn is_boundary(text: &str, at: usize, body: &Body) -> bool {
    let before = text.as_bytes().get(..at).and_then(<[u8]>::last).copied();
    match body {
        Body::Account | Body::Login | Body::Infix(..) => true,
        // A host may be one of many below another.
        Body::Path => !before.is_some_and(|byte| byte.is_ascii_alphanumeric()),
        _ => !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'.'),
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
        Body::Path => {
            let length = run(|byte| is_token(byte) || matches!(byte, b'/' | b'@'));
            (length >= 30 && !is_stand_in(rest.get(..length)?)).then(|| token(length))
        }
    }
}

/// The words of the line before an option, as far as they are looked at.
fn commands_before(text: &str, at: usize) -> impl Iterator<Item = &str> {
    let start = (at.saturating_sub(LONGEST_URL)..=at).find(|start| text.is_char_boundary(*start)).unwrap_or(at);
    let line = text.get(start..at).unwrap_or("");
    line.rsplit('\n').next().unwrap_or("").split(|c: char| !c.is_ascii_alphanumeric())
}

fn is_end_of_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'')
}

/// The length of a token with the parts that follow it behind dots.
fn with_parts(text: &str, mut length: usize) -> usize {
    /// A shorter one is the end of a sentence, or of the name of a file.
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

/// A word behind the name of an option: `--password tulip`.
fn behind_options(text: &str, found: &mut Vec<Credential>) {
    for at in memmem::find_iter(text.as_bytes(), b"--") {
        let rest = text.get(at + 2..).unwrap_or("");
        let name = rest.get(..rest.bytes().take_while(is_token).take(LONGEST_NAME).count()).unwrap_or("");
        let Some(argument) = rest.get(name.len()..).and_then(|rest| rest.strip_prefix(' ')) else { continue };
        let is_inside = text.as_bytes().get(..at).and_then(<[u8]>::last).is_some_and(is_token);
        let held = names::held_by(name).filter(|_| !is_inside && !name.starts_with('-'));
        if let Some((range, held)) = held.and_then(|held| Some((value(argument, held)?, held))) {
            let start = at + 2 + name.len() + 1;
            found.push(Credential { range: start + range.start..start + range.end, what: what(held), in_url: false });
        }
    }
}

/// What a field, variable or option holds, with its article.
fn what(held: Held) -> &'static str {
    match held {
        Held::Password => "a password",
        Held::Key | Held::Header => "a credential",
    }
}

/// The bytes of base64 for URLs.
fn is_token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Whether a text looks drawn by lot, not chosen: long without a separator, with digits, and letters of both cases or many digits.
fn is_random(text: &str) -> bool {
    let text = text.get(..LONGEST_LOOK).unwrap_or(text);
    let mixed =
        text.bytes().any(|byte| byte.is_ascii_uppercase()) && text.bytes().any(|byte| byte.is_ascii_lowercase());
    text.split(['-', '_']).filter(|part| part.len() >= 10).any(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        digits >= 4 || (digits > 0 && mixed)
    })
}

/// Whether a prefix begins other texts than credentials, too.
fn is_common(prefix: &str) -> bool {
    prefix.ends_with(' ') || matches!(prefix, "sk-" | "SG." | "LTAI")
}

/// Whether a text is as long as a token, and of letters of both cases alone: one in a few hundred tokens has no digit.
fn is_letters(text: &str, least: usize) -> bool {
    /// Tokens are not much longer than they have to be; names of models may be.
    const MARGIN: usize = 12;
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    (least..=least + MARGIN).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphabetic())
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

/// `password: tulip` on a line of its own, `"password": "tulip"` of JSON and `password = "tulip"`, in a text of several such entries.
fn entries(text: &str, found: &mut Vec<Credential>) {
    for at in memchr::memchr2_iter(b':', b'=', text.as_bytes()) {
        let before = text.get(..at).unwrap_or("");
        let after = text.get(at + 1..).unwrap_or("");
        let name_end = before.trim_end_matches([' ', '"', '\'']);
        let is_spaced = name_end.len() < before.len() && before.ends_with(' ') || after.starts_with(' ');
        let is_json = after.starts_with(['"', '\'']) && text.as_bytes().get(at) == Some(&b':');
        // Without a space, `=` is looked for elsewhere.
        if before.len() - name_end.len() > 3 || !(is_spaced || is_json) {
            continue;
        }
        let name = names::before(name_end, name_end.len());
        let Some(held) = names::held_by(name) else { continue };
        let start = after.len() - after.trim_start_matches(' ').len();
        let rest = after.get(start..).unwrap_or("");
        // In YAML, these begin no plain text.
        if rest.starts_with(['*', '&', '!', '|', '>']) {
            continue;
        }
        let is_quoted = rest.starts_with(['"', '\'']);
        let line_start = name_end.get(..name_end.len() - name.len()).unwrap_or("");
        // In a command a header is quoted as a whole: `-H "X-Api-Key: …"`.
        let quote = line_start.chars().next_back().filter(|c| matches!(c, '"' | '\''));
        let mut before_name = line_start.bytes().rev().take(LONGEST_LOOK).take_while(|byte| *byte != b'\n');
        let is_line = before_name.all(|byte| matches!(byte, b' ' | b'-' | b'"' | b'\''));
        let line = placeholder::start(rest).lines().next().unwrap_or("");
        let line = quote.and_then(|quote| line.split(quote).next()).unwrap_or(line).trim();
        let scheme = if held == Held::Header { scheme(line) } else { 0 };
        if !is_quoted && (!(is_line || quote.is_some()) || line.get(scheme..).unwrap_or("").contains(' ')) {
            continue;
        }
        let held = if scheme > 0 { Held::Key } else { held };
        if let Some(range) = rest.get(scheme..).and_then(|rest| value(rest, held)) {
            let first = at + 1 + start + scheme;
            found.push(Credential { range: first + range.start..first + range.end, what: what(held), in_url: false });
        }
    }
}

/// The length of the scheme that a header of authorization begins with.
fn scheme(header: &str) -> usize {
    const SCHEMES: [&str; 4] = ["Basic ", "Bearer ", "Token ", "ApiKey "];
    let is_it = |scheme: &&&str| header.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    SCHEMES.iter().find(is_it).map_or(0, |scheme| scheme.len())
}

/// `Password=…` of a connection string, `?access_token=…` of a URL, `TOKEN=…` and `--token=…` of a command.
fn assigned(text: &str, found: &mut Vec<Credential>) {
    let mut done = 0;
    for at in memchr::memchr_iter(b'=', text.as_bytes()) {
        if at < done {
            continue;
        }
        let name = names::before(text, at);
        let first = at - name.len();
        let is_parameter =
            text.as_bytes().get(..first).and_then(<[u8]>::last).is_some_and(|byte| matches!(byte, b'?' | b'&'));
        let parameter =
            || PARAMETERS.iter().find(|(parameter, _)| is_parameter && name.eq_ignore_ascii_case(parameter));
        let (held, what) = match (names::held_by(name), parameter()) {
            (Some(Held::Password), _) => (Held::Password, "a password"),
            (Some(Held::Key), _) if is_parameter => (Held::Key, "an access token"),
            (Some(held), _) => (held, "a credential"),
            (None, Some((_, what))) => (Held::Key, *what),
            (None, None) => continue,
        };
        let rest = text.get(at + 1..).unwrap_or("");
        if let Some(range) = value(rest, held) {
            let range = at + 1 + range.start..at + 1 + range.end;
            done = range.end;
            found.push(Credential { range, what, in_url: is_parameter });
        }
    }
}

/// The value at the start of a text, without its quotes, if it can be a credential.
fn value(text: &str, held: Held) -> Option<Range<usize>> {
    let start = usize::from(text.starts_with(['"', '\'']));
    let body = text.get(start..)?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, ';' | '&' | '"' | '\'' | '`' | '|' | '<' | '>' | ',' | ')');
    let looked_at = body.char_indices().take(LONGEST_LOOK).find(|(_, c)| is_end(*c)).map(|(end, _)| end);
    let seen = looked_at.map_or_else(|| placeholder::start(body), |end| body.get(..end).unwrap_or(""));
    if !is_credential(seen, held) {
        return None;
    }
    let end = looked_at.unwrap_or_else(|| body.find(is_end).unwrap_or(body.len()));
    Some(start..start + end)
}

/// Whether the value of a field that holds a password or a key is one: not a placeholder or reference, and no word where a machine
/// made it.
#[must_use]
pub fn is_credential(value: &str, held: Held) -> bool {
    let start = placeholder::start(value.trim());
    if is_stand_in(start) {
        return false;
    }
    let words = start.split_whitespace().count();
    match held {
        Held::Header => match scheme(start) {
            0 => false,
            scheme => is_credential(start.get(scheme..).unwrap_or(""), Held::Key),
        },
        // More words are a sentence about a password.
        Held::Password => words <= 4,
        Held::Key => {
            let has = |is: fn(&u8) -> bool| start.bytes().any(|byte| is(&byte));
            let mixed = has(u8::is_ascii_digit) || (has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase));
            // A machine makes no `sks12345`.
            words == 1 && start.len() >= 8 && (mixed || start.len() >= 32) && !start.contains("12345")
        }
    }
}

/// What ends the scheme of a URL.
static SCHEME: Words = Words::new(&["://"]);

/// `scheme://user:password@host`.
fn in_userinfo(text: &str, found: &mut Vec<Credential>) {
    for (_, password) in userinfos(text) {
        if !is_stand_in(text.get(password.clone()).unwrap_or("")) {
            found.push(Credential { range: password, what: "a password", in_url: true });
        }
    }
    found.extend(lone_users(text).map(|range| Credential { range, what: "a token", in_url: true }));
}

/// User and password of each URL in a text that has both. A password may hold an `@` that should have been escaped.
pub fn userinfos(text: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + '_ {
    // Few texts have one.
    let text = if memchr::memchr(b'@', text.as_bytes()).is_some() { text } else { "" };
    SCHEME.places(text).filter_map(move |(at, scheme)| {
        let start = at + scheme.len();
        // An authority ends where a path does begin, so that none is looked at twice.
        let is_end = |byte: &u8| {
            byte.is_ascii_whitespace() || matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b',')
        };
        let rest = text.as_bytes().get(start..)?;
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let authority = rest.get(..length)?;
        // What should have been escaped in a password looks like the end of the authority; no port is like that.
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

/// Whether what stands behind the colon of an authority is a port, or filled in later.
fn is_port(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit) || text.first().is_some_and(|byte| matches!(byte, b'$' | b'{' | b'<' | b'*'))
}

/// A token in the place of the user: `https://token@host`.
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

/// Whether what stands at a place is part of a URL.
fn is_in_url(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes().get(..at).unwrap_or(&[]);
    let is_inside = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'<' | b'>');
    let length = bytes.iter().rev().take(LONGEST_URL).take_while(is_inside).count();
    bytes.get(at - length..).unwrap_or(&[]).windows(3).any(|three| three == b"://")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is found in a text: the credentials themselves, and whether they are in a URL.
    fn found(text: &str) -> Vec<(&str, bool)> {
        find(text).into_iter().map(|found| (text.get(found.range).unwrap(), found.in_url)).collect()
    }

    /// Letters and digits without meaning; put together here so that no file holds a text that other scanners take for a token.
    fn noise(length: usize) -> String {
        "Q7m2Zr9Xk4Tb8Wn5Lc3Vf6Hj1Pd0Sg".chars().cycle().take(length).collect()
    }

    #[test]
    fn each_prefix_announces_a_credential() {
        for (prefix, body, _) in SHAPES {
            let (text, token) = example(prefix, body, 0);
            assert_eq!(found(&text).first().map(|found| found.0), Some(token.as_str()), "{text}");
        }
    }

    /// What lacks one character, or says that it is an example, is none.
    #[test]
    fn what_is_close_to_a_shape_is_no_credential() {
        for (prefix, body, _) in SHAPES {
            let is_measured = !matches!(body, Body::Jwt | Body::Pem | Body::Account | Body::Login | Body::Path);
            if is_measured {
                let (text, _) = example(prefix, body, 1);
                assert_eq!(found(&text), [], "{text}");
            }
            if matches!(body, Body::Token(_) | Body::Hex(_) | Body::Capitals(_)) && !prefix.ends_with(' ') {
                let (text, _) = example(prefix, body, 0);
                let inside = text.replace(prefix, &format!("x{prefix}"));
                assert_eq!(found(&inside), [], "{inside}");
                let stand_in = format!("run {prefix}{} now", "x".repeat(60));
                assert_eq!(found(&stand_in), [], "{stand_in}");
            }
        }
    }

    /// A command with a credential of a shape, and the credential, which lacks so many of the characters that it must have.
    fn example(prefix: &str, body: &Body, lacks: usize) -> (String, String) {
        let capitals = noise(60).to_uppercase();
        let token = match body {
            Body::Token(least) if prefix.ends_with(' ') => noise(least - lacks),
            Body::Token(least) | Body::Base64(least) => format!("{prefix}{}", noise(least - lacks)),
            Body::Capitals(exactly) => format!("{prefix}{}", &capitals[..*exactly - lacks]),
            Body::Hex(exactly) => format!("{prefix}{}", &"0b5e7c91".repeat(10)[..*exactly - lacks]),
            Body::Infix(_, before, least) => format!("{}{prefix}{}", "7".repeat(*before), noise(least - lacks)),
            Body::Jwt => format!("{prefix}{}.eyJ{}.{}", noise(20), noise(20), noise(30)),
            Body::Pem => format!("{prefix}RSA PRIVATE KEY-----\n  {}\n-----END RSA PRIVATE KEY-----", noise(64)),
            Body::Account | Body::Login => "tulip-7-anvil".to_owned(),
            Body::Path => format!("{prefix}T{}/B{}/{}", noise(8), noise(8), noise(24)),
        };
        let before = match body {
            Body::Account => format!("curl{prefix} admin:"),
            Body::Login => format!("sshpass{prefix} "),
            _ if prefix.ends_with(' ') => prefix.to_owned(),
            _ => String::new(),
        };
        (format!("run {before}{token} now"), token)
    }

    #[test]
    fn commands_and_headers_that_carry_credentials() {
        let key = noise(24);
        for (text, expected) in [
            ("curl -u admin:tulip-7 https://h", "tulip-7"),
            ("curl -uadmin:tulip-7 https://h", "tulip-7"),
            ("curl --user=admin:tulip-7 https://h", "tulip-7"),
            ("wget --http-password tulip-7 https://h", "tulip-7"),
            ("docker login -u a -p tulip-7 registry", "tulip-7"),
            ("mysql -ptulip-7 db", "tulip-7"),
            (&format!("curl -H \"Authorization: Basic {key}\" https://h"), &key),
            (&format!("curl -H 'authorization: token {key}' https://h"), &key),
            (&format!("curl -H 'PRIVATE-TOKEN: {key}' https://h"), &key),
            (&format!("Ocp-Apim-Subscription-Key: {key}"), &key),
        ] {
            assert_eq!(found(text), [(expected, false)], "{text}");
        }
        for text in [
            "curl -u \"$USER:$PASSWORD\" https://h",
            "docker run --user 1000:1000 -p 8080:80 image",
            "python -u train.py:main -p 4711",
            "mysql -p db",
            "curl -H 'Authorization: Bearer ${TOKEN}' https://h",
            "Authorization: required for all of 2024",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn credentials_in_urls_and_assignments() {
        for (text, expected) in [
            ("postgres://app:tulip7@db/loans", "tulip7"),
            ("https://app:tu@lip@db", "tu@lip"),
            ("a://b.c/d, e://app:tulip7@db", "tulip7"),
            ("https://a.example/x?access_token=Q7m2Zr9Xk4&page=2", "Q7m2Zr9Xk4"),
            ("https://a.blob.core.windows.net/c?sv=2024-05-04&sig=Q7m2Zr9Xk4%3D", "Q7m2Zr9Xk4%3D"),
        ] {
            assert!(found(text).contains(&(expected, true)), "{text}: {:?}", found(text));
        }
        for (text, expected) in [
            ("Server=db;User Id=app;Password=tulip;Encrypt=true", "tulip"),
            ("DefaultEndpointsProtocol=https;AccountKey=Q7m2Zr9Xk4==;x=y", "Q7m2Zr9Xk4=="),
            ("export DB_PASSWORD='tulip'; run", "tulip"),
            ("run --token=Q7m2Zr9Xk4", "Q7m2Zr9Xk4"),
        ] {
            assert_eq!(found(text), [(expected, false)], "{text}");
        }
    }

    #[test]
    fn ordinary_texts_hold_none() {
        for text in [
            "python train.py --epochs=25 --max-tokens=512 --tokenizer=bert",
            "run --password ${PASSWORD} --token $TOKEN --api-key <key> --token={{ token }}",
            "https://${USER}:${PASSWORD}@db/loans",
            "https://a.example/x?token=<token>&sig=${SIG}",
            "git+ssh://git@github.com/contoso/loans.git@v1",
            "credit-train@1.0.0",
            "mail someone@example.com",
            "sk-learn-random-forest-classifier-v2-production-2024",
            "task-AKIA, AKIAIOSFODNN7EXAMPLE",
            "hf_hub_download_of_a_long_model_name_without_digits",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "-----BEGIN CERTIFICATE-----",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "limit_bal >= 500000 and token=x",
            "a=b",
            "=@=@",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    /// Pieces that the passes stop at, so that chance meets them.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = proptest::sample::select(&[
            "token=",
            "--password ",
            "://",
            "a:b@",
            "@",
            "=",
            "?sig=",
            "ghp_",
            "eyJ",
            ".eyJ",
            "-----BEGIN ",
            "PRIVATE KEY-----",
            "AKIA",
            "Q7m2Zr9Xk4Tb8Wn5Lc3V",
            "é",
            "\u{1f600}",
            " ",
            "\n",
            "'",
            "\"",
            "&",
            ";",
            "/",
            "-",
            "x",
        ]);
        proptest::collection::vec(piece, 0..400).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn what_is_found_is_whole_characters_and_is_gone_from_redacted_text(text in pieces()) {
            for found in find(&text) {
                let secret = text.get(found.range);
                prop_assert!(secret.is_some_and(|secret| !secret.is_empty()));
                // Short ones may stand elsewhere, too, where they are none.
                let long = secret.filter(|secret| secret.len() >= 40);
                prop_assert!(long.is_none_or(|secret| !crate::secrets::redact(&text).contains(secret)));
            }
        }
    }
}
