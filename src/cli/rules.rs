//! `rules`: every rule in a line.

use serde_json::{Value, json};

use super::args::{RulesArgs, TextFormat};
use super::{Error, Exit, output};
use crate::diagnostics::FixKind;
use crate::rules::{self, Rule, page};

pub(super) fn run(args: &RulesArgs) -> Result<Exit, Error> {
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
    let written = output::to_stdout_raw(|out| match args.format {
        TextFormat::Json => writeln!(out, "{:#}", Value::from_iter(selected.iter().map(|rule| entry(rule)))),
        TextFormat::Human => {
            let width = selected.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
            for rule in &selected {
                let fix = match rule.fix {
                    FixKind::None => "",
                    FixKind::Safe => "fix",
                    FixKind::Unsafe => "unsafe",
                };
                writeln!(out, "{:width$}  {:7}  {fix:6}  {}", rule.id, rule.severity.name(), page::summary(rule))?;
            }
            Ok(())
        }
    });
    Exit::Clean.after(written)
}

/// One rule as JSON.
pub(super) fn entry(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "severity": rule.severity,
        "kinds": rule.kinds,
        "fix": rule.fix.name(),
        "since": rule.since,
        "summary": page::summary(rule),
    })
}
