//! Whether a file named as JSON is JSON. YAML includes nearly all of JSON and much more, but readers of `.json` files do not.

use serde::de::IgnoredAny;

use crate::text::{Source, Span};

/// The place where a text stops being JSON, and why.
#[derive(Debug)]
pub(super) struct NotJson {
    /// The word or character at which a JSON parser stops.
    pub span: Span,
    /// A clause that describes what is there.
    pub reason: String,
    /// What to write instead.
    pub help: Option<&'static str>,
    /// What to remove, if nothing else is wrong there.
    pub surplus: Option<Span>,
}

/// Returns whether a file must contain JSON, as a single value or line by line.
pub fn is_expected(source: &Source) -> bool {
    let name = source.name();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    source.is_excerpt() || ["json", "jsonl", "ndjson"].iter().any(|json| extension.eq_ignore_ascii_case(json))
}

/// Returns whether a file holds one document per line, by its name; a part of a longer text does.
pub(super) fn is_by_line(source: &Source) -> bool {
    let name = source.name();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    source.is_excerpt() || ["jsonl", "ndjson"].iter().any(|lines| extension.eq_ignore_ascii_case(lines))
}

/// Returns the place of the record of a JSON Lines file if it goes over several lines; `None` if the file holds anything else.
pub(super) fn record_over_lines(source: &Source) -> Option<NotJson> {
    let text = source.text();
    let start = text.len() - text.trim_start_matches('\u{feff}').trim_start().len();
    let record = text.get(start..)?.trim_end();
    let first = record.lines().next()?;
    let goes_on = |line: &str| serde_json::from_str::<IgnoredAny>(line).is_err_and(|error| error.is_eof());
    let is_record = is_by_line(source) && !source.is_excerpt() && record.starts_with('{') && first.len() < record.len();
    (is_record && goes_on(first) && serde_json::from_str::<IgnoredAny>(record).is_ok()).then(|| NotJson {
        span: Span::from_usize(start, start + 1),
        reason: "the record goes over several lines".to_owned(),
        help: Some("write each record on a line of its own, or name the file .json"),
        surplus: None,
    })
}

/// Returns the text of a JSON file with spaces in place of its comments, and these line by line; `None` if it has none, or is YAML. YAML
/// reads the comments of JavaScript as part of the key that follows.
pub(super) fn without_comments(source: &Source) -> Option<(String, Vec<Span>)> {
    let text = source.text();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if !is_expected(source) || !start.starts_with(['{', '[', '/']) {
        return None;
    }
    let (mut blank, mut done, mut at) = (String::new(), 0, 0);
    let mut comments = Vec::new();
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let rest = &text[at..];
        let comment = match bytes[at] {
            b'"' => {
                at = end_of_string(bytes, at);
                continue;
            }
            // In YAML that is named as JSON, an address need not be quoted.
            b'/' if rest.starts_with("//") && !text[..at].ends_with(':') => rest.find(['\n', '\r']),
            b'/' if rest.starts_with("/*") => rest[2..].find("*/").map(|end| end + 4),
            _ => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
        };
        let end = comment.map_or(text.len(), |length| at + length);
        blank.push_str(&text[done..at]);
        // A space for each byte, so that all places stay the same.
        blank.extend(
            bytes[at..end].iter().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(*byte) } else { ' ' }),
        );
        let mut start = at;
        for line in text[at..end].split_inclusive(['\n', '\r']) {
            comments.push(Span::from_usize(start, start + line.trim_end().len()));
            start += line.len();
        }
        (done, at) = (end, end);
    }
    blank.push_str(&text[done..]);
    (done > 0).then_some((blank, comments))
}

/// Returns the offset behind a string in double quotes that begins at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Returns the place where the part of a text stops being JSON; `None` if it is JSON.
pub(super) fn fault(source: &Source, part: Span) -> Option<NotJson> {
    let text = source.slice(part);
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let clause = error.to_string();
    // Our own nesting limit has its own rule.
    if clause.starts_with("recursion limit") {
        return None;
    }
    let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let mut at = (line + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let token = token(text, at);
    let (reason, help) = reason(text, token.clone(), error.is_eof(), &clause);
    let span = Span::from_usize(part.start as usize + token.start, part.start as usize + token.end);
    let is_mark = span.start == 0 && source.slice(span) == "\u{feff}";
    Some(NotJson { span, reason, help, surplus: is_mark.then_some(span) })
}

/// Returns the word around a position, or the character there.
fn token(text: &str, at: usize) -> std::ops::Range<usize> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-');
    let (before, behind) = (&text[..at], &text[at..]);
    let width = behind.len() - behind.trim_start_matches(is_word).len();
    if width == 0 {
        return at..at + behind.chars().next().map_or(0, char::len_utf8);
    }
    before.trim_end_matches(is_word).len()..at + width
}

