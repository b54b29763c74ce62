//! `reproducibility/unpinned-dependency`

use super::is_pinned;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Words;
use crate::yaml::{NodeId, ScalarType};

declare_rule! {
    /// A package that a model needs must be named with its exact version.
    ///
    /// A model trained with one version of a library can fail to load with the next, or load and give other numbers, which is worse.
    /// `torch>=1.0` and `torch` mean another environment on every day that it is built. The version that the training ran with is known;
    /// record it.
    ///
    /// The rule checks lists and maps called `requirement`, `requirements`, `dependencies`, `packages`, `pip` or `conda`, in the notation
    /// of pip and of conda (`numpy==2.0.0`, `numpy=2.0.0`), and the `version` of a framework or runtime, which must not be a range or a
    /// word such as `latest`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: metadata
    /// mlSpecVersion: 0.1.0
    /// framework:
    ///   name: pytorch
    ///   version: 2.4.0
    ///   requirement: {numpy: ">=1.20", pandas: 2.2.2}
    /// ```
    ///
    /// ```yaml
    /// kind: metadata
    /// mlSpecVersion: 0.1.0
    /// framework:
    ///   - name: pytorch
    ///   - requirement:
    ///       - torchvision
    ///       - numpy: 2.0.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: metadata
    /// mlSpecVersion: 0.1.0
    /// framework:
    ///   name: pytorch
    ///   version: 2.4.0
    ///   requirement:
    ///     - torchvision==0.19.0
    ///     - numpy: 2.0.0
    /// ```
    pub UNPINNED_DEPENDENCY = {
        id: "reproducibility/unpinned-dependency",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "model_packaging/README.md, “config (conda env, base docker image, … )”; metadata_file/metadata.yaml, requirement",
        kinds: [Metadata, Model, ModelCard, ModuleVersion],
        check: Any(check),
    }
}

const LISTS: &[&str] = &[
    "requirement",
    "requirements",
    "dependencies",
    "packages",
    "pip",
    "conda",
    "conda_dependencies",
    "pip_dependencies",
];

/// Words such that every name in [`LISTS`] contains one, and the name of the field that holds versions of frameworks.
static HINTS: Words = Words::new(&["requirement", "dependencies", "packages", "pip", "conda", "framework"]);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for Dependency { node, name, .. } in dependencies(cx).filter(|dependency| !dependency.is_exact) {
        if !cx.is_faulty(node) {
            let message = format!("the dependency '{name}' has no exact version");
            out.push(
                cx.at_value(&UNPINNED_DEPENDENCY, node, message).help("write the version that the training ran with"),
            );
        }
    }
}

/// A package that a document requires.
pub(in crate::rules) struct Dependency<'a> {
    /// The value that names it or its version.
    pub node: NodeId,
    /// Its name, or all of it as in `torch==2.4.0`.
    pub name: &'a str,
    is_exact: bool,
}

/// Returns the packages that a document requires, in the order of the text.
fn dependencies<'c, 'a>(cx: &'c Context<'a>) -> impl Iterator<Item = Dependency<'a>> + use<'c, 'a> {
    let scalars = may_require(cx).then(|| cx.scalars());
    scalars.into_iter().flatten().filter_map(|node| dependency(cx, node))
}

/// Whether a document may require packages: it contains the words that name them.
pub(in crate::rules) fn may_require(cx: &Context<'_>) -> bool {
    cx.may_have(&HINTS)
}

/// Returns what a value of a document that [may require](may_require) packages requires; `None` if it is not a dependency.
pub(in crate::rules) fn dependency<'a>(cx: &Context<'a>, node: NodeId) -> Option<Dependency<'a>> {
    package(cx, node).map(|(name, is_exact)| Dependency { node, name, is_exact })
}

