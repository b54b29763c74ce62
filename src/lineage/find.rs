//! Which thing a name means.

use std::fmt;

use super::{Lineage, Relation, Thing, ThingId};
use crate::documents::Kind;
use crate::text::nearest;
use crate::workspace::Resolution;

/// Why a name means no single thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// Nothing has the name.
    Unknown {
        /// The name.
        text: String,
        /// The names that it may be meant for, the nearest first.
        near: Vec<String>,
    },
    /// Several things have it.
    Ambiguous {
        /// The name.
        text: String,
        /// How each of them can be named alone.
        candidates: Vec<String>,
    },
    /// It is something else than a run.
    NotRun {
        /// What it is.
        title: String,
    },
}

/// The most names that are suggested.
const MOST_NAMES: usize = 5;

impl Lineage<'_> {
    /// Returns the thing that a text means: an id, a name, `name@version`, or one of these after `kind:`; or a step after its pipeline.
    ///
    /// # Errors
    ///
    /// If there is none, or more than one.
    pub fn find(&self, text: &str) -> Result<ThingId, NotFound> {
        let text = text.trim();
        let prefix = text.split_once(':').and_then(|(kind, rest)| Some((Kind::by_name(kind)?, rest.trim())));
        let (kind, name) = prefix.map_or((None, text), |(kind, name)| (Some(kind), name));
        let mut found = self.objects(name, kind);
        if found.is_empty() {
            found = self.others(name, kind);
        }
        if found.is_empty() {
            found = self.runs_of_step(name);
        }
        match found.as_slice() {
            [only] => Ok(*only),
            [] => Err(NotFound::Unknown { text: super::describe::spoken(text), near: self.near(name) }),
            several => {
                let named = |id: &ThingId| {
                    let id_of = self.documents(*id).first().and_then(|id| self.workspace.member(*id)?.id());
                    let own = id_of.map_or_else(|| self.label(*id), super::describe::spoken);
                    match self.path(*id) {
                        Some(path) => format!("{}:{own} ({path})", self.noun(*id)),
                        None => format!("{}:{own}", self.noun(*id)),
                    }
                };
                let candidates = several.iter().take(MOST_NAMES).map(named).collect();
                Err(NotFound::Ambiguous { text: super::describe::spoken(text), candidates })
            }
        }
    }

    /// Returns the runs that a text means; see [`find`](Self::find).
    ///
    /// # Errors
    ///
    /// If there is none, or more than one.
    pub fn find_run(&self, text: &str) -> Result<ThingId, NotFound> {
        let mut found: Vec<ThingId> = Vec::new();
        for kind in [Kind::Run, Kind::PipelineRun] {
            found.extend(self.objects(text.trim(), Some(kind)));
        }
        match found.as_slice() {
            [only] => Ok(*only),
            [] => match self.find(text) {
                // The run of a step.
                Ok(other) if matches!(self.kind(other), Some(Kind::Run | Kind::PipelineRun)) => Ok(other),
                Ok(other) => Err(NotFound::NotRun { title: self.title(other) }),
                Err(error) => Err(error),
            },
            _ => self.find(text),
        }
    }

    /// Returns the objects with an id or name.
    fn objects(&self, text: &str, wanted: Option<Kind>) -> Vec<ThingId> {
        let mut found = Vec::new();
        let is_wanted = |kind: Kind| wanted.is_none_or(|wanted| wanted == kind);
        if is_wanted(Kind::Model) {
            found.extend(self.model_named(text));
        }
        for kind in Kind::ALL.iter().copied().filter(|kind| is_wanted(*kind)) {
            // Models are known by their names already, and lookups by name would find each of their documents.
            if matches!(kind, Kind::Model | Kind::ModelCard) {
                let with_id = self.workspace.with_id(text).filter_map(|id| self.of_document(id));
                found.extend(with_id.filter(|id| self.kind(*id) == Some(Kind::Model)));
                continue;
            }
            match self.workspace.lookup(text, &[kind]) {
                Resolution::Found(id) => found.extend(self.of_document(id)),
                Resolution::Ambiguous(ids) => found.extend(ids.into_iter().filter_map(|id| self.of_document(id))),
                _ => {}
            }
        }
        let has_module = found.iter().any(|id| self.kind(*id) == Some(Kind::Module));
        // A name shared by a module and one of its versions refers to the module.
        found.retain(|id| !has_module || self.kind(*id) != Some(Kind::ModuleVersion));
        found.sort_unstable();
        found.dedup();
        found
    }

    fn model_named(&self, text: &str) -> Option<ThingId> {
        if let Some(model) = self.model_names.get(&text.to_lowercase()) {
            return Some(*model);
        }
        let (name, version) = text.split_once('@')?;
        let model = *self.model_names.get(&name.trim().to_lowercase())?;
        let mut versions = self.out_of(model).filter_map(|edge| match self.thing(edge.to)? {
            Thing::Version { version, .. } => Some((edge.to, *version)),
            _ => None,
        });
        let Some(first) = versions.next() else { return Some(model) };
        let mut all = std::iter::once(first).chain(versions);
        all.find(|(_, own)| own.eq_ignore_ascii_case(version.trim())).map(|(id, _)| id)
    }

    /// Returns the things without documents of their own with a name, and those of a file.
    fn others(&self, text: &str, wanted: Option<Kind>) -> Vec<ThingId> {
        let is_meant = |id: ThingId, thing: &Thing<'_>| match thing {
            Thing::Output { .. } => self.label(id).eq_ignore_ascii_case(text),
            Thing::Named { text: own, .. } => own.eq_ignore_ascii_case(text),
            Thing::Document(_) | Thing::Model { .. } | Thing::Records { .. } => self.path(id) == Some(text),
            Thing::Version { .. } | Thing::Content(_) | Thing::Place(_) => false,
        };
        let meant = self.things().filter(|(id, thing)| is_meant(*id, thing)).map(|(id, _)| id);
        meant.filter(|id| wanted.is_none_or(|wanted| self.kind(*id) == Some(wanted))).collect()
    }

    /// Returns the runs of a step that a text names after its pipeline, or after a run of that: `train-credit-default/fit`.
    fn runs_of_step(&self, text: &str) -> Vec<ThingId> {
        let Some((pipeline, step)) = text.split_once('/') else { return Vec::new() };
        let named = [Kind::Pipeline, Kind::PipelineRun].map(|kind| self.objects(pipeline.trim(), Some(kind)));
        let mut runs = Vec::new();
        for named in named.into_iter().flatten() {
            let executions = self.out_of(named).filter(|edge| edge.relation == Relation::Executed).map(|edge| edge.to);
            for execution in executions.chain([named]) {
                let started = self.out_of(execution).filter(|edge| edge.relation == Relation::Started);
                runs.extend(started.filter(|edge| edge.detail == step.trim()).map(|edge| edge.to));
            }
        }
        runs.sort_unstable();
        runs.dedup();
        runs
    }

    /// Returns the names that a text may be meant for.
    fn near(&self, text: &str) -> Vec<String> {
        let labels: Vec<String> =
            self.things().map(|(id, _)| id).filter(|id| self.is_object(*id)).map(|id| self.label(id)).collect();
        let mut names: Vec<&str> =
            labels.iter().map(|label| label.split_once('@').map_or(&**label, |(name, _)| name)).collect();
        names.sort_unstable();
        names.dedup();
        let text = text.split_once('@').map_or(text, |(name, _)| name);
        let mut near: Vec<&str> = Vec::new();
        while let Some(found) = nearest(text, names.iter().copied().filter(|name| !near.contains(name))) {
            near.push(found);
            if near.len() == MOST_NAMES {
                break;
            }
        }
        let lower = text.to_lowercase();
        let holding = names.iter().filter(|name| !lower.is_empty() && name.to_lowercase().contains(&lower));
        let holding: Vec<&str> = holding.copied().filter(|name| !near.contains(name)).collect();
        near.extend(holding);
        near.into_iter().take(MOST_NAMES).map(str::to_owned).collect()
    }

    fn is_object(&self, id: ThingId) -> bool {
        matches!(
            self.thing(id),
            Some(Thing::Document(_) | Thing::Model { .. } | Thing::Named { .. } | Thing::Output { .. })
        )
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { text, near } if near.is_empty() => write!(f, "nothing here is called '{text}'"),
            Self::Unknown { text, near } => {
                write!(f, "nothing here is called '{text}'; did you mean {}?", near.join(", "))
            }
            Self::NotRun { title } => write!(f, "{title} is not a run"),
            Self::Ambiguous { text, candidates } => {
                write!(f, "'{text}' may be any of {}; name one of them so", candidates.join(", "))
            }
        }
    }
}