fn reason(text: &str, token: std::ops::Range<usize>, is_eof: bool, clause: &str) -> (String, Option<&'static str>) {
    let before = text[..token.start].trim_end();
    let behind = &text[token.clone()];
    let bare = behind.trim_start_matches(['-', '+', '.']).to_ascii_lowercase();
    let said = |reason: &str, help| (reason.to_owned(), Some(help));
    if clause.starts_with("trailing characters") && behind.starts_with(['{', '[', '"']) {
        return said("a second value begins here", "a .json file holds one value; for more, name it .jsonl");
    }
    if is_eof {
        return ("the text ends before its brackets and quotes are closed".to_owned(), None);
    }
    if behind.starts_with(['/', '#']) {
        return said("a comment", "JSON has no comments");
    }
    if clause.starts_with("control character") {
        return said("a control character in a string", "write a tab as \\t and a line break as \\n");
    }
    if clause.starts_with("invalid escape") {
        return said("a backslash that begins no escape", "write \\\\ for a backslash");
    }
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[', '"']) {
        return said("this is YAML", "rename the file to .yml, or write it in JSON");
    }
    match behind.chars().next() {
        Some('\u{feff}') => {
            said("it begins with a byte order mark", "save the file as UTF-8 without a byte order mark")
        }
        Some('\'') => said("a single quote", "JSON strings and keys are in double quotes"),
        Some('}' | ']') if before.ends_with(',') => {
            said("a comma before a closing bracket", "remove the comma after the last entry")
        }
        _ if matches!(bare.as_str(), "nan" | "inf" | "infinity") => {
            (format!("'{behind}' is not a JSON number"), Some("write null where there is no number"))
        }
        _ if matches!(behind, "True" | "False" | "None" | "TRUE" | "FALSE" | "NULL" | "Null") => {
            (format!("'{behind}' is not a JSON value"), Some("JSON has true, false and null in lower case"))
        }
        Some(c) if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => {
            (format!("'{behind}' is not a JSON number"), Some("write it in decimal digits, or quote it if it is text"))
        }
        Some(c) if c.is_ascii_alphabetic() => {
            (format!("'{behind}' is not quoted"), Some("JSON strings and keys are in double quotes"))
        }
        _ => (clause.split(" at line ").next().unwrap_or(clause).to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, fix_text, lint_text};
    use crate::diagnostics::Applicability;

    const LOG: &str = r#"{"mlSpecVersion": "0.1.0", "kind": "inference-log", "requestInfo": {"requestId": "r-1", "requestTimestamp": "2026-06-01T09:00:00Z"}, "x-a": @}"#;

    /// Line and column, rule and message of each finding.
    fn found(name: &str, text: &str) -> Vec<String> {
        let report = lint_text(name, text, &Options { explicit: false, ..Options::default() });
        let line = |finding: &crate::diagnostics::Finding| {
            format!("{} {}: {}", report.source.line_col(finding.place.span.start), finding.rule.id, finding.message)
        };
        report.findings.iter().filter(|finding| finding.rule.family() == "document").map(line).collect()
    }

    #[test]
    fn what_readers_of_json_refuse_is_refused_where_they_stop() {
        for (value, reason) in [
            ("NaN", "'NaN' is not a JSON number"),
            ("-Infinity", "'-Infinity' is not a JSON number"),
            (".inf", "'.inf' is not a JSON number"),
            ("0x1F", "'0x1F' is not a JSON number"),
            ("010", "'010' is not a JSON number"),
            ("'a'", "a single quote"),
            ("True", "'True' is not a JSON value"),
            ("[1, 2,]", "a comma before a closing bracket"),
            ("{b: 1}", "'b' is not quoted"),
        ] {
            let line = LOG.replace('@', value);
            for name in ["a.json", "a.jsonl", "a.NDJSON"] {
                let found = found(name, &line);
                assert_eq!(found.len(), 1, "{name} {value}: {found:?}");
                assert!(found[0].ends_with(&format!("document/not-json: this is not JSON: {reason}")), "{found:?}");
            }
            assert!(!found("a.yml", &line).iter().any(|finding| finding.contains("not-json")), "{value}");
        }
        assert_eq!(found("a.json", &LOG.replace('@', "1e999")), [""; 0]);
    }

    #[test]
    fn the_place_is_that_of_the_record() {
        let lines = [LOG.replace('@', "1"), LOG.replace('@', "NaN"), LOG.replace('@', "2")].join("\n");
        let found = found("a.jsonl", &lines);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("2:"), "{found:?}");
    }

    #[test]
    fn yaml_and_byte_order_marks_are_called_what_they_are() {
        let yaml = "mlSpecVersion: 0.1.0\nkind: inference-log\nrequestInfo: {requestId: r-1, requestTimestamp: \"2026-06-01T09:00:00Z\"}\n";
        assert_eq!(found("a.json", yaml), ["1:1 document/not-json: this is not JSON: this is YAML"]);
        let marked = format!("\u{feff}{}", LOG.replace('@', "1"));
        assert_eq!(
            found("a.json", &marked),
            ["1:1 document/not-json: this is not JSON: it begins with a byte order mark"]
        );
    }

    #[test]
    fn a_byte_order_mark_is_removed() {
        for name in ["a.json", "a.jsonl"] {
            let text = LOG.replace('@', "1");
            let fixed = fix_text(name, &format!("\u{feff}{text}"), &Options::default(), Applicability::Safe);
            assert_eq!(fixed.text, text, "{name}");
        }
    }

    #[test]
    fn a_comment_hides_nothing_and_is_one_finding() {
        let with_field = LOG.replace("\"x-a\": @", "\"extra\": \"http://a // b\"");
        for (name, text) in [
            ("a.json", format!("// what this is\n{with_field}")),
            ("a.json", with_field.replace('{', "{\n  // the ß\n  /* and\n more */ ")),
            ("a.json", with_field.replace("\"0.1.0\",", "\"0.1.0\", // the version\n")),
            ("a.jsonl", with_field.replace("\"0.1.0\",", "\"0.1.0\", /* the version */")),
        ] {
            let found = found(name, &text);
            assert_eq!(found.len(), 2, "{text}: {found:?}");
            assert!(found.iter().any(|one| one.ends_with("this is not JSON: a comment")), "{found:?}");
            assert!(found.iter().any(|one| one.ends_with("unknown field 'extra'")), "{found:?}");
        }
    }

    #[test]
    fn what_a_string_may_not_hold_is_called_what_it_is() {
        for (value, reason) in
            [("\"a\tb\"", "a control character in a string"), ("\"a\\qb\"", "a backslash that begins no escape")]
        {
            let found = found("a.json", &LOG.replace('@', value));
            assert!(found.len() == 1 && found[0].ends_with(reason), "{found:?}");
        }
    }

    #[test]
    fn other_json_is_left_alone() {
        assert_eq!(
            found("tsconfig.json", "{\n  // comments\n  \"compilerOptions\": {\"strict\": true,}\n}\n"),
            [""; 0]
        );
    }

    #[test]
    fn every_line_is_a_record() {
        let valid = LOG.replace('@', "1");
        for line in ["# c", "// c", "/* c */", "---", "...", "--- # x", "{\"a\": 1,}", "c"] {
            for text in
                [format!("{valid}\n{line}\n"), format!("{line}\n{valid}"), format!("{valid}\r\n{line}\r\n{valid}")]
            {
                let found = found("a.jsonl", &text);
                assert_eq!(found.len(), 1, "{text}: {found:?}");
                assert!(found[0].contains("document/not-json") || found[0].contains("yaml-syntax"), "{found:?}");
            }
        }
        assert_eq!(found("a.jsonl", &format!("\n{valid}\n\n \n{valid}\n")), [""; 0]);
    }

    #[test]
    fn a_record_over_several_lines_is_one_finding() {
        let spread = LOG.replace('@', "1").replace(", ", ",\n  ");
        let over = "1:1 document/not-json: this is not JSON: the record goes over several lines";
        assert_eq!(found("a.jsonl", &spread), [over]);
        assert_eq!(found("a.ndjson", &format!("\n{spread}\n")), [over.replace("1:1", "2:1")]);
        let with_field = spread.replace("\"x-a\"", "\"extra\"");
        assert_eq!(found("a.jsonl", &with_field).len(), 2);
        assert_eq!(found("a.json", &spread), [""; 0]);
    }

    #[test]
    fn a_second_value_is_one_finding() {
        let valid = LOG.replace('@', "1");
        for (between, rule) in
            [("\n", "yaml-syntax: document is neither JSON nor YAML"), ("\n---\n", "not-json: this is not JSON")]
        {
            let found = found("a.json", &format!("{valid}{between}{valid}\n"));
            assert!(found.len() == 1 && found[0].contains(rule), "{found:?}");
        }
        for behind in ["{}", ",", "x"] {
            let found = found("a.jsonl", &format!("{valid}\n{valid}{behind}\n{valid}\n"));
            assert!(found.len() == 1 && found[0].starts_with("2:"), "{found:?}");
        }
        let found = found("a.json", &format!("{valid}\n{valid}\n{valid}\n"));
        assert_eq!(found, ["2:1 document/yaml-syntax: document is neither JSON nor YAML: a second value begins here"]);
    }

    #[test]
    fn what_is_neither_json_nor_yaml_is_found_in_a_folder() {
        let valid = LOG.replace('@', "1");
        let cut = &valid[..valid.len() - 20];
        for (name, text) in [
            ("a.json", cut.to_owned()),
            ("a.jsonl", format!("{valid}\n{cut}")),
            ("a.json", valid.replace("0\", ", "0\" ")),
        ] {
            let found = found(name, &text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].contains("document/yaml-syntax: document is neither JSON nor YAML: "), "{found:?}");
        }
    }
}
