//! What an editor can do about a finding.

use serde_json::{Value, json};

use super::answers::{AskedText, range_in};
use super::known::KnownFolder;
use super::protocol::{self, ActionsAt, FIX_ALL, REWRITE};
use super::uri;
use crate::analysis::{apply, withhold_bad_fixes};
use crate::diagnostics::{Applicability, Finding, Fix};
use crate::ide;
use crate::text::{Edit, Source, Span};

impl AskedText<'_> {
    /// Returns the fixes and suppressions of the findings in a range. Fixes are tried first: one that would bring another finding is not
    /// offered as safe.
    pub(super) fn actions(&self, at: &ActionsAt, seen: &mut KnownFolder<'_>) -> Value {
        let Some(report) = seen.report(self.name) else { return json!([]) };
        let (source, mut findings) = (report.source, report.findings);
        let fingerprints: Vec<String> = report.fingerprints.iter().map(ToString::to_string).collect();
        withhold_bad_fixes(self.name, source.text(), &mut findings, &seen.options, Applicability::Unsafe);
        let only = at.context.only.as_deref();
        let wants = |kind: &str| {
            let is_above =
                |own: &String| kind == own || kind.strip_prefix(own).is_some_and(|rest| rest.starts_with('.'));
            only.is_none_or(|only| only.iter().any(is_above))
        };
        let mut actions = Vec::new();
        let span = self.encoding.span(&source, at.range);
        let is_here = |finding: &Finding| {
            let own = finding.place.span;
            own.start <= span.end && span.start <= own.end
        };
        for (finding, fingerprint) in findings.iter().zip(&fingerprints).filter(|(finding, _)| is_here(finding)) {
            if !wants("quickfix") {
                break;
            }
            let diagnostic = protocol::diagnostic(finding, fingerprint, &source, self.encoding, |path, span| {
                range_in(path, span, &seen.analysis, self.encoding)
            });
            let applicable = finding.fixes.iter().filter(|fix| fix.applicability != Applicability::Display);
            actions.extend(applicable.map(|fix| self.fix(fix, &diagnostic, &source)));
            if let Some(edit) = ide::suppressing_edit(&source, finding) {
                let title = format!("Suppress {} here, with a reason", finding.rule.id);
                actions.push(self.action(&title, "quickfix", &[edit], &source, Some(&diagnostic), false));
            }
        }
        let own = self.ids(&seen.analysis);
        let spelling = wants(REWRITE).then(|| ide::canonical_spelling(seen.analysis.index().workspace(), &own, span));
        if let Some(edits) = spelling.flatten() {
            actions.push(self.action("Write it as the language does", REWRITE, &edits, &source, None, false));
        }
        // Only when it is asked for: otherwise editors would list it at every place.
        if only.is_some()
            && wants(FIX_ALL)
            && let Some((text, _)) = apply(source.text(), &findings, Applicability::Safe)
        {
            let whole = changed_part(source.text(), &text);
            actions.push(self.action(
                "Fix all that mlspec-lint can fix safely",
                FIX_ALL,
                &[whole],
                &source,
                None,
                false,
            ));
        }
        Value::Array(actions)
    }

    fn fix(&self, fix: &Fix, diagnostic: &Value, source: &Source) -> Value {
        let is_safe = fix.applicability == Applicability::Safe;
        let mut title = fix.title.clone();
        if let Some(first) = title.get(..1).map(str::to_uppercase) {
            title.replace_range(..1, &first);
        }
        if !is_safe {
            title += " (review)";
        }
        self.action(&title, "quickfix", &fix.edits, source, Some(diagnostic), is_safe)
    }

    fn action(
        &self,
        title: &str,
        kind: &str,
        edits: &[Edit],
        source: &Source,
        diagnostic: Option<&Value>,
        is_preferred: bool,
    ) -> Value {
        let range = |span| self.encoding.range(source, span);
        let edits: Vec<Value> =
            edits.iter().map(|edit| json!({"range": range(edit.span), "newText": edit.text})).collect();
        let mut action = json!({
            "title": title,
            "kind": kind,
            "edit": {"changes": {uri::of_path(self.name): edits}},
            "diagnostics": diagnostic.into_iter().collect::<Vec<_>>(),
        });
        if is_preferred && let Some(own) = action.as_object_mut() {
            own.insert("isPreferred".to_owned(), json!(true));
        }
        action
    }
}

/// Returns the edit that makes one text of another: what both begin and end with stays.
fn changed_part(old: &str, new: &str) -> Edit {
    let begin = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(begin..).unwrap_or(""), new.get(begin..).unwrap_or(""));
    let same_end = old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(|(a, b)| a == b);
    let end: usize = same_end.map(|(c, _)| c.len_utf8()).sum();
    let text = new_rest.get(..new_rest.len().saturating_sub(end)).unwrap_or("").to_owned();
    Edit { span: Span::from_usize(begin, old.len() - end), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_not_written_again() {
        for (old, new, span, text) in [
            ("a: 1\nb: 2\n", "a: 1\nb: 3\n", (8, 9), "3"),
            ("aa", "a", (1, 2), ""),
            ("a", "aa", (1, 1), "a"),
            ("ä: é\n", "ä: è\n", (4, 6), "è"),
            ("", "a", (0, 0), "a"),
        ] {
            let edit = changed_part(old, new);
            assert_eq!((edit.span, edit.text.as_str()), (Span::from_usize(span.0, span.1), text), "{old:?} {new:?}");
        }
    }
}
