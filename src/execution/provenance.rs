//! The provenance of what an execution made, from the documents that tell of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::data::name_of;
use super::{PipelineExecution, quoted, text_in};
use crate::digest::content_digest;
use crate::documents::pipeline::Stage;
use crate::objectives::attest::{
    AttestedFile, BuildDefinition, Builder, Resource, RunDetails, RunMetadata, SlsaProvenance, Statement,
};
use crate::secrets::{is_secret_name, is_stand_in, redact};
use crate::workspace::{DataUse, DocId, Member, digest_key, field};
use crate::yaml::json::to_value;

/// The build type: the page that says what the parameters mean.
pub const BUILD_TYPE: &str = "https://github.com/mlspec/mlspec-lint/blob/main/spec/attest.md#pipeline-run-v1";

/// What documents do not say, and whoever attests adds.
#[derive(Clone, Debug, Default)]
pub struct AttestTerms {
    /// The URI of the platform that executed the run.
    pub builder: String,
    /// The SHA-256 of artifacts whose files were looked at, by their names.
    pub measured: BTreeMap<String, String>,
    /// The files with the documents, by path, and their SHA-256.
    pub records: BTreeMap<String, String>,
}

/// An execution that conforms to its pipeline.
#[derive(Clone, Debug)]
pub struct Attestable {
    /// What is said of it.
    pub statement: Statement<SlsaProvenance>,
    /// What nobody says, and the statement leaves out.
    pub left_out: Vec<String>,
}

impl<'a> PipelineExecution<'a> {
    /// Returns what can be said of the execution.
    ///
    /// # Errors
    ///
    /// In what it does not conform to its pipeline, or why nothing can be said.
    pub fn attest(&self, terms: &AttestTerms) -> Result<Attestable, Vec<String>> {
        let mut faults = self.faults();
        let mut left_out = Vec::new();
        let subjects = self.subjects(terms, &mut left_out, &mut faults);
        if subjects.is_empty() && faults.is_empty() {
            faults.push("no SHA-256 of anything that it made is known, so that there is nothing to attest".to_owned());
        }
        let predicate = SlsaProvenance {
            build_definition: self.definition(terms, &mut left_out),
            run_details: self.details(terms, &mut left_out),
        };
        if !faults.is_empty() {
            return Err(faults);
        }
        let statement = Statement::of(subjects, predicate).map_err(|error| vec![error.to_string()])?;
        refuse_credentials(&statement)?;
        Ok(Attestable { statement, left_out })
    }

    fn subjects(&self, terms: &AttestTerms, left_out: &mut Vec<String>, faults: &mut Vec<String>) -> Vec<AttestedFile> {
        let mut subjects = Vec::new();
        for artifact in self.artifacts() {
            let (told, measured) = (artifact.sha256(), terms.measured.get(&artifact.name).map(String::as_str));
            if let (Some(told), Some(measured)) = (told, measured)
                && told != measured
            {
                faults.push(format!(
                    "the file of the artifact {} is not the one that documents tell of",
                    quoted(&artifact.name)
                ));
                continue;
            }
            let subject = measured.or(told).map(|sha256| AttestedFile::new(&*artifact.name, sha256));
            match subject {
                Some(Ok(subject)) => subjects.push(subject),
                Some(Err(error)) => faults.push(error.to_string()),
                None => left_out.push(format!("the artifact {}: its SHA-256 is not known", quoted(&artifact.name))),
            }
        }
        subjects
    }

    fn definition(&self, terms: &AttestTerms, left_out: &mut Vec<String>) -> BuildDefinition {
        let values = |parameters: Vec<(&str, super::parameters::GivenValue<'_>)>| -> Map<String, Value> {
            parameters.into_iter().map(|(name, (tree, node))| (name.to_owned(), to_value(tree, node))).collect()
        };
        let mut external_parameters = Map::new();
        external_parameters.insert("pipeline".to_owned(), self.pipeline.member.label().into());
        external_parameters.insert("parameters".to_owned(), values(self.given()).into());
        let mut internal_parameters = Map::new();
        let defaults = values(self.defaults());
        if !defaults.is_empty() {
            internal_parameters.insert("defaults".to_owned(), defaults.into());
        }
        if self.pipeline.typed.stage.get() != Some(&Stage::Published) {
            left_out.push("whether the pipeline was changed since: it is not published".to_owned());
        }
        let mut resolved_dependencies = vec![self.document(self.pipeline.member, terms)];
        resolved_dependencies.extend(self.code(terms, left_out));
        resolved_dependencies.extend(self.data(left_out));
        let build_type = BUILD_TYPE.to_owned();
        BuildDefinition { build_type, external_parameters, internal_parameters, resolved_dependencies }
    }

