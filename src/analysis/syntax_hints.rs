//! What to do about a syntax error: the parser says what it met, a person wants to know what to change.

use crate::text::{Source, Span};
use crate::yaml::SyntaxError;

/// Advice for the mistakes that people make; nothing for the others, of which the parser's words say all there is.
pub(super) fn advice(source: &Source, error: &SyntaxError, document: Span) -> Option<&'static str> {
    let index = source.line_index(error.span.start);
    let line = source.line(index);
    let reason = error.reason.as_str();
    let says = |part: &str| reason.contains(part);
    if line.contains("{{") {
        return Some("a template has to be rendered before it is YAML; quote '{{ … }}' if it is meant literally");
    }
    if says("unexpected character") {
        return Some("a value cannot begin with '@', '`' or '%' unless it is quoted");
    }
    if says("anchor or alias") {
        return Some("'*' begins an alias and '&' an anchor; quote the value if it is meant literally");
    }
    if says("escape") {
        return Some("in double quotes a backslash begins an escape: write \\\\ for a backslash, or use single quotes");
    }
    if says("trailing content") {
        return Some("the value ends at its closing quote; quote all of it, or none");
    }
    if says("quoted scalar") {
        return Some("a quote above is not closed");
    }
    let so_far = source.slice(Span::new(document.start.min(error.span.start), error.span.start));
    if open_brackets(so_far) > 0 {
        return Some("a '[' or '{' above is not closed");
    }
    if says("mapping values are not allowed") {
        return Some(match line.matches(": ").count() > 1 {
            true => "a value with ': ' in it has to be quoted",
            false => "this line is indented deeper than the one it belongs to, which has a value already",
        });
    }
    says("expected key").then_some("this line does not line up with the keys above it")
}

/// Brackets that are opened and not closed, outside quotes and comments as far as a line tells.
fn open_brackets(text: &str) -> i64 {
    let mut open = 0;
    for line in text.lines() {
        let mut quote = None;
        let mut before = ' ';
        for c in line.chars() {
            match (quote, c) {
                (Some(own), c) if c == own => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') if !before.is_alphanumeric() => quote = Some(c),
                (None, '#') if before.is_whitespace() => break,
                (None, '[' | '{') => open += 1,
                (None, ']' | '}') => open -= 1,
                _ => {}
            }
            before = c;
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, lint_text};

    #[test]
    fn common_mistakes_are_told_how_to_mend_them() {
        for (line, expected) in [
            ("tags: [a, b\nname: x", "is not closed"),
            ("description: note: this breaks", "has to be quoted"),
            ("  name: x", "indented deeper"),
            ("name: \"x\nid: 3", "a quote above"),
            ("name: {{ x }}y", "rendered"),
            ("name: @x", "begin with '@'"),
            ("name: \"a\\qb\"", "backslash"),
            ("name: \"x\" y", "closing quote"),
            ("name: *", "alias"),
        ] {
            let text = format!("mlSpecVersion: 0.1.0\nkind: dataset\n{line}\n");
            let report = lint_text("a.yml", &text, &Options::default());
            let help = report.findings[0].help.as_deref().unwrap_or("nothing");
            assert_eq!(report.findings[0].rule.id, "document/yaml-syntax", "{line}");
            assert!(help.contains(expected), "{line}: {help}");
        }
    }
}
