//! `naming/invalid-bucket-or-path`

use super::is_given_later;
use crate::diagnostics::{Fix, Severity};
use crate::documents::Kind;
use crate::documents::spelling::same_words;
use crate::rules::document::is_free;
use crate::rules::reference::path_escapes_workspace::is_absolute;
use crate::rules::{Bytes, Context, Findings, declare_rule};
use crate::text::Words;
use crate::yaml::{NodeId, edit};

declare_rule! {
    /// A bucket must have a valid name, and a path no `//`, space or `..`, and no leading `/` if relative.
    ///
    /// Object stores refuse a bucket name that is not 3 to 63 lower-case letters, digits, `.`, `-` and `_` (222 with dots in it), beginning
    /// and ending with a letter or digit: an error. Problems in paths are warnings. In an object store `assets//schema.json` is another
    /// object than `assets/schema.json`; a space splits a path in two in many commands (it is accepted in the paths of your own machine,
    /// such as `servable_model_local`); and a `RelativePath` that begins with `/` is relative to nothing. So is one that is a URI, and a
    /// path of a Windows machine (`C:\loans`, or with `\` between its parts) is not found on any other machine. An object store does not
    /// resolve `..`: it does not find `b` under `a/../b`. URLs in other fields and values with a placeholder (`${…}`, `{{…}}`) are not
    /// checked.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: Credit_Lake
    /// ```
    ///
    /// ```yaml
    /// kind: datapath
    /// mlSpecVersion: 0.1.0
    /// DataStore: credit-lake
    /// RelativePath: /loans//2026-08.csv
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ---
    /// kind: datapath
    /// mlSpecVersion: 0.1.0
    /// DataStore: credit-lake
    /// RelativePath: loans/2026-08.csv
    /// ```
    ///
    /// ## Fix
    /// `--fix` removes the superfluous slashes of a path. `--unsafe-fixes` also replaces `\` with `/`, and removes `..` together with the
    /// folder before it.
    pub INVALID_BUCKET_OR_PATH = {
        id: "naming/invalid-bucket-or-path",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "data/datapath.md, RelativePath; model_packaging/model_onnx_conversion.yaml, “2.0/assets//input_schema.json”",
        kinds: [],
        check: Any(check),
    }
}

/// A filter: most documents name no bucket.
static BUCKET: Words = Words::new(&["bucket"]);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.may_have(&BUCKET) {
        for (node, text) in cx.strings().filter(|(node, _)| is_bucket(cx, *node)) {
            check_bucket(text, node, cx, out);
        }
    }
    for (node, text) in cx.strings_with(Bytes::BACKSLASH | Bytes::COLON) {
        let Some(key) = cx.key_of(node).map(|key| cx.tree.key_name(key)) else { continue };
        let is_relative = same_words(key, "RelativePath");
        if (is_relative || matches!(key, "path" | "location"))
            && let Some((problem, right)) = foreign(text, is_relative)
            && cx.kind != Kind::Datastore
            && !is_exempt(text, node, cx)
            && !is_local(cx, node)
            && !is_file_of_step(text, node, cx)
        {
            let finding = cx.at_value(&INVALID_BUCKET_OR_PATH, node, format!("the path in '{key}' {problem}"));
            let help = match &right {
                Some(right) => format!("write '{right}'"),
                None => "name the datastore, and the path in it".to_owned(),
            };
            let is_local = is_relative && right.is_none() && !text.contains("://");
            let edits = right.and_then(|right| Some((edit::replace_scalar(cx.tree, node, &right)?, right)));
            let fix = edits.map(|(edits, right)| Fix::needs_review(format!("use '{right}'"), edits));
            // The path cannot be found on any other machine.
            let severity = if is_local { Severity::Error } else { Severity::Warning };
            out.push(finding.severity(severity).help(help).fix(fix));
        }
    }
    let may_be_odd = |text: &str| text.starts_with('/') || is_odd_path(text) || has_dots(text);
    for (node, text) in cx.strings_with(Bytes::SLASH | Bytes::SPACE).filter(|(_, text)| may_be_odd(text)) {
        let Some(key) = cx.key_of(node).map(|key| cx.tree.key_name(key)).filter(|key| *key != "bucket") else {
            continue;
        };
        let is_relative = same_words(key, "RelativePath");
        let is_suspect = is_relative || (is_odd_path(text) && (key == "path" || is_file_path(cx, node)));
        // The exemption is checked last, since that visits all ancestors of the value.
        if is_suspect && !text.contains("://") && !is_exempt(text, node, cx) {
            check_path(key, text, is_relative, node, cx, out);
        }
    }
}

