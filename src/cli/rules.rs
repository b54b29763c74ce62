//! `rules`: lists all rules, one per line.

use std::io::Write;

use serde_json::{Value, json};

use super::args::{Global, RulesArgs, TextFormat};
use super::{Error, Exit, output};
use crate::diagnostics::FixKind;
use crate::report::{Style, beside, painted_severity};
use crate::rules::{self, Rule, page};

pub(super) fn run(args: &RulesArgs, global: &Global) -> Result<Exit, Error> {
    let selected = match &args.selector {
        Some(selector) => rules::select(selector),
        None => rules::all().to_vec(),
    };
    if let (Some(selector), true) = (&args.selector, selected.is_empty()) {
        if let Some(renamed) = rules::renamed(selector) {
            return Err(Error::Usage(renamed.to_string()));
        }
        let near = rules::nearest(selector).map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
        return Err(Error::Usage(format!("unknown rule or family '{selector}'{near}")));
    }
    let written = output::to_stdout_styled(global.color, |style, out| match args.format {
        TextFormat::Json => writeln!(out, "{:#}", Value::from_iter(selected.iter().map(|rule| entry(rule)))),
        TextFormat::Human => write_table(&selected, style, out),
    });
    Exit::Clean.after(written)
}

/// Writes the rules, one per line, wrapped to fit the terminal.
pub(super) fn write_table(rules: &[&Rule], style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        let fix = match rule.fix {
            FixKind::None => "",
            FixKind::Safe => "fix",
            FixKind::Unsafe => "unsafe",
        };
        let columns = format!("{:width$}  {}  {fix:6}", rule.id, painted_severity(rule.severity, style));
        let summary = page::summary(rule);
        let line =
            if style.is_width_known { beside(&columns, summary, style.width) } else { format!("{columns}  {summary}") };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Formats one rule as JSON.
pub(super) fn entry(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "severity": rule.severity,
        "kinds": rule.kinds.named(),
        "fix": rule.fix.name(),
        "since": rule.since,
        "summary": page::summary(rule),
    })
}
