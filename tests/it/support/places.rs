//! Compares the places of findings with those that yaml-language-server underlines.

use mlspec_lint::diagnostics::Finding;
use mlspec_lint::rules::Check;

use super::language_server::{Diagnostic, Position};

/// Returns what only one of the two reports.
pub fn differences(text: &str, findings: &[Finding], diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut differences = Vec::new();
    for finding in findings {
        let is_of_schema =
            mlspec_lint::rules::by_id(finding.rule.id).is_some_and(|rule| matches!(rule.check, Check::Schema(_)));
        if !is_of_schema || diagnostics.iter().any(|diagnostic| same_place(text, finding, diagnostic)) {
            continue;
        }
        let place = position(text, finding.place.span.start as usize);
        differences.push(format!("only mlspec-lint, {place:?}: {}: {}", finding.rule.id, finding.message));
    }
    for diagnostic in diagnostics {
        if findings.iter().any(|finding| same_place(text, finding, diagnostic) || is_misspelt(finding, diagnostic)) {
            continue;
        }
        differences
            .push(format!("only the server, {:?}–{:?}: {}", diagnostic.start, diagnostic.end, diagnostic.message));
    }
    if !differences.is_empty() {
        differences.push(format!("{text}---"));
    }
    differences
}

/// Returns whether a diagnostic underlines what a finding points at: the same key or the same value. Both underline the key of a mapping
/// that lacks a key, an unknown key, and a wrong value. They differ in these cases:
///
/// - A key that is missing from a document or from an item of a list has no key to point at: the server underlines the first character of
///   the mapping, a finding the first key.
/// - A required key without a value: the server underlines the null, or the empty place where one could be, a finding the key.
/// - A mapping behind aliases that lacks a key: the server underlines the keys of all of them, a finding that of the mapping itself.
/// - A list or mapping in block style: the server's begins at the first `-` and ends where the next token begins, a finding's begins and
///   ends with its content.
///
/// If two equal messages are on one line, because the first value ends where the next key begins, the server merges them; no compared text
/// may do that.
fn same_place(text: &str, finding: &Finding, diagnostic: &Diagnostic) -> bool {
    let (start, end) = (finding.place.span.start as usize, finding.place.span.end as usize);
    let (from, to) = (offset(text, diagnostic.start), offset(text, diagnostic.end));
    let begins = |marks: &[char]| from <= start && is_trivia(&text[from..start], marks);
    if diagnostic.message.starts_with("Missing property") && to == from + 1 {
        return begins(&['{']);
    }
    if diagnostic.message.starts_with("Missing property") && text[to..].trim_start_matches([':', ' ']).starts_with('*')
    {
        return finding.message.starts_with("required field");
    }
    if matches!(&text[from..to], "" | "~" | "null") {
        return end <= from && is_trivia(&text[end..from], &[':']);
    }
    begins(&['-']) && end <= to && is_trivia(&text[end..to], &[])
}

/// Returns whether the server misses a key that exists under another spelling. It underlines that key as well; for `mlspec-lint` the
/// spelling is the only fault.
fn is_misspelt(finding: &Finding, diagnostic: &Diagnostic) -> bool {
    let missing = diagnostic.message.strip_prefix("Missing property \"").and_then(|rest| rest.strip_suffix("\"."));
    let spelling = ["document/misspelt-in-spec", "document/field-spelling", "document/unknown-field"];
    spelling.contains(&finding.rule.id) && missing.is_some_and(|key| finding.message.contains(&format!("'{key}'")))
}

/// Returns whether there is nothing but white space, comments and these marks.
fn is_trivia(text: &str, marks: &[char]) -> bool {
    let without_comment = |line: &str| line.find('#').map_or(line.len(), |at| at);
    text.lines().all(|line| line[..without_comment(line)].chars().all(|c| c.is_whitespace() || marks.contains(&c)))
}

/// Returns the position of a byte, as the protocol counts.
pub fn position(text: &str, offset: usize) -> Position {
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: before.matches('\n').count() as u64,
        character: before[line_start..].encode_utf16().count() as u64,
    }
}

/// Returns the byte of a position.
fn offset(text: &str, position: Position) -> usize {
    let start: usize = text.split_inclusive('\n').take(position.line as usize).map(str::len).sum();
    let mut units = 0;
    let before = |c: &char| {
        units += c.len_utf16() as u64;
        units <= position.character
    };
    start + text[start..].chars().take_while(before).map(char::len_utf8).sum::<usize>()
}