fn is_bucket(cx: &Context<'_>, node: NodeId) -> bool {
    cx.key_of(node).is_some_and(|key| cx.tree.key_name(key) == "bucket")
}

fn check_bucket(name: &str, node: NodeId, cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Some(problem) = bucket_problem(name).filter(|_| !is_exempt(name, node, cx)) {
        let message = format!("{} is not a valid bucket name: {problem}", cx.shown(node));
        out.push(cx.at_value(&INVALID_BUCKET_OR_PATH, node, message));
    }
}

/// Whether a value is filled in later, has a finding already, or is free-form.
fn is_exempt(text: &str, node: NodeId, cx: &Context<'_>) -> bool {
    is_given_later(text) || cx.is_faulty(node) || is_free(cx, node)
}

/// Whether a path is an absolute one in the `deps` or `outs` of a step, which another rule reports.
fn is_file_of_step(text: &str, node: NodeId, cx: &Context<'_>) -> bool {
    let is_listed = || matches!(cx.keys_above(node).nth(1), Some("deps" | "outs"));
    cx.kind == Kind::Pipeline && is_absolute(text) && is_listed()
}

/// Describes what is wrong with a path in Windows notation, or with a URI where a path is expected, and returns the correct form if it is
/// known.
fn foreign(text: &str, is_relative: bool) -> Option<(&'static str, Option<String>)> {
    let bytes = text.as_bytes();
    let has_drive = matches!(bytes, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    if has_drive || text.starts_with("\\\\") {
        return Some(("is a path on a Windows machine", None));
    }
    if text.contains("://") {
        return is_relative.then_some(("is a URI, not a path in the datastore", None));
    }
    // A backslash before anything but a name is an escape.
    let parts = || text.split('\\').all(|part| !part.is_empty() && !part.starts_with([' ', '*', '.', '$', '(', '[']));
    (text.contains('\\') && parts()).then(|| ("has '\\' between its parts", Some(text.replace('\\', "/"))))
}

/// Whether a path contains `//` or white space.
fn is_odd_path(text: &str) -> bool {
    text.contains("//") || text.contains(char::is_whitespace)
}

/// Whether a value is one of the named paths of a model's `data_store_file_paths`.
fn is_file_path(cx: &Context<'_>, node: NodeId) -> bool {
    let Some(entry) = cx.parent(node) else { return false };
    let list = cx.parent(entry).and_then(|list| cx.key_of(list));
    let is_listed = list.is_some_and(|key| same_words(cx.tree.key_name(key), "data_store_file_paths"));
    is_listed && cx.key_name(node) != "name"
}

/// Describes what is wrong with the name of a bucket.
fn bucket_problem(name: &str) -> Option<String> {
    let longest = if name.contains('.') { 222 } else { 63 };
    let length = name.chars().count();
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    Some(if !name.chars().all(|c| is_alphanumeric(c) || matches!(c, '.' | '-' | '_')) {
        "use lower-case letters, digits, '.', '-' and '_'".to_owned()
    } else if !name.starts_with(is_alphanumeric) || !name.ends_with(is_alphanumeric) {
        "it must begin and end with a letter or digit".to_owned()
    } else if !(3..=longest).contains(&length) {
        format!("it has {length} characters, and must have 3 to {longest}")
    } else {
        return None;
    })
}

fn check_path(key: &str, path: &str, is_relative: bool, node: NodeId, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut warn = |problem: &str, fix: Option<Fix>| {
        let finding = cx.at_value(&INVALID_BUCKET_OR_PATH, node, format!("the path in '{key}' {problem}"));
        out.push(finding.severity(Severity::Warning).fix(fix));
    };
    let (root, rest) = path.split_at(path.len() - path.trim_start_matches('/').len());
    let is_rooted = is_relative && !root.is_empty();
    // Outside RelativePath, `//server/share` is a special kind of path.
    let is_doubled = rest.contains("//");
    if is_rooted || is_doubled {
        let normal = format!("{}{}", if is_relative { "" } else { root }, single_slashes(rest));
        let fix = edit::replace_scalar(cx.tree, node, &normal).map(|edits| Fix::safe(format!("use '{normal}'"), edits));
        let problem = match (is_rooted, is_doubled) {
            (true, true) => "begins with '/' and contains '//'",
            (true, false) => "begins with '/', but is relative",
            _ => "contains '//'",
        };
        warn(problem, fix.filter(|_| !normal.is_empty()));
    }
    // One that leads out of the datastore is another fault.
    if is_relative && let Some(normal) = without_dots(path.trim_start_matches('/')).filter(|_| has_dots(path)) {
        let edits = if normal.is_empty() { None } else { edit::replace_scalar(cx.tree, node, &normal) };
        let fix = edits.map(|edits| Fix::needs_review(format!("use '{normal}'"), edits));
        warn("has '..' in it, which a datastore does not resolve", fix);
    }
    if path.contains(char::is_whitespace) && !is_local(cx, node) {
        warn("contains a space", None);
    }
}

/// Whether a path is on the user's own machine (`servable_model_local` and the like), where spaces are common.
fn is_local(cx: &Context<'_>, node: NodeId) -> bool {
    let holder = cx.parent(node).and_then(|mapping| cx.key_of(mapping));
    holder.is_some_and(|key| cx.tree.key_name(key).ends_with("_local"))
}

/// Whether a part of a path is `..`.
fn has_dots(path: &str) -> bool {
    path.split('/').any(|part| part == "..")
}

/// The path without `.` and `..`; `None` if it leads out of the folder that it is relative to.
fn without_dots(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match part {
            ".." => drop(parts.pop()?),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn single_slashes(path: &str) -> String {
    let mut single = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !single.ends_with('/') {
            single.push(c);
        }
    }
    single
}

#[cfg(test)]
mod tests {
    use super::without_dots;
    use crate::rules::testing::found;

    #[test]
    fn a_path_of_one_machine_is_told_once() {
        for path in ["C:/x", r"C:\\x", r"\\\\server\\x"] {
            for files in ["deps", "outs"] {
                let text = format!(
                    "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nsteps: {{fit: {{cmd: fit, {files}: [{{path: \"{path}\"}}]}}}}\n"
                );
                let rules: Vec<_> = found(&text).into_iter().map(|(rule, ..)| rule).collect();
                assert_eq!(rules, ["reference/path-escapes-workspace"], "{path}");
            }
            let text = format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nsteps: {{fit: {{cmd: fit, outputs: {{o: {{path: \"{path}\"}}}}}}}}\n"
            );
            let rules: Vec<_> = found(&text).into_iter().map(|(rule, ..)| rule).collect();
            assert_eq!(rules, [super::INVALID_BUCKET_OR_PATH.id], "{path}");
        }
    }

    #[test]
    fn a_datastore_does_not_resolve_dots() {
        let about = |path: &str| {
            let text = format!("kind: datapath\nmlSpecVersion: 0.1.0\nDataStore: lake\nRelativePath: \"{path}\"\n");
            found(&text).into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>()
        };
        for path in ["b/../c", "a/b/../../c.csv", "a/..", "a/./../b"] {
            assert_eq!(about(path), [super::INVALID_BUCKET_OR_PATH.id], "{path}");
        }
        for path in ["..", "../a", "a/../../b"] {
            assert_eq!(about(path), ["reference/path-escapes-workspace"], "{path}");
        }
        for path in ["a..b/c", "a/...", "a/..b", "${run}/../a"] {
            assert_eq!(about(path), [""; 0], "{path}");
        }
        assert_eq!(without_dots("a/./b/../c").as_deref(), Some("a/c"));
        assert_eq!(without_dots("a/../../c"), None);
    }
}
