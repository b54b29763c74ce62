//! The Reviewdog Diagnostic Format, as one JSON document.
//!
//! <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Region, fit};
use crate::analysis::{FileReport, Report};
use crate::diagnostics::{Applicability, Finding, Severity};
use crate::text::{Source, Span};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let severity = |severity| match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    };
    let diagnostic = |(file, finding): (&FileReport, &Finding)| {
        let source = &file.source;
        let message = match &finding.help {
            Some(help) => format!("{}\n{help}", finding.message),
            None => finding.message.clone(),
        };
        // A reviewer applies a suggestion with one click: only what needs no second look is one.
        let safe = finding.fixes.iter().find(|fix| fix.applicability == Applicability::Safe);
        let edits = safe.into_iter().flat_map(|fix| &fix.edits);
        let suggestions = edits.map(|edit| json!({"range": range(source, edit.span), "text": edit.text}));
        json!({
            "message": message,
            "location": {"path": report.base.path(source.name()), "range": range(source, finding.place.span)},
            "severity": severity(finding.severity),
            "code": {"value": finding.rule.id, "url": finding.rule.url()},
            "suggestions": suggestions.collect::<Vec<_>>(),
        })
    };
    let worst = report.findings().map(|(_, finding)| finding.severity).max().unwrap_or(Severity::Info);
    let document = json!({
        "source": {"name": env!("CARGO_PKG_NAME"), "url": crate::HOMEPAGE},
        "severity": severity(worst),
        "diagnostics": report.findings().map(diagnostic).collect::<Vec<_>>(),
    });
    super::json::write_pretty(&document, out)
}

/// Returns a range as the format counts it: lines and columns from 1, columns in bytes.
fn range(source: &Source, span: Span) -> Value {
    let (region, span) = (Region::new(source, span), fit(source, span));
    let position = |line: u32, offset: u32| match source.origin(offset).and_then(|origin| origin.column) {
        // Of a part of a line, the characters before it are known, and not their bytes. A place without a column is the line.
        Some(_) => json!({"line": line}),
        None => {
            let start = source.line_span(source.line_index(offset)).start;
            json!({"line": line, "column": offset.saturating_sub(start).saturating_add(1)})
        }
    };
    json!({
        "start": position(region.start.line, span.start),
        "end": position(region.end.line, span.end),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Format;
    use super::super::tests::{finding, output, report};
    use crate::diagnostics::Fix;
    use crate::text::{Edit, Span};

    #[test]
    fn columns_are_bytes_and_only_safe_fixes_are_suggestions() {
        let edit = |text: &str| vec![Edit { span: Span::new(8, 9), text: text.to_owned() }];
        let mut found = finding("/b", 8, 9, "wrong");
        found.fixes = vec![Fix::needs_review("look", edit("3")), Fix::safe("write", edit("4"))];
        let report = report(vec![("a.yml", "é: 1\né: 2\n", vec![found], vec![])]);
        let found: Value = serde_json::from_str(&output(Format::Rdjson, &report)).unwrap();
        let place = json!({"start": {"line": 2, "column": 3}, "end": {"line": 2, "column": 4}});
        let own = &found["diagnostics"][0];
        assert_eq!(own["location"], json!({"path": "a.yml", "range": place}));
        assert_eq!(own["suggestions"], json!([{"range": place, "text": "4"}]));
        assert_eq!((&own["severity"], &own["code"]["value"]), (&json!("ERROR"), &json!("family/some-rule")));
        assert_eq!(found["severity"], "ERROR");
    }

    #[test]
    fn nothing_found_is_a_document_without_diagnostics() {
        let found: Value = serde_json::from_str(&output(Format::Rdjson, &report(vec![]))).unwrap();
        assert_eq!((&found["diagnostics"], &found["source"]["name"]), (&json!([]), &json!("mlspec-lint")));
    }
}
