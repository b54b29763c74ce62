//! `reference/path-escapes-workspace`

use super::steps;
use crate::documents::field::{OneOrMany, Optional};
use crate::documents::pipeline::PathSpec;
use crate::documents::spelling::same_words;
use crate::documents::{Document, Kind};
use crate::rules::document::is_free;
use crate::rules::naming::is_given_later;
use crate::rules::{Bytes, Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A relative path must stay below the folder that it is relative to.
    ///
    /// A `RelativePath` is a path within its datastore, the `deps` and `outs` of a step are files of the project. A path that leaves it
    /// with `..`, or starts at the root of a machine, works for one person only, and lets whoever writes a document read or overwrite files
    /// that are not part of the project. The `given` file of a test of objectives is relative to its document, which may itself be in a
    /// folder, so only an absolute path is reported there. URLs and paths with a placeholder (`${…}`) are not checked.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datapath
    /// mlSpecVersion: 0.1.0
    /// DataStore: credit-lake
    /// RelativePath: loans/../../payroll/2026-08.csv
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python prepare.py
    ///     deps: [{path: ../other-project/loans.csv}, {path: prepare.py}]
    ///     outs:
    ///       path: /tmp/features.parquet
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datapath
    /// mlSpecVersion: 0.1.0
    /// DataStore: credit-lake
    /// RelativePath: loans/2026-08.csv
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     deps: [{path: src/../data/loans.csv}, {path: src/prepare.py}]
    ///     outs:
    ///       path: data/features.parquet
    /// ```
    pub PATH_ESCAPES_WORKSPACE = {
        id: "reference/path-escapes-workspace",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/datapath.md, RelativePath; pipelines/pipeline.yml, whose deps and outs are paths of the project",
        kinds: [],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (node, text) in cx.strings_with(Bytes::DOT) {
        // An absolute Windows path is not a path in the datastore at all, which another rule reports.
        if !text.contains("..") || is_windows_absolute(text) {
            continue;
        }
        let is_relative = cx.key_of(node).is_some_and(|key| same_words(cx.tree.key_name(key), "RelativePath"));
        if is_relative && !is_free(cx, node) {
            // Another rule reports the leading `/`, with a fix.
            report(text.trim_start_matches('/'), node, cx, out);
        }
    }
    for named in cx.member.named_files().iter().filter(|named| is_absolute(named.path)) {
        report(named.path, named.node, cx, out);
    }
    // Documents of other kinds are not deserialized for this.
    let typed = (cx.kind == Kind::Pipeline).then(|| cx.typed()).flatten();
    if let Some(Document::Pipeline(pipeline)) = typed {
        for step in steps(pipeline) {
            check_specs(&step.deps, cx, out);
            check_specs(&step.outs, cx, out);
        }
    }
}

fn check_specs(specs: &Optional<OneOrMany<PathSpec>>, cx: &Context<'_>, out: &mut Findings<'_>) {
    for (_, spec) in specs.get().into_iter().flat_map(OneOrMany::iter) {
        if let Some((path, node)) = spec.path.located() {
            report(path, node, cx, out);
        }
    }
}

fn report(path: &str, node: NodeId, cx: &Context<'_>, out: &mut Findings<'_>) {
    let problem = match () {
        () if path.contains("://") || is_given_later(path) || cx.is_faulty(node) => return,
        () if is_absolute(path) => "is an absolute path, but stands where a relative one is expected",
        () if climbs_out(path) => "leaves the folder that it is relative to",
        () => return,
    };
    let message = format!("{} {problem}", cx.shown(node));
    out.push(cx.at_value(&PATH_ESCAPES_WORKSPACE, node, message));
}

/// Whether a path starts at the root of a file system or at the home folder of a user, on any system.
pub(in crate::rules) fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path == "~" || path.starts_with("~/") || is_windows_absolute(path)
}

/// Whether a path is `C:\…`, `C:/…` or `\\server\…`.
fn is_windows_absolute(path: &str) -> bool {
    let is_drive = matches!(path.as_bytes(), [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic());
    is_drive || path.starts_with('\\')
}

/// Whether a path leaves the folder that it begins in at any point.
fn climbs_out(path: &str) -> bool {
    let mut depth = 0_usize;
    for part in path.split(['/', '\\']) {
        depth = match (part, depth) {
            ("" | ".", depth) => depth,
            ("..", 0) => return true,
            ("..", depth) => depth - 1,
            (_, depth) => depth + 1,
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_climbs_out_when_it_is_above_its_start_at_any_point() {
        for path in ["..", "../x", "a/../../b", "./../a", "a/b/../../../c/d", "..\\x", "a/../../a"] {
            assert!(climbs_out(path), "{path}");
        }
        for path in ["", "a", "a/..", "a/../b", "./a", "..a/b", "a..b", ".../a", "a//../b"] {
            assert!(!climbs_out(path), "{path}");
        }
    }

    #[test]
    fn paths_of_every_system_can_be_absolute() {
        for path in ["/etc/passwd", "~/loans.csv", "~", "C:\\loans.csv", "d:/loans.csv", "\\\\server\\share"] {
            assert!(is_absolute(path), "{path}");
        }
        for path in ["a/b", "c:", "~backup", "data:/x"] {
            assert!(!is_absolute(path), "{path}");
        }
    }
}
