//! The files and folders that steps read and write.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::{Graph, GraphEdge, StepId};
use crate::yaml::NodeId;

/// The field that holds a path.
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
    /// The path as written.
    pub text: &'t str,
}

/// Two places that write the same path: indices into [`Graph::writes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The earlier place.
    pub first: usize,
    /// The later place.
    pub again: usize,
}

/// Normalizes a path: `./data//loans.csv` and `data/x/../loans.csv` become `data/loans.csv`, `data/` becomes `data`.
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

/// Returns whether a normalized path is a folder, or inside it.
#[must_use]
pub fn is_within(path: &str, folder: &str) -> bool {
    match folder {
        "" => is_below_root(path),
        "/" => path.starts_with('/'),
        _ => path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    }
}

/// Returns whether a normalized path is inside the folder that relative paths start from.
fn is_below_root(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or("");
    !path.starts_with('/') && first != ".." && !first.ends_with(':')
}

/// The maximum number of parent folders that are considered.
const DEEPEST: usize = 64;

/// Returns the folders that contain a normalized path, innermost first; the last one is where relative paths start, or the root.
pub fn folders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(folder_of(path), |folder| folder_of(folder)).take(DEEPEST)
}

fn folder_of(path: &str) -> Option<&str> {
    match path.rfind('/') {
        Some(0) => (path.len() > 1).then_some("/"),
        Some(slash) => path.get(..slash),
        None => (!path.is_empty() && is_below_root(path)).then_some(""),
    }
}

/// Orders paths so that a folder is followed by everything inside it.
#[must_use]
pub fn by_folder(a: &str, b: &str) -> Ordering {
    // Paths outside of the project come last, so that everything inside it follows its folder.
    let place = |path: &str| (!is_below_root(path), !path.is_empty());
    place(a).cmp(&place(b)).then_with(|| a.split('/').cmp(b.split('/')))
}

/// The maximum number of edges between folders and their contents; further ones are left out. A thousand steps that read a folder into
/// which a thousand others write would have a million.
const MOST_EDGES: usize = 100_000;

/// Collects the paths of all steps.
#[derive(Default)]
pub(super) struct Paths<'t> {
    pub reads: Vec<PathUse<'t>>,
    pub writes: Vec<PathUse<'t>>,
}

/// The steps that write a path.
struct Writers {
    /// The step that is known to write it: the innermost of nested steps.
    writer: usize,
    /// The last one that writes it in addition, so that a step and the one around it are reported once.
    other: Option<usize>,
}

impl<'t> Paths<'t> {
    pub fn add(&mut self, path: PathUse<'t>) {
        match path.role {
            PathRole::Dep => self.reads.push(path),
            PathRole::Out | PathRole::Output => self.writes.push(path),
        }
    }

    /// Adds an edge from the step that writes a path to each step that reads it, a folder that contains it, or anything inside it. A path
    /// written by several steps implies no order, since it is ambiguous which of them is meant; neither does reading the
    /// folder of the whole project. Returns the paths that are written twice.
    pub fn connect(
        &self,
        graph: &Graph<'t>,
        edges: &mut Vec<GraphEdge<'t>>,
        edge: impl Fn(&PathUse<'t>, &PathUse<'t>, &'t str) -> GraphEdge<'t>,
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
                        // The two forms of an output may be combined.
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
        let mut written: Vec<(&str, &Writers)> = writers.iter().map(|(path, writers)| (&**path, writers)).collect();
        written.sort_unstable_by(|(a, _), (b, _)| by_folder(a, b));
        let mut connect = |read: &PathUse<'t>, writers: &Writers, is_same: bool| {
            let Writers { writer, other: None } = writers else { return };
            let writer = &self.writes[*writer];
            if !graph.are_nested(writer.step, read.step) {
                edges.push(edge(writer, read, if is_same { read.text } else { writer.text }));
            }
        };
        let mut left = MOST_EDGES;
        for read in &self.reads {
            let path = normal(read.text);
            if let Some(writers) = writers.get(&path) {
                connect(read, writers, true);
            } else if let Some(writers) = folders(&path).find_map(|folder| writers.get(folder)) {
                connect(read, writers, false);
            } else if !path.is_empty() {
                let first = written.partition_point(|(other, _)| by_folder(other, &path).is_lt());
                let inside = written.iter().skip(first).take_while(|(other, _)| is_within(other, &path)).take(left);
                for (_, writers) in inside {
                    left -= 1;
                    connect(read, writers, false);
                }
            }
        }
        clashes
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::{by_folder, folders, is_within, normal};

    #[test]
    fn only_whole_names_make_a_folder() {
        for (path, folder) in
            [("work/models/model.txt", "work"), ("work", "work"), ("work", ""), ("/work/a", "/"), ("/work/a", "/work")]
        {
            assert!(is_within(path, folder), "{path} {folder}");
            assert!(path == folder || folders(path).any(|own| own == folder), "{path} {folder}");
            assert_ne!(by_folder(folder, path), Ordering::Greater, "{path} {folder}");
        }
        for (path, folder) in
            [("workshop/model.txt", "work"), ("/work/model.txt", "work"), ("/work", ""), ("../a", ""), ("s3:/b/k", "")]
        {
            assert!(!is_within(path, folder), "{path} {folder}");
            assert!(!folders(path).any(|own| own == folder), "{path} {folder}");
        }
    }

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
