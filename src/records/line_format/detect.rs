//! How the lines of a file are written, told by its first ones.

use super::LineFormat;
use super::writer::{JsonWriter, WrittenLine};
use crate::records::lines::{is_blank, lines};

/// Formats that have a name, and which their lines tell by themselves; of several that fit a line, the first is meant.
pub const NAMED_FORMATS: &[(&str, &str)] = &[
    (
        "mlspec",
        "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" \"%{X-Request-Id}o\" \"%{X-Application-Id}i\" \
         \"%{X-Model-Id}o\" %D \"%{X-Pipeline-Digest}o\" \"%{X-Features-Digest}o\" \"%{X-Dataset-Digest}o\"",
    ),
    ("combined", "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\""),
    ("common", "%h %l %u %t \"%r\" %>s %b"),
];

/// How lines are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// As JSON objects.
    Json,
    /// By a format that a directive tells (`#Fields:`).
    W3c,
    /// By a format.
    Format(LineFormat),
}

/// The lines that are looked at.
const MOST_LINES: usize = 100;

/// Returns how the lines of a file are written that begins like this; `None` if they follow no format that is known by its lines. What follows
/// another format than its first line is malformed, but tells as well as any other line what most lines are.
#[must_use]
pub fn kind_of_lines(start: &[u8]) -> Option<LineKind> {
    let all = || lines(start).map(|line| line.bytes).filter(|line| !is_blank(line)).take(MOST_LINES);
    let first = all().next()?;
    let first = first.strip_prefix("\u{feff}".as_bytes()).unwrap_or(first);
    if first.starts_with(b"#") && all().take_while(|line| line.starts_with(b"#")).any(is_w3c_directive) {
        return Some(LineKind::W3c);
    }
    let is_object =
        |line: &[u8]| line.starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
    let mut writer = JsonWriter::default();
    let texts: Vec<&str> = all().filter_map(|line| std::str::from_utf8(line).ok()).collect();
    let count = |format: &LineFormat, writer: &mut JsonWriter| {
        // Of lines that happen to have as many quotes and brackets, the time tells.
        let follows = |line: &&&str| writer.write(format, line).is_ok_and(WrittenLine::has_converted_time);
        texts.iter().filter(follows).count()
    };
    let mut best: Option<(usize, LineFormat)> = None;
    for (_, format) in NAMED_FORMATS {
        let Ok(format) = LineFormat::compile(format) else { continue };
        let own = count(&format, &mut writer);
        if own > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((own, format));
        }
    }
    let objects = all().filter(|line| is_object(line)).count();
    match best {
        Some((own, format)) if own >= objects => Some(LineKind::Format(format)),
        _ => (objects > 0).then_some(LineKind::Json),
    }
}

/// Whether a line is the directive that lists the fields of the lines behind it.
fn is_w3c_directive(line: &[u8]) -> bool {
    fields_directive(line).is_some()
}

/// Returns the fields that a directive of the W3C's format lists.
pub(in crate::records) fn fields_directive(line: &[u8]) -> Option<&str> {
    directive_text(line, "#fields:")
}

/// Returns what a directive of this name says.
pub(in crate::records) fn directive_text<'l>(line: &'l [u8], name: &str) -> Option<&'l str> {
    let (own, rest) = line.split_at_checked(name.len())?;
    std::str::from_utf8(rest).ok().filter(|_| own.eq_ignore_ascii_case(name.as_bytes()))
}
