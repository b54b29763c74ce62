//! `security/mutable-git-ref`

use super::is_command;
use crate::rules::{Bytes, Context, Findings, declare_rule};
use crate::text::Words;
use crate::yaml::NodeId;

declare_rule! {
    /// Code, models and data must be fetched from a commit, not from a branch.
    ///
    /// A branch is another commit tomorrow. Whoever can push to it decides what the next training runs and what the next server loads, and
    /// last month's result cannot be reproduced. A commit is the content itself; a tag is at least meant to stay.
    ///
    /// The rule checks what is fetched: sources and locations, runtime artifacts, code and data that a model comes from, the `commit` of a
    /// run, and commands (`git clone --branch main`, `pip install git+https://…` without a commit). Pages for people, such as `website` and
    /// `readme_url`, may well follow a branch.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// train:
    ///   trainable: false
    ///   model_source:
    ///     initial_model: {url: "https://raw.githubusercontent.com/contoso/credit/main/train.py"}
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   train:
    ///     cmd: pip install git+https://github.com/contoso/credit.git && python train.py
    /// ```
    ///
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// code: {repository: "https://github.com/contoso/credit", commit: main}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// train:
    ///   trainable: false
    ///   model_source:
    ///     initial_model:
    ///       url: https://raw.githubusercontent.com/contoso/credit/faa10b12141c57a72ad608ee776d3068a4459ce2/train.py
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   train:
    ///     cmd: pip install git+https://github.com/contoso/credit.git@v2.1.0 && python train.py
    /// ```
    pub MUTABLE_GIT_REF = {
        id: "security/mutable-git-ref",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, “Prove that the model you used was (a) not tampered with”; module_version: a git commit",
        kinds: [Dataset, Metadata, Model, ModelCard, ModuleVersion, Pipeline, PipelineRun, Run],
        check: Any(check),
    }
}

/// Names of branches that are not used for tags.
const BRANCHES: &[&str] =
    &["HEAD", "dev", "develop", "development", "edge", "gh-pages", "main", "master", "nightly", "staging", "trunk"];

/// Fields whose content is fetched.
const FETCHED: &[&str] = &[
    "codeAssets",
    "dataAssets",
    "dependencies",
    "location",
    "path",
    "repository",
    "requirement",
    "requirements",
    "snapshot_source",
    "source",
    "training_data_url",
    "url",
];

/// Fields that hold pages for people, whatever the names of the fields in them.
const PAGES: &[&str] = &["labels", "tags", "input_params", "metadata", "filter_categories"];

/// (host, path between the repository and the branch). The repository is one or more parts of the path.
const PLACES: &[(&str, &[&str])] = &[
    ("github.com", &["tree", "blob", "raw", "archive", "archive/refs/heads", "raw/refs/heads", "zipball", "tarball"]),
    ("raw.githubusercontent.com", &["", "refs/heads"]),
    ("codeload.github.com", &["zip", "tar.gz", "zip/refs/heads", "tar.gz/refs/heads"]),
    ("gitlab.com", &["-/tree", "-/blob", "-/raw", "tree", "blob", "raw"]),
    ("bitbucket.org", &["src", "raw", "get"]),
    ("huggingface.co", &["resolve", "tree", "blob", "raw"]),
];

/// A filter: most documents contain none of these.
static HINTS: Words = Words::new(&["git", "commit", "bitbucket.org", "huggingface.co"]);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !cx.may_have(&HINTS) {
        return;
    }
    for (node, name) in cx.strings().filter(|(_, text)| BRANCHES.contains(text)) {
        if cx.key_name(node) == "commit" {
            let message = format!("'commit' names the branch '{name}', which is another commit tomorrow");
            out.push(cx.at_value(&MUTABLE_GIT_REF, node, message).help("name a commit"));
        }
    }
    // A URL has a colon, and a command that clones has spaces.
    for (node, text) in cx.strings_with(Bytes::COLON | Bytes::SPACE) {
        if !may_be_fetched(text) || cx.is_faulty(node) || !(is_command(cx, node) || is_fetched(cx, node)) {
            continue;
        }
        let Some(message) = words(text).find_map(fault).or_else(|| cloned(text)) else { continue };
        out.push(cx.at_value(&MUTABLE_GIT_REF, node, message).help("name a commit"));
    }
}

/// Whether something may be fetched from a text. A single letter rules out most texts, and is faster to search for than a word.
fn may_be_fetched(text: &str) -> bool {
    let has = |letter, word| memchr::memchr(letter, text.as_bytes()).is_some() && text.contains(word);
    has(b'/', "://") || has(b'g', "git")
}

