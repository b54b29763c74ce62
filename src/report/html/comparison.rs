//! Runs side by side as a page.

use std::io::{self, Write};

use maud::{Markup, html};

use super::words::{Tone, badge, count};
use super::{Frame, settled};
use crate::lineage::{ComparisonRow, RunComparison, Section};
use crate::report::comparison::{ChangeFromFirst, differs, shown_value};
use crate::secrets::redact;
use crate::text::start_of;

/// Writes a comparison as a page.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn comparison_html(comparison: &RunComparison, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", settled(page(comparison).into_string()))
}

/// Longer values are truncated; whole they are in the JSON.
const LONGEST_VALUE: usize = 120;

fn page(comparison: &RunComparison) -> Markup {
    let names: Vec<&str> = comparison.runs.iter().map(|(name, _)| name.as_str()).collect();
    let title = names.join(" and ");
    let differing = comparison.rows.iter().filter(|row| differs(row)).count();
    let about = html! { (count(differing)) " of " (count(comparison.rows.len())) " rows differ." };
    let content = html! {
        main {
            section #comparison aria-labelledby="comparison-title" {
                h2 #comparison-title { "Comparison" }
                fieldset.filter {
                    legend { "Show" }
                    label { input #show-same type="checkbox" checked; " what is the same (" (count(comparison.rows.len() - differing)) ")" }
                }
                p.note { "A value that one of the runs lacks is a difference. Changes are those from the first run." }
                div {
                    table.comparison.stack {
                        thead { (head(comparison)) }
                        @for section in [Section::Run, Section::Hyperparameters, Section::Data, Section::Metrics] {
                            (rows(section, comparison))
                        }
                    }
                }
            }
        }
    };
    let frame = Frame { title: &title, kicker: "Comparison of runs", skip_to: ("comparison", "comparison"), about };
    frame.around(&content)
}

fn head(comparison: &RunComparison) -> Markup {
    html! {
        tr {
            th scope="col" { "What" }
            @for (name, path) in &comparison.runs { th scope="col" { (name) br; code { (redact(path)) } } }
        }
    }
}

fn rows(section: Section, comparison: &RunComparison) -> Markup {
    let own = || comparison.rows.iter().filter(|row| row.section == section);
    html! {
        @if own().next().is_some() {
            tbody {
                tr.section { th scope="rowgroup" colspan=(comparison.runs.len() + 1) { (section.name()) } }
                @for row in own() {
                    tr class=(if differs(row) { "is-different" } else { "is-same" }) {
                        th scope="row" {
                            @if differs(row) { span.differs title="differs" { "≠ " span.hidden { "differs: " } } }
                            (start_of(&row.name, LONGEST_VALUE))
                        }
                        @for (at, (name, _)) in comparison.runs.iter().enumerate() {
                            td data-label=(name) { (cell(row, at)) }
                        }
                    }
                }
            }
        }
    }
}

fn cell(row: &ComparisonRow, at: usize) -> Markup {
    let value = shown_value(row, at);
    let change = ChangeFromFirst::of(row, at);
    html! {
        @match &value {
            Some(value) => (start_of(value, LONGEST_VALUE)),
            None => span.note { "none" },
        }
        @if let Some(change) = &change {
            @let shown = change.shown_number();
            @if !shown.is_empty() {
                br;
                span.note { (shown) }
                @match change.is_better {
                    Some(true) => { " " (badge(Tone::Good, "better")) }
                    Some(false) => { " " (badge(Tone::Bad, "worse")) }
                    None => {}
                }
            }
        }
    }
}
