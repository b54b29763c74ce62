//! Which format the lines of an access log follow, from one to the next: in the W3C's format, the log itself says so, and may change it.

use std::sync::Arc;

use super::chunks::ChunkContent;
use super::line_format::{LineFormat, LineKind, directive_text, fields_directive};
use super::lines::lines;

/// The format of the next line.
#[derive(Clone, Debug)]
pub(super) struct FormatInForce {
    format: Option<Arc<LineFormat>>,
    /// Whether lines that begin with `#` are directives.
    has_directives: bool,
    /// Whether the log is one of IIS.
    is_iis: bool,
    /// The fields that the last directive has listed.
    fields: Arc<str>,
}

/// What a directive has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DirectiveEffect {
    /// Nothing that lines are read by.
    Nothing,
    /// The fields of the lines behind it.
    Fields,
}

impl FormatInForce {
    /// Returns the format of the first line of a log; `None` if its lines are JSON.
    pub fn of(kind: &LineKind) -> Option<Self> {
        let (format, has_directives) = match kind {
            LineKind::Json => return None,
            LineKind::W3c => (None, true),
            LineKind::Format(format) => (Some(Arc::new(format.clone())), false),
        };
        Some(Self { format, has_directives, is_iis: false, fields: "".into() })
    }

    /// Returns the format of the next line; `None` as long as no directive has told it.
    pub fn format(&self) -> Option<&LineFormat> {
        self.format.as_deref()
    }

    /// Whether the log itself tells its format.
    pub fn is_told(&self) -> bool {
        self.has_directives
    }

    /// Takes a line, if it is a directive.
    pub fn take(&mut self, line: &[u8]) -> Option<DirectiveEffect> {
        if !self.has_directives || line.first() != Some(&b'#') {
            return None;
        }
        if let Some(software) = directive_text(line, "#software:") {
            self.is_iis = software.contains("Microsoft Internet Information");
        }
        let Some(fields) = fields_directive(line).map(str::trim) else { return Some(DirectiveEffect::Nothing) };
        if *fields == *self.fields && self.format.is_some() {
            return Some(DirectiveEffect::Nothing);
        }
        self.fields = fields.into();
        self.format = Some(Arc::new(LineFormat::of_w3c(fields, self.is_iis)));
        Some(DirectiveEffect::Fields)
    }

    /// Takes the directives of a chunk.
    pub fn pass(&mut self, content: &ChunkContent) {
        let ChunkContent::Lines(bytes) = content else { return };
        if !self.has_directives {
            return;
        }
        let behind_breaks = memchr::memmem::find_iter(bytes, b"\n#").map(|at| at + 1);
        let first = bytes.starts_with(b"#").then_some(0);
        for at in first.into_iter().chain(behind_breaks) {
            let line = bytes.get(at..).and_then(|rest| lines(rest).next());
            line.map(|line| self.take(line.bytes));
        }
    }
}
