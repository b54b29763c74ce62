//! The appendix for auditors: what was read, by what, and how to verify it.

use maud::{Markup, html};

use super::words::{count, headings, path};
use crate::governance::GovernanceReport;

pub(super) fn section(report: &GovernanceReport) -> Markup {
    let commands = report.models.iter().flat_map(|model| &model.judgements).filter(|own| own.verdict.is_some());
    html! {
        section #appendix aria-labelledby="appendix-title" {
            h2 #appendix-title { "Appendix for auditors" }
            h3 { "How this report was made" }
            dl.facts {
                div { dt { "Program" } dd { (report.tool.name) " " (report.tool.version) } }
                div { dt { "Command" } dd { (path(&report.command)) } }
                div { dt { "Files" } dd { (count(report.summary.files)) } }
                div { dt { "Documents" } dd { (count(report.summary.documents)) } }
            }
            h3 { "How to verify it" }
            ol.verify {
                li { "Compare the digests below with those of your files: " code { "sha256sum FILE" } "." }
                li { "Run the command above with the same version: the same files give the same page, byte by byte." }
                li {
                    "Judge again; the gate reads the files and gives the same verdicts:"
                    ul.plain.commands { @for own in commands { li { (path(&own.command)) } } }
                }
                li { "For a verdict that others can verify without these files being trusted, have it signed: "
                    code { "mlspec-lint gate --attest" } " and " code { "mlspec-lint gate verify" } "." }
            }
            h3 #inputs-title { "Files that were read" }
            table.stack.inputs aria-labelledby="inputs-title" {
                thead { (headings(&["File", "Documents", "SHA-256"])) }
                tbody {
                    @for input in &report.inputs {
                        tr {
                            th scope="row" { (path(&input.path)) }
                            td data-label="Documents" { (kinds(&input.kinds)) }
                            td.digest data-label="SHA-256" { code { (input.sha256) } }
                        }
                    }
                }
            }
        }
    }
}

/// Returns the kinds of documents, each once, with their numbers.
fn kinds(kinds: &[&'static str]) -> String {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for kind in kinds {
        match counted.iter_mut().find(|(own, _)| own == kind) {
            Some((_, number)) => *number += 1,
            None => counted.push((kind, 1)),
        }
    }
    let said = |(kind, number): &(&str, usize)| {
        if *number == 1 { (*kind).to_owned() } else { format!("{kind} ({number})") }
    };
    counted.iter().map(said).collect::<Vec<_>>().join(", ")
}
