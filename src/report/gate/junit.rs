//! JUnit XML: each objective is a test case. Warnings and waived objectives pass; an unknown one is an error.

use std::io::{self, Write};

use super::result_line;
use crate::objectives::verdict::{JudgedObjective, ObjectiveVerdict, Verdict};
use crate::report::junit::{TIME, attribute, escape};

/// Writes the verdict as JUnit XML.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let path = verdict.inputs.first().map_or("objectives", |input| input.path.as_str());
    let (name, counts) = (attribute(path), verdict.counts);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, "<testsuites>")?;
    write!(out, r#"  <testsuite id="0" name="{name}" package="mlspec-lint" hostname="localhost" timestamp="{TIME}""#)?;
    let tests = verdict.objectives.len();
    writeln!(out, r#" tests="{tests}" failures="{}" errors="{}" time="0">"#, counts.fail, counts.unknown)?;
    let version = env!("CARGO_PKG_VERSION");
    writeln!(out, r#"    <properties><property name="mlspec-lint.version" value="{version}"/></properties>"#)?;
    let mut notes = String::new();
    for objective in &verdict.objectives {
        write_case(objective, &name, out)?;
        if matches!(objective.verdict, ObjectiveVerdict::Warn | ObjectiveVerdict::Waived) {
            notes += &format!("{}: {}: {}\n", objective.verdict.name(), objective.id, objective.message);
        }
    }
    notes += &result_line(verdict);
    writeln!(out, "    <system-out>{}</system-out>", escape(&notes))?;
    writeln!(out, "    <system-err></system-err>")?;
    writeln!(out, "  </testsuite>")?;
    writeln!(out, "</testsuites>")
}

fn write_case(objective: &JudgedObjective, suite: &str, out: &mut dyn Write) -> io::Result<()> {
    let id = Some(objective.id.as_str()).filter(|id| !id.trim().is_empty()).unwrap_or("(blank)");
    write!(out, r#"    <testcase name="{}" classname="{suite}" time="0""#, attribute(id))?;
    let element = match objective.verdict {
        ObjectiveVerdict::Fail => "failure",
        ObjectiveVerdict::Unknown => "error",
        _ => return writeln!(out, "/>"),
    };
    let (kind, message) = (objective.reason.map_or("unknown", |reason| reason.name()), attribute(&objective.message));
    let source = &objective.source;
    let details = format!("{}:{}:{}: {}", source.path, source.line, source.column, objective.expression);
    writeln!(out, ">")?;
    writeln!(out, r#"      <{element} type="{kind}" message="{message}">{}</{element}>"#, escape(&details))?;
    writeln!(out, "    </testcase>")
}
