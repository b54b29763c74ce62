//! Access logs: lines whose fields are told by a format, such as those of NCSA httpd and its successors, and not by the lines themselves.
//!
//! A format is compiled once. A line is split by it, and its fields are [written](JsonWriter) as the JSON of an inference record, with the
//! place of every value, so that the recogniser and the rules that look at any other record look at this one, too.

mod apache;
mod conversion;
mod detect;
mod directive;
mod escapes;
mod line_field;
mod nginx;
mod split;
mod w3c;
mod writer;

pub use detect::{LineKind, NAMED_FORMATS, kind_of_lines};
pub(in crate::records) use detect::{directive_text, fields_directive};
pub use line_field::LineField;
pub use split::LineMismatch;
pub use writer::{JsonWriter, WrittenLine};

use conversion::FieldForm;
use escapes::Escapes;

/// A format of lines, compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFormat {
    layout: Layout,
    /// The fields of a record that a line carries, in the order in which they are written, each with the values that may hold it, the best
    /// first.
    carried: Vec<(LineField, Vec<(usize, FieldForm)>)>,
    escapes: Escapes,
}

/// How the values of a line are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Layout {
    /// By the texts between them.
    Parts(Vec<LinePart>),
    /// By blanks: so many values.
    Columns(usize),
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum LinePart {
    /// A text that stands there as it is.
    Literal(Box<str>),
    /// The value of a directive.
    Value(ValuePart),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct ValuePart {
    /// The directive, as the format spells it.
    directive: Box<str>,
    /// Whether it stands between double quotes, within which a backslash announces a character.
    is_quoted: bool,
    blanks: ValueBlanks,
}

/// Which blanks a value has that does not stand between quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValueBlanks {
    /// None.
    Never,
    /// So many: those of a format of times.
    Exactly(usize),
    /// Those behind commas and around colons, as nginx lists servers.
    OfLists,
    /// Any.
    Unknown,
}

/// Why a text is no format of lines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// A directive that the server does not have.
    #[error("unknown directive '{0}'")]
    UnknownDirective(String),
    /// A directive that does not end.
    #[error("'{0}' does not end")]
    Unfinished(String),
    /// Values without anything between them.
    #[error("nothing stands between '{0}' and '{1}', so that their values cannot be told apart")]
    Adjacent(String, String),
    /// A line break, which would make several lines of a record.
    #[error("a record is one line, and the format has a line break")]
    LineBreak,
    /// No directive at all.
    #[error(
        "it has no directive; write one as Apache's LogFormat or nginx's log_format has it, or one of the names common, combined and mlspec"
    )]
    NoDirective,
}

/// A value of a line that may hold a field.
type Candidate = (LineField, usize, FieldForm);

impl LineFormat {
    /// Compiles a format: one of the [names](NAMED_FORMATS), a `LogFormat` of Apache httpd, or a `log_format` of nginx.
    ///
    /// # Errors
    /// If it is none of them.
    pub fn compile(format: &str) -> Result<Self, FormatError> {
        let named = NAMED_FORMATS.iter().find(|(name, _)| name.eq_ignore_ascii_case(format.trim()));
        let format = named.map_or(format, |(_, format)| *format);
        match nginx::has_variables(format) && !apache::has_directives(format) {
            true => nginx::compile(format),
            false => apache::compile(format),
        }
    }

    /// Compiles the list of fields of a log in the W3C Extended Log File Format, as its directive `#Fields:` has them. `is_iis` says that the
    /// log is one of Microsoft's, whose times taken are in milliseconds.
    #[must_use]
    pub fn of_w3c(fields: &str, is_iis: bool) -> Self {
        w3c::compile(fields, is_iis)
    }

    fn new(layout: Layout, escapes: Escapes, candidates: Vec<Candidate>) -> Self {
        let mut carried: Vec<(LineField, Vec<(usize, FieldForm)>)> = Vec::new();
        for field in LineField::ALL {
            let own = candidates.iter().filter(|(other, ..)| *other == field);
            let mut own: Vec<(usize, FieldForm)> = own.map(|(_, value, form)| (*value, form.clone())).collect();
            // Of a latency in seconds and one in microseconds, the second one says more.
            own.sort_by_key(|(_, form)| form.coarseness());
            if !own.is_empty() {
                carried.push((field, own));
            }
        }
        Self { layout, carried, escapes }
    }

    /// Returns whether a line can carry a field.
    #[must_use]
    pub fn carries(&self, field: LineField) -> bool {
        self.carried.iter().any(|(own, _)| *own == field)
    }

    /// Returns the fields without which nobody can say what a record is about, and which no line carries.
    #[must_use]
    pub fn lacks(&self) -> Vec<LineField> {
        LineField::DEMANDED.into_iter().filter(|field| !self.carries(*field)).collect()
    }
}

#[cfg(test)]
mod tests;
