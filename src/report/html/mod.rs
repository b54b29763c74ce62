//! The governance report and the comparison of runs as pages: one file each that needs no other and no network, for light, dark and paper.
//!
//! A page is rendered from the report alone, so that it says what the JSON says. Every text goes through the template engine, which
//! escapes it, and through [`settled`], which shows what cannot be seen; nothing in a page can run or load anything, as its policy says.

mod appendix;
mod chart;
mod comparison;
mod evidence;
mod findings;
mod lineage;
mod markdown;
mod model;
mod summary;
mod words;

use std::io::{self, Write};

use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

pub use comparison::comparison_html;
pub use markdown::governance_markdown;

use super::json::{ReportTool, write_pretty};
use crate::governance::GovernanceReport;
use crate::text::{is_invisible, push_visible};

const STYLE: &str = include_str!("style.css");

/// Writes the report as a page.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn governance_html(report: &GovernanceReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", settled(page(report).into_string()))
}

/// Writes the report as JSON, which `schemas/governance.schema.json` describes.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn governance_json(report: &GovernanceReport, out: &mut dyn Write) -> io::Result<()> {
    write_pretty(report, out)
}

/// Returns the page with every character escaped that is not shown, or that reorders others. Our own markup has none of them.
fn settled(page: String) -> String {
    let is_odd = |c: char| c != '\n' && is_invisible(c);
    if !page.chars().any(is_odd) {
        return page;
    }
    let mut out = String::with_capacity(page.len() + 64);
    for c in page.chars() {
        if is_odd(c) { push_visible(&mut out, c) } else { out.push(c) }
    }
    out
}

/// What stands around the content of a page.
struct Frame<'a> {
    title: &'a str,
    /// What the page is, above its title.
    kicker: &'a str,
    /// The first part, to which a reader by keyboard can skip: its id, and what it is.
    skip_to: (&'a str, &'a str),
    /// Below the title.
    about: Markup,
}

impl Frame<'_> {
    /// Returns a whole page. Its head forbids everything but its own style.
    fn around(&self, content: &Markup) -> Markup {
        let tool = ReportTool::this();
        let (id, what) = self.skip_to;
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy());
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content={ (tool.name) " " (tool.version) };
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href={ "#" (id) } { "Skip to the " (what) }
                    header.top {
                        p.kicker { (self.kicker) }
                        h1 { (self.title) }
                        p.meta { (self.about) " Written by " (tool.name) " " (tool.version) "." }
                    }
                    (content)
                    footer { p { "This page is one file. It loads nothing and runs nothing." } }
                }
            }
        }
    }
}

fn page(report: &GovernanceReport) -> Markup {
    let title = title(report);
    let about = html! {
        @match &report.as_of {
            Some(day) => {
                "As of " time datetime=(day) { (day) } ", "
                (if report.is_time_given { "the day that was asked about." } else { "the day of the newest record." })
            }
            None => "No record has a date.",
        }
    };
    let content = html! {
        nav.contents aria-label="Contents" {
            ul {
                li { a href="#summary" { "Summary" } }
                @if report.models.len() <= 8 {
                    @for (at, model) in report.models.iter().enumerate() {
                        li { a href={ "#model-" (at + 1) } { (model.name) } }
                    }
                } @else {
                    li { a href="#model-1" { "Models" } }
                }
                li { a href="#findings" { "Findings" } }
                li { a href="#appendix" { "Appendix for auditors" } }
            }
        }
        main {
            (summary::section(report))
            @for (at, model) in report.models.iter().enumerate() { (model::section(at, model, report.link_base.as_deref())) }
            (findings::section(report))
            (appendix::section(report))
        }
    };
    Frame { title: &title, kicker: "Model governance report", skip_to: ("summary", "summary"), about }.around(&content)
}

fn title(report: &GovernanceReport) -> String {
    match report.models.as_slice() {
        [only] => only.name.clone(),
        models => words::counted(models.len(), "model"),
    }
}

/// Returns the policy of the page: nothing is loaded, nothing runs, and only our own style applies.
fn policy() -> String {
    let digest = BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}

#[cfg(test)]
mod tests {
    use super::settled;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(settled("<p>a\u{202e}b\u{0}</p>\n".to_owned()), "<p>a\\u{202e}b\\u{0}</p>\n");
        assert_eq!(settled("<p>a\tb</p>".to_owned()), "<p>a\\tb</p>");
    }
}