fn is_fetched(cx: &Context<'_>, node: NodeId) -> bool {
    let mut fetched = false;
    let is_page = cx.keys_above(node).any(|name| {
        fetched |= FETCHED.contains(&name) || name == "runtimeArtifacts";
        PAGES.contains(&name)
    });
    fetched && !is_page
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | ';' | '|' | ','))
        .filter(|word| !word.is_empty())
}

/// Describes what is wrong with a URL that is fetched.
fn fault(word: &str) -> Option<String> {
    if let Some(url) = word.split_once("git+").map(|(_, url)| url).filter(|url| url.contains("://")) {
        let url = url.split('#').next().unwrap_or(url);
        let (_, path) = url.split_once("://")?;
        let path = path.split_once('/')?.1;
        return match path.rsplit_once('@') {
            None => Some("a repository is installed without naming a commit".to_owned()),
            Some((_, name)) => {
                BRANCHES.contains(&name).then(|| format!("the branch '{name}' is installed, not a commit"))
            }
        };
    }
    let (_, rest) = word.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next().unwrap_or(host);
    let (_, markers) =
        PLACES.iter().find(|(own, _)| host.strip_prefix("www.").unwrap_or(host).eq_ignore_ascii_case(own))?;
    let parts: Vec<&str> = path.split(['?', '#']).next()?.split('/').take(12).collect();
    let name = markers.iter().find_map(|marker| branch(&parts, marker))?;
    Some(format!("the URL points at the branch '{name}' of a repository, not at a commit"))
}

/// Returns the branch after a marker that follows the repository: two parts, or more if groups are nested.
fn branch<'a>(parts: &[&'a str], marker: &str) -> Option<&'a str> {
    let marker: Vec<&str> = marker.split('/').filter(|part| !part.is_empty()).collect();
    let first = if marker.is_empty() { 2..3 } else { 2..parts.len() };
    first.into_iter().find_map(|at| {
        let (found, behind) = parts.get(at..)?.split_at_checked(marker.len())?;
        let name = behind.first().filter(|_| found == marker)?;
        // `main.zip`, `master.tar.gz`
        let name = name.trim_end_matches(".zip").trim_end_matches(".tar.gz");
        let is_said = marker.last() == Some(&"heads");
        (is_said || BRANCHES.contains(&name)).then_some(name)
    })
}

/// Describes the branch that a command clones or checks out by name.
fn cloned(text: &str) -> Option<String> {
    if !text.contains("git clone") {
        return None;
    }
    let words: Vec<&str> = words(text).collect();
    let named = words.windows(2).find(|pair| matches!(pair, ["-b" | "--branch", name] if BRANCHES.contains(name)))?;
    Some(format!("the branch '{}' is cloned, not a commit", named.last()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_told_from_commits_tags_and_repositories() {
        for (url, name) in [
            ("https://github.com/contoso/credit/blob/main/train.py", "main"),
            ("https://github.com/contoso/credit/archive/master.zip", "master"),
            ("https://github.com/contoso/credit/archive/refs/heads/my-branch.tar.gz", "my-branch"),
            ("https://raw.githubusercontent.com/contoso/credit/master/train.py", "master"),
            ("https://raw.githubusercontent.com/contoso/credit/refs/heads/x/train.py", "x"),
            ("https://gitlab.com/contoso/risk/credit/-/raw/main/train.py?inline=false", "main"),
            ("https://huggingface.co/contoso/credit/resolve/main/model.safetensors", "main"),
            ("git+https://github.com/contoso/credit.git@main#egg=credit", "main"),
        ] {
            assert!(fault(url).is_some_and(|message| message.contains(&format!("'{name}'"))), "{url}");
        }
        for url in ["git+https://github.com/contoso/credit.git", "git+ssh://git@github.com/contoso/credit.git"] {
            assert!(fault(url).is_some_and(|message| message.contains("without naming")), "{url}");
        }
        for url in [
            "https://github.com/contoso/credit",
            "https://github.com/contoso/credit.git",
            "https://github.com/contoso/main",
            "https://github.com/contoso/credit/blob/v2.1.0/main/train.py",
            "https://github.com/contoso/credit/releases/download/v1/main.zip",
            "https://raw.githubusercontent.com/contoso/main/faa10b12141c57a72ad608ee776d3068a4459ce2/train.py",
            "https://raw.githubusercontent.com/contoso/credit",
            "https://huggingface.co/contoso/main/resolve/v1/model.onnx",
            "git+https://github.com/contoso/credit.git@v2.1.0",
            "git+ssh://git@github.com/contoso/credit.git@faa10b1",
            "https://example.com/contoso/credit/blob/main/x",
            "git@github.com:contoso/credit.git",
            "main",
            "",
        ] {
            assert_eq!(fault(url), None, "{url}");
        }
        assert!(cloned("git clone -b main https://github.com/contoso/credit").is_some());
        assert_eq!(cloned("git clone --branch v2.1.0 https://github.com/contoso/credit"), None);
    }
}
