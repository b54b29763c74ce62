//! `graph`: the graphs of the pipelines in a file, as a drawing.

use std::io::Read;
use std::path::Path;

use super::args::{Global, GraphArgs, GraphFormat};
use super::inputs::config_for;
use super::{Error, Exit, output};
use crate::analysis::{Options, conclude, examine};
use crate::diagnostics::Finding;
use crate::documents::Document;
use crate::files::{self, FileProblemKind, FileToCheck};
use crate::graph::{self, Drawing, Graph};
use crate::secrets::shortened;
use crate::text::{Markup, visible};

pub(super) fn run(args: &GraphArgs, global: &Global) -> Result<Exit, Error> {
    let outputs: Vec<&Path> = args.output.iter().map(|path| path.as_path()).collect();
    output::refuse_overwriting(&outputs, [args.file.as_path()])?;
    let config = config_for(global, if args.file.as_os_str() == "-" { Path::new(".") } else { &args.file })?;
    let name = args.file.to_string_lossy().replace('\\', "/");
    let text = read(&args.file, &name, args.max_file_size)?;
    // Referenced documents are not available here, and not of interest.
    let options = Options { config: &config, kind: args.kind, partial: true, ..Options::default() };
    let examined = [examine(&name, &text, &options)];
    let report = conclude(&examined, &[], &options).pop();
    let findings = report.as_ref().map_or(&[][..], |report| &report.findings);
    let pipelines: Vec<_> = examined
        .iter()
        .flat_map(|examined| examined.members())
        .filter_map(|member| match member.typed()? {
            Document::Pipeline(pipeline) => Some((member, pipeline)),
            _ => None,
        })
        .collect();
    if pipelines.is_empty() {
        let hint = match findings.iter().any(|finding| finding.rule.id == "document/yaml-syntax") {
            true => "it is not valid YAML; `mlspec-lint check` shows where",
            false => "`mlspec-lint kinds` shows what its documents are",
        };
        return Err(Error::Usage(format!("{name} contains no pipeline: {hint}")));
    }
    let mut drawing = Drawing::default();
    let mut names: Vec<String> = Vec::new();
    for (at, (member, pipeline)) in pipelines.iter().enumerate() {
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.place.document == member.position).collect();
        let title = pipeline.name.get().map_or_else(|| format!("pipeline {}", at + 1), |name| (**name).to_owned());
        let graph = Graph::of(pipeline, &member.tree);
        drawing.add(&graph, &member.tree, (pipelines.len() > 1).then_some(title.as_str()), &own);
        names.push(visible(&shortened(&title, LONGEST_NAME)).into_owned());
    }
    drawing.name = names.join(", ");
    let drawn = match args.format {
        GraphFormat::Mermaid => graph::mermaid(&drawing),
        GraphFormat::Dot => graph::dot(&drawing),
        GraphFormat::Svg => graph::svg(&drawing),
    };
    let markup = match args.format {
        // Its labels never contain the start of a command verbatim.
        GraphFormat::Mermaid => Markup::Plain,
        GraphFormat::Dot | GraphFormat::Svg => Markup::Xml,
    };
    output::deliver(args.output.as_deref(), markup, global.color, |_, out| out.write_all(drawn.as_bytes()))?;
    Ok(Exit::Clean)
}

/// Longer names are truncated in the title of a picture.
const LONGEST_NAME: usize = 100;

/// Reads the text of a file, or of standard input.
fn read(path: &Path, name: &str, limit: u64) -> Result<String, Error> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(Error::Usage(format!("standard input has more than {limit} bytes")));
        }
        bytes
    } else {
        let candidate = FileToCheck { name: name.to_owned(), path: path.to_owned(), explicit: true };
        files::read(&candidate, limit).map_err(|problem| match problem.kind {
            FileProblemKind::Unreadable(why) => {
                Error::File { path: name.to_owned(), source: std::io::Error::other(why) }
            }
            _ => Error::Usage(problem.to_string()),
        })?
    };
    String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{} is not UTF-8", visible(name))))
}
