//! The files and folders that steps read and write.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::{Edge, Graph, StepId};
use crate::yaml::NodeId;

/// Which field holds a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathRole {
    /// `deps`: the step reads it.
    Dep,
    /// `outs`: the step writes it.
    Out,
    /// `path` of an output port: the step writes it.
    Output,
}

/// A path that a step reads or writes.
#[derive(Clone, Copy, Debug)]
pub struct PathUse<'t> {
    /// The step.
    pub step: StepId,
    /// The value.
    pub node: NodeId,
    /// The field.
    pub role: PathRole,
    /// The path as it is written.
    pub text: &'t str,
}

/// Two places that write the same path: positions in [`Graph::writes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The earlier place.
    pub first: usize,
    /// The later place.
    pub again: usize,
}

/// A path without what does not matter: `./data//loans.csv` and `data/x/../loans.csv` are `data/loans.csv`, `data/` is `data`.
#[must_use]
pub fn normal(path: &str) -> Cow<'_, str> {
    let is_odd = |part: &str| matches!(part, "" | "." | "..");
    let body = path.strip_prefix('/').unwrap_or(path);
    if !body.split('/').any(is_odd) {
        return Cow::Borrowed(path);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in body.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    Cow::Owned(format!("{root}{}", parts.join("/")))
}

/// Gathers the paths of all steps.
#[derive(Default)]
pub(super) struct Paths<'t> {
    pub reads: Vec<PathUse<'t>>,
    pub writes: Vec<PathUse<'t>>,
}

/// Who writes a path.
struct Writers {
    /// The step that is known to write it: the innermost of steps that hold each other.
    writer: usize,
    /// The last one that writes it besides that, so that a step and the one around it are reported once.
    other: Option<usize>,
}

impl<'t> Paths<'t> {
    pub fn add(&mut self, path: PathUse<'t>) {
        match path.role {
            PathRole::Dep => self.reads.push(path),
            PathRole::Out | PathRole::Output => self.writes.push(path),
        }
    }

    /// Adds an edge from the step that writes a path to each one that reads it. A path that several steps write says nothing about
    /// order, for nobody can tell which of them is meant. Gives what is written twice.
    pub fn connect(
        &self,
        graph: &Graph<'t>,
        edges: &mut Vec<Edge<'t>>,
        edge: impl Fn(&PathUse<'t>, &PathUse<'t>) -> Edge<'t>,
    ) -> Vec<Clash> {
        let mut writers: FxHashMap<Cow<'t, str>, Writers> = FxHashMap::default();
        let mut clashes = Vec::new();
        for (again, write) in self.writes.iter().enumerate() {
            match writers.entry(normal(write.text)) {
                Entry::Vacant(entry) => drop(entry.insert(Writers { writer: again, other: None })),
                Entry::Occupied(mut entry) => {
                    let known = entry.get_mut();
                    let first = self.writes[known.writer];
                    let is_inside = |outer: usize| graph.contains(self.writes[outer].step, write.step);
                    if first.step == write.step {
                        // The two forms of an output may stand side by side.
                        if first.role == write.role {
                            clashes.push(Clash { first: known.writer, again });
                        }
                    } else if graph.contains(first.step, write.step) {
                        known.writer = again;
                    } else if !known.other.is_some_and(is_inside) {
                        clashes.push(Clash { first: known.writer, again });
                        known.other = Some(again);
                    }
                }
            }
        }
        for read in &self.reads {
            let Some(Writers { writer, other: None }) = writers.get(&normal(read.text)) else { continue };
            let writer = &self.writes[*writer];
            if !graph.are_nested(writer.step, read.step) {
                edges.push(edge(writer, read));
            }
        }
        clashes
    }
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn paths_are_the_same_however_they_are_written() {
        for path in
            ["data/loans.csv", "./data/loans.csv", "data//loans.csv", "data/x/../loans.csv", "data/./loans.csv/"]
        {
            assert_eq!(normal(path), "data/loans.csv", "{path}");
        }
        assert_eq!(normal("/data/"), "/data");
        assert_eq!(normal("../../data"), "../../data");
        assert_eq!(normal("a/../.."), "..");
        assert_eq!(normal("./"), "");
    }
}