    /// Returns the modules, and the commits that they and the runs name.
    fn code(&self, terms: &AttestTerms, left_out: &mut Vec<String>) -> Vec<Resource> {
        let mut resources = Vec::new();
        let mut seen: BTreeSet<DocId> = BTreeSet::new();
        let mut commits: Vec<Resource> = Vec::new();
        let modules = self.modules();
        for (_, _, module) in modules.iter().filter(|(_, id, _)| seen.insert(*id)) {
            resources.push(self.document(module, terms));
            let source = field(&module.tree, module.root, "snapshot_source");
            match source.and_then(|source| commit(module, source)) {
                Some(code) => commits.push(code),
                None => left_out
                    .push(format!("the code of the module {}: no whole commit is named", quoted(&self.title(module)))),
            }
        }
        if let Some(graph) = self.graph() {
            let known: BTreeSet<_> = modules.iter().map(|(step, ..)| *step).collect();
            let steps = graph.steps().zip(crate::graph::written_steps(self.pipeline.typed));
            let unknown = steps.filter(|((id, _), step)| step.module_name.get().is_some() && !known.contains(id));
            left_out.extend(
                unknown.map(|((id, _), _)| {
                    format!("the module of the step {}: it is not here", quoted(&graph.path_of(id)))
                }),
            );
        }
        for run in &self.runs {
            let code = field(&run.member.tree, run.member.root, "code");
            if let Some(code) = code.and_then(|code| commit(run.member, code)) {
                commits.push(code);
            }
        }
        let mut known = BTreeSet::new();
        commits.retain(|code| known.insert((code.uri.clone(), code.digest.clone())));
        resources.extend(commits);
        resources
    }

