//! Which schema describes a file of data, and which profile it is compared with.

use std::cell::OnceCell;
use std::io;
use std::path::{Component, Path};

use jiff::Timestamp;

use super::Error;
use super::args::CheckArgs;
use super::data_files::{Digesting, open_stored};
use super::inputs::Inputs;
use super::workspace_context::surroundings;
use crate::analysis::{self, Options, lint_text};
use crate::config::Config;
use crate::data::check::{PreparedSchema, ReferenceData};
use crate::data::profile::ProfileDocument;
use crate::diagnostics::{Finding, Severity};
use crate::documents::data_schema::DataSchema;
use crate::documents::{Document, Kind};
use crate::files::{self, FileToCheck};
use crate::rules::document::unknown_field::UNKNOWN_FIELD;
use crate::text::visible;
use crate::workspace::{DocId, Index, Member, Resolution, field};

/// Finds schemas in a workspace.
pub(super) struct SchemaFinder {
    index: Index,
    /// The schema that the user named.
    named: Option<Member>,
}

/// The schema of a file, or why there is none.
pub(super) enum SchemaLookup {
    Schema(SchemaOfData),
    None(String),
}

/// A schema, with its document.
pub(super) struct SchemaOfData {
    member: Member,
}

impl SchemaOfData {
    /// Prepares the schema. One with errors says less than it seems to, and nothing is checked by it.
    ///
    /// # Errors
    /// If it has errors, or does not know the environment.
    pub(super) fn prepared(&self, environment: Option<&str>) -> Result<PreparedSchema, Error> {
        let source = self.member.tree.source();
        let options = Options { partial: true, ..Options::default() };
        let report = lint_text(source.name(), source.text(), &options);
        let is_own = |document: u32| document == self.member.position;
        let errors = report.findings.iter().filter(|own| own.severity == Severity::Error && is_own(own.place.document));
        let name = visible(source.name());
        match errors.count() {
            0 => {}
            count => {
                let errors = if count == 1 { "an error".to_owned() } else { format!("{count} errors") };
                return Err(Error::Usage(format!(
                    "{name} has {errors}, so that no data can be checked by it; `mlspec-lint check {name}` shows where"
                )));
            }
        }
        let is_unread = |own: &&Finding| {
            own.rule.id == UNKNOWN_FIELD.id && is_own(own.place.document) && own.place.pointer.starts_with("/fields/")
        };
        if let Some(unread) = report.findings.iter().find(is_unread) {
            let (line, why) = (report.source.line_index(unread.place.span.start) + 1, unread.message.as_str());
            return Err(Error::Usage(format!(
                "{name}:{line}: {why}: what it demands would not be checked; `mlspec-lint check {name}` shows all such fields"
            )));
        }
        let Some(Document::DataSchema(schema)) = self.member.typed() else {
            return Err(Error::Usage(format!("{name} is no data schema")));
        };
        if let (Some(wanted), Some(known)) = (environment, environments(schema))
            && !known.iter().any(|own| own == wanted)
        {
            return Err(Error::Usage(format!("{name} has no environment '{wanted}', but {}", known.join(", "))));
        }
        Ok(PreparedSchema::new(schema, &self.member.tree, environment))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.member.text(field(&self.member.tree, self.member.root, name))
    }
}

fn environments(schema: &DataSchema) -> Option<Vec<String>> {
    schema.environments.get().map(|list| list.iter().map(|(_, name)| name.to_string()).collect())
}

impl SchemaFinder {
    /// Reads the documents of the workspace.
    ///
    /// # Errors
    /// If the schema that the user named is none.
    pub(super) fn new(args: &CheckArgs, config: &Config, inputs: &Inputs) -> Result<Self, Error> {
        let options = Options { config, explicit: false, ..Options::default() };
        let around = surroundings(&args.files, args.workspace.as_deref(), options, inputs, true, None)?;
        let mut members = around.members;
        for file in &inputs.files {
            members.extend(read(file, args.files.max_file_size, &options).into_iter().flatten());
        }
        let has_workspace = !around.partial;
        let mut named = None;
        if let Some(name) = &args.schema {
            let path = Path::new(name);
            if path.is_file() {
                let file = FileToCheck { name: name.replace('\\', "/"), path: path.to_owned(), explicit: true };
                let own = read(&file, args.files.max_file_size, &options)?;
                let mut schemas = own.into_iter().filter(|member| member.kind == Kind::DataSchema);
                let (Some(only), None) = (schemas.next(), schemas.next()) else {
                    return Err(Error::Usage(format!("--schema {name}: the file does not hold one data schema")));
                };
                named = Some(only);
            } else {
                let index = Index::of(members.clone(), around.partial);
                named = Some(by_name(&index, name, has_workspace)?);
            }
        }
        if let Some(schema) = named.as_ref().filter(|schema| schema.is_archived()) {
            super::output::notice(format_args!(
                "warning: the data schema '{}' is archived, and not to be used for new data",
                visible(schema.label())
            ));
        }
        Ok(Self { index: Index::of(members, around.partial), named })
    }

