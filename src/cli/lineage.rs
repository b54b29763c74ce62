//! `lineage`: from what an object came, and what came of it.

use super::args::{Global, LineageArgs, LineageFormat};
use super::loaded::load;
use super::{Error, Exit, output};
use crate::lineage::Lineage;
use crate::report::lineage as reports;
use crate::text::Markup;

pub(super) fn run(args: &LineageArgs, global: &Global) -> Result<Exit, Error> {
    let index = load(&args.files, global)?;
    let lineage = Lineage::of(index.workspace());
    let subject = lineage.find(&args.name).map_err(|error| Error::Usage(error.to_string()))?;
    let answered = args.question.map(|question| (question, lineage.answer(subject, question)));
    let answered = answered.as_ref().map(|(question, answers)| (*question, answers));
    let markup = match args.format {
        LineageFormat::Json => Markup::Json,
        LineageFormat::Human => Markup::Plain,
    };
    output::deliver(None, markup, global.color, |style, out| match (args.format, answered) {
        (LineageFormat::Json, answered) => reports::json(&lineage, subject, answered, out),
        (LineageFormat::Human, None) => reports::write_tree(&lineage, subject, style, out),
        (LineageFormat::Human, Some((question, answers))) => {
            reports::write_answers(&lineage, subject, question, answers, out)
        }
    })?;
    Ok(Exit::Clean)
}