    /// Returns the data of the pipeline and what the runs say that they read, each once.
    fn data(&self, left_out: &mut Vec<String>) -> Vec<Resource> {
        let made = self.artifacts();
        let of_runs = self.read(&made).into_iter().map(|(run, data)| (run.member, data));
        let of_pipeline = self.pipeline_data().into_iter().map(|(_, data)| (self.pipeline.member, data));
        // What was read is known better than what was to be read.
        let mut all: Vec<(&Member, DataUse<'a>)> = Vec::new();
        let mut seen = BTreeSet::new();
        for (member, data) in of_runs.chain(of_pipeline) {
            let key = (data.dataset, data.digest.clone(), data.place.clone(), data.reference.clone());
            if seen.insert(key) {
                all.push((member, data));
            }
        }
        let mut resources: Vec<Resource> = Vec::new();
        let mut known = BTreeSet::new();
        for (member, data) in all {
            let dataset = data.dataset.and_then(|id| self.workspace().member(id));
            let name = dataset.map_or_else(|| name_of(member, &data), |dataset| self.title(dataset));
            let digest: BTreeMap<String, String> = data.digest.as_deref().and_then(digest_entry).into_iter().collect();
            let resource = Resource { name: Some(name), digest, ..Resource::default() };
            if !known.insert((resource.name.clone(), resource.digest.clone())) {
                continue;
            }
            if resource.digest.is_empty() {
                left_out.push(format!("the digest of the data {}", quoted(resource.name.as_deref().unwrap_or(""))));
            }
            resources.push(resource);
        }
        resources
    }

    fn details(&self, terms: &AttestTerms, left_out: &mut Vec<String>) -> RunDetails {
        let own = self.linked.own;
        let time = |name: &str| {
            let text = text_in(own, own.root, name)?;
            text.parse::<jiff::Timestamp>().ok().map(|_| text.to_owned())
        };
        let (started_on, finished_on) = (time("startedOn"), time("endedOn"));
        for (time, what) in [(&started_on, "started"), (&finished_on, "ended")] {
            if time.is_none() {
                left_out.push(format!("when the run {what}"));
            }
        }
        let record = |(path, sha256): (&String, &String)| Resource {
            name: Some(path.clone()),
            digest: BTreeMap::from([("sha256".to_owned(), sha256.clone())]),
            ..Resource::default()
        };
        RunDetails {
            builder: Builder { id: terms.builder.clone() },
            metadata: RunMetadata { invocation_id: own.id().map(str::to_owned), started_on, finished_on },
            byproducts: terms.records.iter().map(record).collect(),
        }
    }

    /// Returns a document as a dependency. Its digest is that of its file, and `contentDigest` that of what it says, however it is written.
    fn document(&self, member: &Member, terms: &AttestTerms) -> Resource {
        let digest = terms.records.get(member.file()).map(|sha256| ("sha256".to_owned(), sha256.clone()));
        let mut annotations = Map::new();
        annotations.insert("kind".to_owned(), member.kind.name().into());
        annotations.extend(member.id().map(|id| ("id".to_owned(), id.into())));
        annotations.extend(member.version().map(|version| ("version".to_owned(), version.into())));
        annotations.insert("contentDigest".to_owned(), content_digest(&member.tree, member.root).into());
        Resource {
            name: Some(self.title(member)),
            digest: digest.into_iter().collect(),
            annotations,
            ..Resource::default()
        }
    }

    /// Returns how an object is named where its version counts.
    fn title(&self, member: &Member) -> String {
        let id = self.workspace().with_id(member.id().unwrap_or_default()).next();
        let module = id.and_then(|id| self.workspace().module_of(id)).map(|module| module.label());
        let name = module.filter(|_| member.name().is_none()).unwrap_or_else(|| member.label());
        member.version().map_or_else(|| name.to_owned(), |version| format!("{name}@{version}"))
    }
}

/// Returns the code that a mapping with `repository` and `commit` names. A branch or an abbreviation is no digest.
fn commit(member: &Member, mapping: crate::yaml::NodeId) -> Option<Resource> {
    let commit = text_in(member, mapping, "commit")?.to_lowercase();
    let is_whole = matches!(commit.len(), 40 | 64) && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    let uri = text_in(member, mapping, "repository").filter(|url| url.contains("://"));
    is_whole.then(|| Resource {
        uri: uri.map(|url| format!("git+{}@{commit}", url.trim_end_matches('/'))),
        digest: BTreeMap::from([("gitCommit".to_owned(), commit.clone())]),
        ..Resource::default()
    })
}

/// Returns a digest as an entry of a `DigestSet`.
fn digest_entry(digest: &str) -> Option<(String, String)> {
    let key = digest_key(digest);
    let (algorithm, digits) = key.split_once(':')?;
    let is_digest = !algorithm.is_empty()
        && algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && digits.len() >= 32
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then(|| (algorithm.to_owned(), digits.to_owned()))
}

/// A statement is stored and published: it must not show what no report shows.
fn refuse_credentials(statement: &Statement<SlsaProvenance>) -> Result<(), Vec<String>> {
    let value = serde_json::to_value(statement).map_err(|error| vec![error.to_string()])?;
    let mut found = Vec::new();
    credentials(&value, "", &mut found);
    match found.is_empty() {
        true => Ok(()),
        false => Err(found.into_iter().map(|at| format!("the statement would show a credential, in {at}")).collect()),
    }
}

/// Finds credentials by what they look like and by what they are called. The depth of a value is that of its document, which is limited.
fn credentials(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) if redact(text) != *text => found.push(quoted(at)),
        Value::Array(items) => items.iter().for_each(|item| credentials(item, at, found)),
        Value::Object(entries) => {
            for (name, value) in entries {
                let is_named = is_secret_name(name) && value.as_str().is_some_and(|text| !is_stand_in(text));
                if is_named || redact(name) != *name {
                    found.push(quoted(name));
                } else {
                    credentials(value, name, found);
                }
            }
        }
        _ => {}
    }
}