    /// Returns the schema of a file of data.
    ///
    /// # Errors
    /// None; what is not found is said.
    pub(super) fn of(&self, file: &Path) -> Result<SchemaLookup, Error> {
        if let Some(member) = &self.named {
            return Ok(SchemaLookup::Schema(SchemaOfData { member: member.clone() }));
        }
        let workspace = self.index.workspace();
        let mut datasets: Vec<(usize, DocId)> = Vec::new();
        for id in workspace.of_kind(Kind::Dataset) {
            let Some(member) = workspace.member(id).filter(|member| !member.is_archived()) else { continue };
            datasets.extend(
                location(member).and_then(|location| suffix_length(file, &location)).map(|length| (length, id)),
            );
        }
        let longest = datasets.iter().map(|(length, _)| *length).max();
        let own: Vec<DocId> =
            datasets.into_iter().filter(|(length, _)| Some(*length) == longest).map(|(_, id)| id).collect();
        let mut schemas: Vec<&Member> = Vec::new();
        for id in workspace.of_kind(Kind::DataSchema) {
            let Some(member) = workspace.member(id).filter(|member| !member.is_archived()) else { continue };
            let named = member.text(field(&member.tree, member.root, "dataset"));
            let dataset = named.and_then(|name| workspace.lookup(name, &[Kind::Dataset]).found());
            if dataset.is_some_and(|dataset| own.contains(&dataset)) {
                schemas.push(member);
            }
        }
        // Of several versions, the newest describes the data of today.
        schemas.sort_by_key(|member| member.precedence());
        let names: std::collections::BTreeSet<&str> = schemas.iter().map(|member| member.label()).collect();
        Ok(match (schemas.last(), names.len()) {
            (Some(member), 1) => SchemaLookup::Schema(SchemaOfData { member: (*member).clone() }),
            (Some(_), _) => {
                let names: Vec<&str> = names.into_iter().collect();
                SchemaLookup::None(format!("several data schemas describe this data: {}", names.join(", ")))
            }
            (None, _) => SchemaLookup::None("no data schema of the workspace describes this data".to_owned()),
        })
    }

    /// Returns the profiles that data is compared with, if its schema limits drift or skew.
    ///
    /// # Errors
    /// If the profile that the user named is none.
    pub(super) fn references(
        &self,
        schema: &SchemaOfData,
        named: Option<&Path>,
        environment: Option<&str>,
        file: &FileToCheck,
    ) -> Result<Vec<ReferenceData>, Error> {
        // Nothing has moved between data and itself.
        let digest = OnceCell::new();
        let is_of_file = |profile: &ProfileDocument| {
            let stated = profile.head.dataset_digest.as_deref();
            stated.is_some_and(|stated| digest.get_or_init(|| digest_of(&file.path)).as_deref() == Some(stated))
        };
        if let Some(path) = named {
            let document = super::profile::read(path, NAMED_LIMIT)?;
            if is_of_file(&document) {
                return Err(Error::Usage(format!(
                    "--reference {}: it is the profile of {} itself, from which nothing can have moved",
                    path.display(),
                    visible(&file.name)
                )));
            }
            let statistics = document.statistics();
            let statistics = statistics.map_err(|error| Error::Usage(format!("{}: {error}", path.display())))?;
            let is_same_environment = is_same(document.head.environment.as_deref(), environment);
            return Ok(vec![ReferenceData { name: document.head.name, statistics, is_same_environment }]);
        }
        let workspace = self.index.workspace();
        let dataset = schema.text("dataset").and_then(|name| workspace.lookup(name, &[Kind::Dataset]).found());
        let mut newest: [Option<(Timestamp, ReferenceData)>; 2] = [None, None];
        for id in workspace.of_kind(Kind::Profile) {
            let Some(member) = workspace.member(id) else { continue };
            let text = |name: &str| member.text(field(&member.tree, member.root, name));
            let own = text("dataset").and_then(|name| workspace.lookup(name, &[Kind::Dataset]).found());
            let of_schema = text("schema").and_then(|name| workspace.lookup(name, &[Kind::DataSchema]).found());
            let is_of_schema = of_schema.and_then(|id| workspace.member(id)).is_some_and(|own| own.is(&schema.member));
            let is_same_environment = is_same(text("environment"), environment);
            let is_of_dataset = own.is_some() && own == dataset;
            let is_of_another = is_of_schema && !is_same_environment;
            if !is_of_dataset && !is_of_another {
                continue;
            }
            // A profile that somebody wrote by hand cannot be compared with; that none can be is said with the limits.
            let Ok(document) = ProfileDocument::read(&member.tree, member.root) else {
                continue;
            };
            if is_of_file(&document) {
                continue;
            }
            let (Ok(statistics), Ok(time)) = (document.statistics(), document.head.performed_on.parse::<Timestamp>())
            else {
                continue;
            };
            let place = newest.get_mut(usize::from(!is_same_environment));
            let is_newer =
                |known: &Option<(Timestamp, ReferenceData)>| known.as_ref().is_none_or(|(known, _)| *known < time);
            if let Some(place) = place.filter(|known| is_newer(known)) {
                *place = Some((time, ReferenceData { name: document.head.name, statistics, is_same_environment }));
            }
        }
        Ok(newest.into_iter().flatten().map(|(_, reference)| reference).collect())
    }
}