/// Returns the package that a value names, and whether the version is exact. `None` if the value is not a dependency.
fn package<'a>(cx: &Context<'a>, node: NodeId) -> Option<(&'a str, bool)> {
    let tree = cx.tree;
    let key = cx.key_name(node);
    if LISTS.contains(&key) {
        // An item of the list: `torch==2.4.0`. A single value under the key may be a file, and is not checked.
        if cx.key_of(node).is_some() {
            return None;
        }
        let text = tree.string(node)?.trim();
        let is_package = text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !text.contains("://")
            && !text.contains(['$', '{']);
        return is_package.then(|| (text, is_exact(text)));
    }
    if key == "version" && is_of_framework(cx, node) {
        let text = tree.string(node)?.trim();
        return Some((text, !is_range(text)));
    }
    // An entry of the map, or of an item of the list: `torch: 2.4.0`.
    let mapping = cx.parent(node)?;
    let owner = cx.key_of(mapping).or_else(|| cx.key_of(cx.parent(mapping)?))?;
    if !LISTS.contains(&tree.key_name(owner)) || LISTS.contains(&key) || key.starts_with("x-") {
        return None;
    }
    let text = tree.text(node)?;
    let is_number = matches!(tree.scalar_type(node)?, ScalarType::Integer | ScalarType::Float);
    let is_later = text.contains(['$', '{', '<']) && !text.starts_with('<')
        || text.contains("://")
        || text.starts_with(['.', '/']);
    Some((key, is_later || is_number || is_version(text)))
}

/// Whether a value stands in a framework or a runtime.
fn is_of_framework(cx: &Context<'_>, node: NodeId) -> bool {
    matches!(cx.keys_above(node).nth(1), Some("framework" | "runtimes"))
}

/// Whether a version says itself that it may be any of several.
fn is_range(version: &str) -> bool {
    let is_word =
        ["any", "latest", "main", "master", "nightly", "stable"].iter().any(|word| word.eq_ignore_ascii_case(version));
    is_word || version.starts_with(['>', '<', '^', '~', '!']) || version.contains(['*', ',']) || version.ends_with(".x")
}

/// Whether a text in the notation of pip or of conda names one version.
fn is_exact(text: &str) -> bool {
    let is_conda = text.split_once('=').is_some_and(|(_, version)| {
        version.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(['>', '<', '~', '!', '*'])
    });
    is_conda || is_pinned(text)
}

/// Whether a text is one version: `2.4.0`, `==2.4.0`, `v2`, `0.3.post19`; not `>=2`, `^2`, `2.*`, `latest`.
fn is_version(text: &str) -> bool {
    let version = text.trim().trim_start_matches('=').trim_start().trim_start_matches(['v', 'V']);
    version.starts_with(|c: char| c.is_ascii_digit())
        && !version.contains(['*', ',', '>', '<', '|', ' '])
        && !version.ends_with(".x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_versions_are_told_from_ranges() {
        for text in [
            "torch==2.4.0",
            "torch === 2.4.0",
            "numpy=2.0.0",
            "numpy=2.0.0=py312_0",
            "credit @ https://a/b.whl",
            "torch==2.4.0 ; python_version > '3'",
        ] {
            assert!(is_exact(text), "{text}");
        }
        for text in
            ["torch", "torch>=1.0", "torch~=1.0", "torch==1.*", "torch<2", "numpy=2.*", "torch>=1,==1.0", "torch[cuda]"]
        {
            assert!(!is_exact(text), "{text}");
        }
        for text in ["2.4.0", "==2.4.0", "v2", "0.3.post19"] {
            assert!(is_version(text), "{text}");
        }
        for text in ["", ">=2", "^2", "~2.1", "2.*", "latest", "*", "1.x", "1.0,<2"] {
            assert!(!is_version(text), "{text}");
        }
    }

    #[test]
    fn the_version_of_a_framework_is_one() {
        let about = |version: &str| {
            let text = format!(
                "kind: model\nmlSpecVersion: 0.1.0\nname: m\nmodel_identifier: m\nlicense: MIT\nframework:\n  name: pytorch\n  \
                 version: \"{version}\"\n  runtimes: {{name: python, version: \"{version}\"}}\n"
            );
            let own =
                crate::rules::testing::found(&text).into_iter().filter(|(rule, ..)| *rule == UNPINNED_DEPENDENCY.id);
            own.count()
        };
        for version in ["latest", ">=2.0", "2.*", "~2.1", "2.x", "Stable", "2.0,<3"] {
            assert_eq!(about(version), 2, "{version}");
        }
        for version in ["2.4.0", "2", "1.10", "2.4.0+cu121", "3.11", "${VERSION}", "2024b"] {
            assert_eq!(about(version), 0, "{version}");
        }
    }
}
