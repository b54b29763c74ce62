//! Output that CI runners would execute as a command, and how it is neutralized in ours.

use std::borrow::Cow;
use std::io::{Result as IoResult, Write};

use memchr::memmem;

/// The format of an output, which decides how characters are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Plain text for people: escaped like invisible characters.
    Plain,
    /// JSON or JSON Lines. Comment marks and `::` occur only inside its strings.
    Json,
    /// XML, SVG and labels of DOT.
    Xml,
    /// Markdown.
    Markdown,
    /// Commands of GitHub Actions: those at the start of a line are our own.
    Commands,
}

impl Markup {
    fn escaped(self, byte: u8) -> String {
        match self {
            Self::Plain | Self::Commands => format!("\\u{{{byte:x}}}"),
            Self::Json => format!("\\u{byte:04x}"),
            Self::Xml => format!("&#{byte};"),
            Self::Markdown => format!("\\{}", char::from(byte)),
        }
    }
}

/// A writer that keeps text of a document from reaching a CI runner as a command: `##[…]`, `##vso[…]` and `##teamcity[…]` anywhere
/// in a line, and `::…::` at the start of one, optionally after blanks.
///
/// Call `flush` only when what was written last is complete.
pub struct WithoutCommands<W: Write> {
    out: W,
    markup: Markup,
    /// Bytes that may be the beginning of a command.
    held: Vec<u8>,
    /// Whether only blanks have been written since the last line break.
    is_line_start: bool,
}

impl<W: Write> WithoutCommands<W> {
    /// Wraps `out`, to which text in `markup` will be written.
    pub fn new(out: W, markup: Markup) -> Self {
        Self { out, markup, held: Vec::new(), is_line_start: true }
    }

    fn put(&mut self, text: &[u8]) -> IoResult<()> {
        for line in text.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let (before, rest) = line.split_at(if self.is_line_start { blanks } else { 0 });
            self.out.write_all(before)?;
            let rest = match rest {
                [b':', rest @ ..]
                    if self.is_line_start && rest.starts_with(b":") && self.markup != Markup::Commands =>
                {
                    self.out.write_all(self.markup.escaped(b':').as_bytes())?;
                    rest
                }
                rest => rest,
            };
            self.out.write_all(&without_marks(rest, self.markup))?;
            self.is_line_start = match line.last() {
                Some(b'\n' | b'\r') => true,
                _ => self.is_line_start && blanks == line.len(),
            };
        }
        Ok(())
    }
}

impl<W: Write> Write for WithoutCommands<W> {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        // A command may be split over two writes.
        let is_part = |byte: &u8| matches!(byte, b'#' | b':') || byte.is_ascii_alphabetic();
        let end = bytes.iter().rposition(|byte| !is_part(byte)).map_or(0, |last| last + 1);
        let (whole, begun) = bytes.split_at(end);
        if !whole.is_empty() {
            let mut text = std::mem::take(&mut self.held);
            text.extend_from_slice(whole);
            self.put(&text)?;
        }
        self.held.extend_from_slice(begun);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> IoResult<()> {
        let held = std::mem::take(&mut self.held);
        self.put(&held)?;
        self.out.flush()
    }
}

/// Returns the text with every `##` that begins a runner's command escaped.
fn without_marks(text: &[u8], markup: Markup) -> Cow<'_, [u8]> {
    let is_command = |at: &usize| {
        let rest = text.get(at + 2..).unwrap_or(&[]);
        rest.iter().find(|byte| !byte.is_ascii_alphabetic()) == Some(&b'[')
    };
    let mut at = 0;
    let mut out = Vec::new();
    for mark in memmem::find_iter(text, b"##").filter(is_command) {
        out.extend_from_slice(text.get(at..=mark).unwrap_or(&[]));
        out.extend_from_slice(markup.escaped(b'#').as_bytes());
        at = mark + 2;
    }
    if at == 0 {
        return Cow::Borrowed(text);
    }
    out.extend_from_slice(text.get(at..).unwrap_or(&[]));
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Markup; 5] = [Markup::Plain, Markup::Json, Markup::Xml, Markup::Markdown, Markup::Commands];

    fn written(pieces: &[&str], markup: Markup) -> String {
        let mut out = Vec::new();
        let mut writer = WithoutCommands::new(&mut out, markup);
        pieces.iter().for_each(|piece| writer.write_all(piece.as_bytes()).unwrap());
        writer.flush().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn commands_are_escaped_as_the_format_does_it() {
        let text = "a ##[group]b\n  ::warning::c";
        assert_eq!(written(&[text], Markup::Plain), "a #\\u{23}[group]b\n  \\u{3a}:warning::c");
        assert_eq!(written(&["\"##vso[a]\""], Markup::Json), "\"#\\u0023vso[a]\"");
        assert_eq!(written(&["<a>##teamcity[b]</a>"], Markup::Xml), "<a>#&#35;teamcity[b]</a>");
        assert_eq!(written(&[text], Markup::Markdown), "a #\\#[group]b\n  \\::warning::c");
        assert_eq!(written(&["::error::##[group]"], Markup::Commands), "::error::#\\u{23}[group]");
    }

    #[test]
    fn what_is_no_command_stays() {
        for text in ["## Title [a](b)\n", "a::b, c :: d\n", ": : a\n", "#[a]", "# # [", "##", "a:\n  b: 1\n", "x ::a::"]
        {
            for markup in ALL {
                assert_eq!(written(&[text], markup), text);
            }
        }
    }

    /// Returns whether GitHub's runner takes a line for a command.
    fn is_command(line: &str) -> bool {
        let marks = line
            .match_indices("##")
            .any(|(at, _)| line[at + 2..].trim_start_matches(char::is_alphabetic).starts_with('['));
        marks || line.trim_start().starts_with("::")
    }

    proptest! {
        #[test]
        fn no_command_gets_through_in_whatever_pieces_it_is_written(
            pieces in proptest::collection::vec("[#:\\[\\]av \n\r]{0,4}", 0..12)
        ) {
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            let out = written(&pieces, Markup::Plain);
            prop_assert!(!out.split(['\n', '\r']).any(is_command), "{out:?}");
            prop_assert_eq!(out, written(&[&pieces.concat()], Markup::Plain));
        }
    }
}