/// Returns the digest of a file of data as it is stored; `None` if it cannot be read a second time.
fn digest_of(path: &Path) -> Option<String> {
    if path.as_os_str() == "-" {
        return None;
    }
    let mut input = Digesting::new(open_stored(path).ok()?);
    io::copy(&mut input, &mut io::sink()).ok()?;
    Some(input.digest())
}

/// The largest profile that is read.
const NAMED_LIMIT: u64 = 1 << 30;

/// Whether two pieces of data are of one environment; what says nothing is of any.
fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

/// Returns the documents of a file.
fn read(file: &FileToCheck, limit: u64, options: &Options<'_>) -> Result<Vec<Member>, Error> {
    let bytes = files::read(file, limit).map_err(|problem| Error::Usage(problem.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{} is not UTF-8", visible(&file.name))))?;
    Ok(analysis::unchecked(&file.name, &text, options).members)
}

fn by_name(index: &Index, name: &str, has_workspace: bool) -> Result<Member, Error> {
    let workspace = index.workspace();
    let said = match workspace.lookup(name, &[Kind::DataSchema]) {
        Resolution::Found(id) => {
            return workspace.member(id).cloned().ok_or_else(|| Error::Usage(format!("--schema {name}: not found")));
        }
        Resolution::Ambiguous(_) => "several data schemas of the workspace are called that".to_owned(),
        Resolution::Unread(_) => "a document that could not be read may be that schema".to_owned(),
        Resolution::Unknown | Resolution::NoneOfKind if !has_workspace => {
            "no such file, and no workspace in which a schema of that name could be: name one with --workspace"
                .to_owned()
        }
        Resolution::Unknown | Resolution::NoneOfKind => {
            let schemas = workspace.of_kind(Kind::DataSchema).filter_map(|id| workspace.member(id)?.name());
            let names: std::collections::BTreeSet<&str> = schemas.collect();
            match crate::text::nearest(name, names.iter().copied()) {
                Some(near) => format!("no such file, and no data schema of that name; did you mean '{near}'?"),
                None if names.is_empty() => "no such file, and no data schema in the workspace".to_owned(),
                None => {
                    let names: Vec<&str> = names.into_iter().take(10).collect();
                    format!("no such file, and no data schema of that name; there are {}", names.join(", "))
                }
            }
        }
    };
    Err(Error::Usage(format!("--schema {name}: {said}")))
}

/// Returns where a dataset is: a path or URI, or the path of a datapath.
fn location(dataset: &Member) -> Option<String> {
    let tree = &dataset.tree;
    let node = field(tree, dataset.root, "location")?;
    let text =
        if tree.is_mapping(node) { dataset.text(field(tree, node, "RelativePath")) } else { dataset.text(Some(node)) };
    text.map(str::to_owned)
}

/// Returns how many parts of a location, from its end, are those of the path of a file; `None` unless all that are below a scheme and host are.
fn suffix_length(file: &Path, location: &str) -> Option<usize> {
    let path =
        location.split_once("://").map_or(location, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let wanted: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let real = std::fs::canonicalize(file).ok()?;
    let own: Vec<String> = real
        .components()
        .filter_map(|part| match part {
            Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect();
    let ends = own.len() >= wanted.len() && !wanted.is_empty();
    let tail = own.get(own.len().saturating_sub(wanted.len())..)?;
    (ends && tail.iter().zip(&wanted).all(|(own, wanted)| own == wanted)).then_some(wanted.len())
}
