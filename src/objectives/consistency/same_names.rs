//! The names of datasets and definitions in two states of a document of objectives, so that a new word for the same thing is the same.

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest as _, Sha256};

use crate::objectives::hir::{Condition, DefinitionId, Value, ValueKind};
use crate::objectives::interval::range::{Ranges, written};
use crate::objectives::policy::{Policy, PolicyDataset};

/// What precedes the position of a metric, a definition or a dataset in the name of a subject.
const METRIC: &str = "metric";
const DEFINITION: &str = "definition";
const DATASET: &str = "@";

/// What the datasets and definitions of a document are called in a comparison, by position.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) datasets: Vec<String>,
    pub(super) definitions: Vec<String>,
    /// Digests of what definitions compute, in which no name of a dataset or definition occurs.
    meanings: Vec<Option<String>>,
}

impl Names {
    /// Returns the names in the earlier document: its own.
    pub(super) fn own(policy: &Policy) -> Self {
        let datasets = policy.datasets.iter().map(|dataset| dataset.name.clone()).collect();
        let definitions = policy.definitions.iter().map(|definition| definition.name.clone()).collect();
        let mut names = Self { datasets, definitions, meanings: Vec::new() };
        names.meanings = meanings(policy, &names);
        names
    }

    /// Returns the names in the document now. What has another name, but is what a name of the earlier document was that is gone, has the
    /// earlier one.
    pub(super) fn since(policy: &Policy, former: &Policy, before: &Self) -> Self {
        let mut names = Self::own(policy);
        let declared = |dataset: &PolicyDataset| {
            let reference = dataset.reference.as_ref().map(|(text, _)| text.trim().to_lowercase());
            reference.is_some().then(|| format!("{reference:?} {:?}", dataset.stage))
        };
        let own = policy.datasets.iter().map(declared).collect::<Vec<_>>();
        names.datasets = renamed(names.datasets, &own, &before.datasets, former.datasets.iter().map(declared));
        names.meanings = meanings(policy, &names);
        let own = std::mem::take(&mut names.definitions);
        names.definitions = renamed(own, &names.meanings, &before.definitions, before.meanings.iter().cloned());
        names
    }

    /// Returns the definition that a condition names, now and before, and that computes something else now. Numbers are compared as such.
    pub(super) fn redefined<'n>(
        &'n self,
        before: &Self,
        (own, ranges): (&Condition, &Ranges),
        (former, former_ranges): (&Condition, &Ranges),
    ) -> Option<&'n str> {
        let computed: FxHashMap<&str, (Option<&String>, bool)> = definitions_in(former)
            .filter_map(|(id, value)| {
                let is_number = former_ranges.value(value).single().is_some();
                Some((before.definitions.get(id)?.as_str(), (before.meanings.get(id)?.as_ref(), is_number)))
            })
            .collect();
        definitions_in(own).find_map(|(id, value)| {
            let name = self.definitions.get(id)?;
            let (former, was_number) = computed.get(name.as_str())?;
            let are_numbers = *was_number && ranges.value(value).single().is_some();
            (!are_numbers && self.meanings.get(id)?.as_ref() != *former).then_some(name.as_str())
        })
    }

    /// Replaces the positions of metrics, definitions and datasets in the name of a subject by names. Quoted parts stay.
    pub(super) fn in_subject(&self, subject: &str, policy: &Policy) -> String {
        replaced(subject, &|what, position| match what {
            METRIC => policy.metrics.get(position).map(|metric| metric.name.as_str()),
            DEFINITION => self.definitions.get(position).map(String::as_str),
            _ => self.datasets.get(position).map(String::as_str),
        })
    }
}

/// Returns the definitions that a condition names, each with the value that names it.
fn definitions_in(condition: &Condition) -> impl Iterator<Item = (DefinitionId, &Value)> {
    let parts =
        condition.claims().into_iter().flat_map(|claim| claim.values().flat_map(Value::parts).collect::<Vec<_>>());
    parts.filter_map(|part| match part.kind {
        ValueKind::Definition(id) => Some((id, part)),
        _ => None,
    })
}

