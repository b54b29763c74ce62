//! The findings of a check. They can be filtered by severity without a script.

use maud::{Markup, html};

use super::words::{Tone, count, counted, icon, severity_badge};
use crate::diagnostics::Severity;
use crate::governance::GovernanceReport;

/// The most findings that a page lists.
const MOST_LISTED: usize = 1000;

pub(super) fn section(report: &GovernanceReport) -> Markup {
    let all = &report.summary;
    let severities = [(Severity::Error, all.errors), (Severity::Warning, all.warnings), (Severity::Info, all.infos)];
    html! {
        section #findings aria-labelledby="findings-title" {
            h2 #findings-title { "Findings" }
            p.note {
                "What mlspec-lint check reports in these files."
                @if all.suppressed > 0 { " " (counted(all.suppressed, "finding")) " hidden by settings or comments." }
            }
            @if report.findings.is_empty() { p.lead { (icon(Tone::Good)) " No findings." } }
            @else {
                fieldset.filter {
                    legend { "Show" }
                    @for (severity, number) in severities {
                        label {
                            input id={ "show-" (severity.name()) } type="checkbox" checked;
                            " " (severity.name()) " (" (count(number)) ")"
                        }
                    }
                }
                ul.findings {
                    @for finding in report.findings.iter().take(MOST_LISTED) {
                        li class={ "finding of-" (finding.severity.name()) } {
                            p { (severity_badge(finding.severity)) " " a href=(finding.url) { (finding.rule) } " "
                                span.place { code { (finding.path) ":" (finding.line) ":" (finding.column) } } }
                            p.message { (finding.message) }
                            @if !finding.snippet.is_empty() { pre { code { (finding.snippet) } } }
                            @if let Some(help) = &finding.help { p.note { (help) } }
                        }
                    }
                }
                @if report.findings.len() > MOST_LISTED {
                    p.note { "And " (count(report.findings.len() - MOST_LISTED)) " more, which mlspec-lint check lists." }
                }
            }
        }
    }
}
