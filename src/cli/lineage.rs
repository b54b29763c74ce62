//! `lineage`: from what an object came, and what came of it.

use super::args::Global;
use super::lineage_args::{LineageArgs, LineageFormat};
use super::loaded::load;
use super::{Error, Exit, output};
use crate::graph;
use crate::lineage::Lineage;
use crate::report::lineage as reports;
use crate::text::{Markup, visible};

pub(super) fn run(args: &LineageArgs, global: &Global) -> Result<Exit, Error> {
    let is_answer = matches!(args.format, LineageFormat::Human | LineageFormat::Json);
    if args.question.is_some() && !is_answer {
        return Err(Error::Usage(
            "--question is answered as human or json; the other formats show the whole".to_owned(),
        ));
    }
    let index = load(&args.files, global)?;
    let lineage = Lineage::of(index.workspace());
    let subject = lineage.find(&args.name).map_err(|error| Error::Usage(error.to_string()))?;
    let answered = args.question.map(|question| (question, lineage.answer(subject, question)));
    let answered = answered.as_ref().map(|(question, answers)| (*question, answers));
    let markup = match args.format {
        LineageFormat::Json | LineageFormat::Openlineage => Markup::Json,
        // Labels of Mermaid never contain the start of a command verbatim.
        LineageFormat::Human | LineageFormat::Mermaid => Markup::Plain,
        LineageFormat::Dot | LineageFormat::Svg => Markup::Xml,
    };
    let mut left = Vec::new();
    output::deliver(None, markup, global.color, |style, out| match (args.format, answered) {
        (LineageFormat::Json, answered) => reports::json(&lineage, subject, answered, out),
        (LineageFormat::Human, None) => reports::write_tree(&lineage, subject, style, out),
        (LineageFormat::Human, Some((question, answers))) => {
            reports::write_answers(&lineage, subject, question, answers, out)
        }
        (LineageFormat::Dot, _) => out.write_all(graph::dot(&reports::drawing(&lineage, subject)).as_bytes()),
        (LineageFormat::Mermaid, _) => out.write_all(graph::mermaid(&reports::drawing(&lineage, subject)).as_bytes()),
        (LineageFormat::Svg, _) => out.write_all(graph::svg(&reports::drawing(&lineage, subject)).as_bytes()),
        (LineageFormat::Openlineage, _) => {
            left = reports::openlineage(&lineage, subject, out)?;
            Ok(())
        }
    })?;
    for run in &left {
        output::notice(format_args!("note: {} has no time, and so no event", visible(run)));
    }
    Ok(Exit::Clean)
}