/// Returns names with those of the earlier document for what is the same, has another name, and whose former name is gone. What two
/// declarations of one document say alike stays as it is.
fn renamed(
    names: Vec<String>,
    declared: &[Option<String>],
    former_names: &[String],
    former: impl Iterator<Item = Option<String>>,
) -> Vec<String> {
    let used: FxHashSet<&String> = names.iter().collect();
    let known: FxHashSet<&String> = former_names.iter().collect();
    let mut gone: FxHashMap<String, Option<&String>> = FxHashMap::default();
    for (name, declared) in former_names.iter().zip(former).filter(|(name, _)| !used.contains(name)) {
        let Some(declared) = declared else { continue };
        gone.entry(declared).and_modify(|name| *name = None).or_insert(Some(name));
    }
    let mut taken: FxHashSet<&String> = FxHashSet::default();
    let mut result = Vec::with_capacity(names.len());
    for (name, declared) in names.iter().zip(declared) {
        let former = declared.as_ref().filter(|_| !known.contains(name)).and_then(|own| *gone.get(own)?);
        result.push(former.filter(|former| taken.insert(*former)).unwrap_or(name).clone());
    }
    result
}

/// Returns digests of what the definitions of a document compute. A definition that names others has their digests in its own, so that
/// the text does not grow with each of them; `None` for one that has faults.
fn meanings(policy: &Policy, names: &Names) -> Vec<Option<String>> {
    let mut known: Vec<Option<String>> = vec![None; policy.definitions.len()];
    let mut open: Vec<DefinitionId> = (0..policy.definitions.len()).rev().collect();
    let mut entered = vec![false; policy.definitions.len()];
    while let Some(id) = open.last().copied() {
        let value = policy.definitions.get(id).and_then(|definition| definition.value.as_ref());
        let is_done = known.get(id).is_none_or(Option::is_some);
        let (Some(value), false) = (value, is_done) else {
            open.pop();
            continue;
        };
        let named = value.parts().into_iter().filter_map(|part| match part.kind {
            ValueKind::Definition(other) => Some(other),
            _ => None,
        });
        let is_entered = entered.get_mut(id).is_none_or(|entered| std::mem::replace(entered, true));
        if !is_entered {
            let missing: Vec<_> = named.filter(|other| known.get(*other).is_some_and(Option::is_none)).collect();
            open.extend(missing);
            continue;
        }
        open.pop();
        let text = replaced(&written(value, None), &|what, position| match what {
            METRIC => policy.metrics.get(position).map(|metric| metric.name.as_str()),
            DEFINITION => known.get(position)?.as_deref(),
            _ => names.datasets.get(position).map(String::as_str),
        });
        let digest = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        if let Some(own) = known.get_mut(id) {
            *own = Some(digest);
        }
    }
    known
}

/// Replaces the positions of metrics, definitions and datasets in the name of a subject, since another document may declare them in another
/// order. Quoted parts stay.
fn replaced<'n>(subject: &str, name_of: &dyn Fn(&str, usize) -> Option<&'n str>) -> String {
    let mut text = String::with_capacity(subject.len());
    let mut rest = subject;
    let mut is_quoted = false;
    while let Some(next) = rest.chars().next() {
        let numbered = [METRIC, DEFINITION, DATASET].into_iter().filter(|_| !is_quoted).find_map(|word| {
            let tail = rest.strip_prefix(word)?;
            let digits = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (id, tail) = tail.split_at_checked(digits)?;
            Some((word, name_of(word, id.parse().ok()?)?, tail))
        });
        if let Some((word, name, tail)) = numbered {
            text.push_str(&format!("{word}{name:?}"));
            rest = tail;
            continue;
        }
        let width = match next {
            '\\' if is_quoted => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            _ => next.len_utf8(),
        };
        is_quoted ^= next == '"';
        let (head, tail) = rest.split_at_checked(width).unwrap_or((rest, ""));
        text.push_str(head);
        rest = tail;
    }
    text
}
