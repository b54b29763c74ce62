//! `explain`: the page of a rule, or the rules of a family.

use std::io::{IsTerminal, Write};

use serde_json::{Value, json};

use super::args::{ExplainArgs, Global, PageFormat};
use super::{Error, Exit, output};
use crate::report::{Style, terminal_page, wrapped};
use crate::rules::{self, Rule, page};

pub(super) fn run(args: &ExplainArgs, global: &Global) -> Result<Exit, Error> {
    // Piped output is read by a program or saved to a file, for which Markdown is more useful.
    let default = if std::io::stdout().is_terminal() { PageFormat::Human } else { PageFormat::Markdown };
    let format = args.format.unwrap_or(default);
    let written = match rules::by_id(&args.rule) {
        Some(rule) => output::to_stdout_styled(global.color, |style, out| write_rule(rule, format, style, out)),
        None if rules::families().contains(&args.rule.as_str()) => {
            output::to_stdout_styled(global.color, |style, out| write_family(&args.rule, format, style, out))
        }
        None => return Err(unknown(&args.rule)),
    };
    Exit::Clean.after(written)
}

fn unknown(name: &str) -> Error {
    if let Some(renamed) = rules::renamed(name) {
        return Error::Usage(renamed.to_string());
    }
    let near = rules::nearest(name).map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
    Error::Usage(format!("unknown rule '{name}'{near} (`mlspec-lint rules` lists them)"))
}

fn write_rule(rule: &Rule, format: PageFormat, style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        PageFormat::Human => write!(out, "{}", terminal_page(&page::markdown(rule), style)),
        PageFormat::Markdown => write!(out, "{}", page::markdown(rule)),
        PageFormat::Json => {
            let mut value = super::rules::entry(rule);
            value["source"] = json!(rule.source);
            value["url"] = json!(rule.url());
            value["page"] = json!(page::markdown(rule));
            writeln!(out, "{value:#}")
        }
    }
}

fn write_family(family: &str, format: PageFormat, style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let members = rules::select(family);
    match format {
        PageFormat::Json => {
            return writeln!(out, "{:#}", Value::from_iter(members.iter().map(|rule| super::rules::entry(rule))));
        }
        PageFormat::Markdown => {
            writeln!(out, "# {family}\n")?;
            for rule in &members {
                writeln!(out, "- `{}` ({}): {}", rule.id, rule.severity.name(), page::summary(rule))?;
            }
        }
        PageFormat::Human => {
            writeln!(out, "'{family}' is a family of {} rules:\n", members.len())?;
            super::rules::write_table(&members, style, out)?;
        }
    }
    let example = members.first().map_or(family, |rule| rule.id);
    let hint = format!("To read about one of them: mlspec-lint explain {example}");
    writeln!(out, "\n{}", if format == PageFormat::Human { wrapped("", "", &hint, style.width) } else { hint })
}
