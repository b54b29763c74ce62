//! Help for syntax errors: the parser says what it found, the user wants to know what to change.

use crate::text::{Source, Span, odd_space, offset};
use crate::yaml::SyntaxError;

/// Returns the first line of an unresolved merge conflict.
pub(super) fn conflict(source: &Source, document: Span) -> Option<Span> {
    let text = source.slice(document);
    if !text.contains("<<<<<<< ") {
        return None;
    }
    let mut lines =
        (source.line_index(document.start)..=source.line_index(document.end)).map(|line| (line, source.line(line)));
    let (first, marker) = lines.by_ref().find(|(_, line)| line.starts_with("<<<<<<< "))?;
    lines.by_ref().find(|(_, line)| line.trim_end() == "=======")?;
    lines.find(|(_, line)| line.starts_with(">>>>>>> "))?;
    let start = source.line_span(first).start;
    Some(Span::new(start, start + offset(marker.trim_end().len())))
}

/// Returns the character that an error is about, if the parser only reports the start of the scalar that contains it.
pub(super) fn culprit(source: &Source, error: &SyntaxError, document: Span) -> Option<Span> {
    let start = error.span.start;
    let at = |at: u32, c: char| Span::new(at, at + offset(c.len_utf8()));
    if error.reason.contains("tab") {
        let first = source.line_index(start);
        let tab = |line: u32| {
            let text = source.line(line);
            let indent = &text[..text.len() - text.trim_start_matches([' ', '\t']).len()];
            let is_content = !text[indent.len()..].trim().is_empty();
            indent.find('\t').filter(|_| is_content).map(|tab| source.line_span(line).start + offset(tab))
        };
        return (first..=source.line_index(document.end)).find_map(tab).map(|tab| at(tab, '\t'));
    }
    // "unexpected character: `\u{1b}'", in Rust notation.
    let named = error.reason.strip_prefix("unexpected character: `")?.strip_suffix('\'')?;
    let rest = source.text().get(start as usize..document.end.max(start) as usize)?;
    let (behind, c) = rest
        .char_indices()
        .find(|(_, c)| c.escape_default().eq(named.chars()) || c.escape_debug().eq(named.chars()))?;
    Some(at(start + offset(behind), c))
}

/// Help for common mistakes; `None` for others, about which the parser's message says everything.
pub(super) fn advice(source: &Source, error: &SyntaxError, document: Span) -> Option<String> {
    let index = source.line_index(error.span.start);
    let lines = [source.line(index), source.line(index.saturating_sub(1))];
    if let Some(odd) = lines.iter().find_map(|line| odd_space(line)) {
        return Some(format!("there is {odd} on this line or the one above; YAML knows only the common space"));
    }
    if let Some(entry) = lines.iter().find_map(|line| without_space(line)) {
        return Some(format!("a ':' needs a space after it: write '{entry}'"));
    }
    known_advice(source, error, document).map(str::to_owned)
}

/// Adds the missing space to a line such as `version:2.0.0`.
fn without_space(line: &str) -> Option<String> {
    let content = line.trim().trim_start_matches("- ");
    let (key, value) = content.split_once(':')?;
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let is_value =
        !value.is_empty() && !value.starts_with([' ', '\t', '/']) && !value.contains(": ") && content.len() < 80;
    (is_key && is_value).then(|| format!("{key}: {value}"))
}

fn known_advice(source: &Source, error: &SyntaxError, document: Span) -> Option<&'static str> {
    let index = source.line_index(error.span.start);
    let line = source.line(index);
    let reason = error.reason.as_str();
    let says = |part: &str| reason.contains(part);
    if line.contains("{{") {
        return Some("a template has to be rendered before it is YAML; quote '{{ … }}' if it is literal text");
    }
    if says("unexpected character") {
        return Some("a value cannot begin with '@', '`' or '%' unless it is quoted");
    }
    if says("anchor or alias") {
        return Some("'*' begins an alias and '&' an anchor; quote the value if it is literal text");
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
        if line.contains("${") {
            return Some("inside of { … } and [ … ], a value with a bracket in it has to be quoted: \"${…}\"");
        }
        if line.contains("for each ") {
            return Some("inside of { … }, an expression with ':' or ',' in it has to be quoted");
        }
        return Some("a '[' or '{' above is not closed");
    }
    if says("mapping values are not allowed") {
        return Some(match line.matches(": ").count() > 1 {
            true => "a value with ': ' in it has to be quoted",
            false => "this line is indented deeper than its parent line, which already has a value",
        });
    }
    says("expected key").then_some("this line does not line up with the keys above it")
}

/// Returns the number of brackets opened and not closed, ignoring those in quotes and comments as far as a single line shows them.
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

    /// Line and column of the only finding, its message and its help.
    fn only(text: &str) -> String {
        let report = lint_text("a.yml", text, &Options::default());
        assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
        let finding = &report.findings[0];
        let place = report.source.line_col(finding.place.span.start);
        format!("{place} {} | {}", finding.message, finding.help.as_deref().unwrap_or(""))
    }

    #[test]
    fn what_has_to_be_quoted_in_brackets_is_named() {
        let head = "mlSpecVersion: 0.1.0\nkind: objectives\n";
        for (line, hint) in [
            ("owner: {email: ${E}}", "has to be quoted: \"${…}\""),
            (
                "objectives: [{id: a, expect: for each sex: recall >= 0.5}]",
                "an expression with ':' or ',' in it has to be quoted",
            ),
        ] {
            let said = only(&format!("{head}{line}\n"));
            assert!(said.ends_with(hint), "{said}");
        }
    }

    #[test]
    fn what_keeps_a_text_from_being_yaml_is_named() {
        let head = "mlSpecVersion: 0.1.0\nkind: dataset\n";
        let conflict = only(&format!("{head}<<<<<<< HEAD\nname: a\n=======\nname: b\n>>>>>>> feature\n"));
        assert!(conflict.starts_with("3:1 ") && conflict.contains("merge conflict"), "{conflict}");
        let space = only(&format!("{head}version:2.0.0\nname: x\n"));
        assert!(space.contains("write 'version: 2.0.0'"), "{space}");
        let odd = only(&format!("{head}metrics:\n  - key: a\n    value:\u{a0}1\n    unit: b\n"));
        assert!(odd.contains("no-break space (U+00A0)"), "{odd}");
        let tab = only(&format!("{head}name: a\n\tstate: b\n"));
        assert!(tab.starts_with("4:1 "), "{tab}");
        for scalar in ["|\n  a\n  b\u{1b}[0m\n", "a\n  b\u{1b}[0m\n"] {
            let escape = only(&format!("{head}name: x\ndescription: {scalar}"));
            let expected = if scalar.starts_with('|') { "6:4 " } else { "5:4 " };
            assert!(escape.starts_with(expected), "{escape}");
        }
    }

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
