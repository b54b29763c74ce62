//! `explain`: the page of a rule.

use serde_json::json;

use super::args::{ExplainArgs, Global, TextFormat};
use super::{Error, Exit, output};
use crate::rules::{self, page};

pub(super) fn run(args: &ExplainArgs, _: &Global) -> Result<Exit, Error> {
    let Some(rule) = rules::by_id(&args.rule) else {
        if let Some(renamed) = rules::renamed(&args.rule) {
            return Err(Error::Usage(renamed.to_string()));
        }
        let near = rules::nearest(&args.rule).map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
        return Err(Error::Usage(format!("unknown rule '{}'{near} (`mlspec-lint rules` lists them)", args.rule)));
    };
    let written = output::to_stdout_raw(|out| match args.format {
        TextFormat::Human => write!(out, "{}", page::markdown(rule)),
        TextFormat::Json => {
            let mut value = super::rules::entry(rule);
            value["source"] = json!(rule.source);
            value["url"] = json!(rule.url());
            value["page"] = json!(page::markdown(rule));
            writeln!(out, "{value:#}")
        }
    });
    Exit::Clean.after(written)
}
