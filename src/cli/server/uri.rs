//! Files as the protocol names them: `file:` URIs (RFC 8089).

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What is written as it is in the path of a URI (RFC 3986, `pchar` and `/`), less what clients escape.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'\\');

/// Returns the path of a file; `None` for what is no file, such as a text that was never saved.
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // The authority is empty, or names this machine.
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let is_drive =
        |path: &str| path.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) && path.get(2..3) == Some(":");
    let path = if is_drive(&path) { path.get(1..)? } else { &path };
    (Path::new(path).is_absolute() || path.get(1..2) == Some(":")).then(|| PathBuf::from(path))
}

/// Returns the URI of a file with an absolute path.
pub(super) fn of_path(path: &str) -> String {
    let path = path.replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", utf8_percent_encode(&path, ESCAPED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_in_both_directions() {
        for path in ["/a/b.yml", "/mit Leerzeichen/größe#1?.yml", "/a/100%/x[1].yml"] {
            assert_eq!(to_path(&of_path(path)), Some(PathBuf::from(path)), "{}", of_path(path));
        }
        assert_eq!(to_path("file:///c%3A/a.yml"), Some(PathBuf::from("c:/a.yml")));
        assert_eq!(to_path("untitled:Untitled-1"), None);
        assert_eq!(to_path("file://localhost/a.yml"), Some(PathBuf::from("/a.yml")));
        assert_eq!(to_path("https://a.example/b.yml"), None);
    }
}
