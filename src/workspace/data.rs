//! The data that documents read: by digest, by location and by name.

use std::borrow::Cow;

use super::document::{DocumentFacts, Member, field};
use super::index::{DocId, IndexEntry};
use super::keys::Key;
use super::names::lower;
use super::view::{Resolution, Workspace};
use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::yaml::{NodeId, Tree};

/// Data that a document reads, and what is known about it.
#[derive(Clone, Debug)]
pub struct DataUse<'a> {
    /// Where the document names the data: the dataset, else the path, else the digest.
    pub node: NodeId,
    /// The dataset, if it is in the workspace.
    pub dataset: Option<DocId>,
    /// The reference to the dataset in lower case.
    pub reference: Option<Cow<'a, str>>,
    /// The digest as [`digest_key`] spells it: the recorded one, or else that of the dataset.
    pub digest: Option<Cow<'a, str>>,
    /// The location, as [`Workspace::place_of`] spells it: the recorded one, or else that of the dataset.
    pub place: Option<String>,
    /// Whether the location is that of the entire dataset, not one recorded in addition to it.
    pub is_whole: bool,
}

impl DataUse<'_> {
    /// Returns whether both are the same data. This is decided by the digests if both are known, else by the locations, else by the
    /// datasets.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        if let (Some(a), Some(b)) = (&self.digest, &other.digest)
            && algorithm(a) == algorithm(b)
        {
            return a == b;
        }
        if let (Some(a), Some(b)) = (&self.place, &other.place)
            && !(self.is_whole && other.is_whole)
        {
            return a == b;
        }
        let same_place = self.place.is_some() && self.place == other.place;
        match (self.dataset, other.dataset) {
            (Some(own), Some(other)) => own == other || same_place,
            _ => same_place || (self.reference.is_some() && self.reference == other.reference),
        }
    }
}

/// Returns a digest in the spelling that digests are compared in: in lower case, without surrounding blanks, and after the name of its
/// algorithm and a colon. 64 hexadecimal digits alone are SHA-256, and so are those after `sha256-` and `sha256=`.
#[must_use]
pub fn digest_key(digest: &str) -> Cow<'_, str> {
    let key = lower(digest.trim());
    let digits = key.strip_prefix("sha256").map_or(&*key, |rest| rest.trim_start_matches([':', '-', '=']).trim_start());
    let is_plain = key.strip_prefix("sha256:") == Some(digits);
    match digits.len() == 64 && !is_plain && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Cow::Owned(format!("sha256:{digits}")),
        false => key,
    }
}

/// Returns the part of a digest before the colon.
pub(super) fn algorithm(digest: &str) -> &str {
    digest.split_once(':').map_or("", |(name, _)| name)
}

impl DocumentFacts {
    /// Returns the digests of the content that the document is about, as [`digest_key`] spells them: of data, of the file of a model, of
    /// the models that a run made.
    pub(super) fn content_digests(&self) -> Vec<Cow<'_, str>> {
        let tree = &self.tree;
        let nodes: Vec<NodeId> = match self.kind {
            Kind::Model => field(tree, self.root, "modelDigest").into_iter().collect(),
            Kind::Run | Kind::PipelineRun => {
                let artifacts = field(tree, self.root, "artifacts").map_or(&[][..], |list| tree.items(list));
                artifacts.iter().filter_map(|item| field(tree, *item, "modelDigest")).collect()
            }
            _ => field(tree, self.root, "digest").into_iter().collect(),
        };
        nodes.into_iter().filter_map(|node| self.text(Some(node))).map(digest_key).collect()
    }
}

impl<'a> Workspace<'a> {
    /// Returns the data that a run, an evaluation or a test reads, or that are the sets of a split.
    #[must_use]
    pub fn data_read_by(self, id: DocId) -> Vec<DataUse<'a>> {
        let Some(member) = self.member(id) else { return Vec::new() };
        let tree = &member.tree;
        let listed =
            field(tree, member.root, "datasets").map_or(&[][..], |datasets| tree.items(tree.resolve(datasets)));
        let is_measured = matches!(member.kind, Kind::Evaluation | Kind::Test);
        let own = is_measured.then(|| self.data_use(member, member.root, "datasetDigest")).flatten();
        if member.kind == Kind::Split {
            let sets = field(tree, member.root, "sets").into_iter().flat_map(|sets| tree.entries(sets));
            return sets.filter_map(|set| self.data_use(member, set.value, "digest")).collect();
        }
        own.into_iter().chain(listed.iter().filter_map(|item| self.data_use(member, *item, "digest"))).collect()
    }

    /// Returns the data that one of a document's mappings describes, given the node of its dataset, path or digest.
    #[must_use]
    pub fn data_at(self, id: DocId, node: NodeId) -> Option<DataUse<'a>> {
        let member = self.member(id)?;
        let holder = member.tree.parent(node)?;
        self.data_use(member, holder, if holder == member.root { "datasetDigest" } else { "digest" })
    }

    /// Returns what is known about the data that a node names: a reference to a dataset, resolved to `dataset`, or a datapath.
    #[must_use]
    pub fn data_named(self, id: DocId, node: NodeId, dataset: Option<DocId>) -> Option<DataUse<'a>> {
        let member = self.member(id)?;
        let of_dataset = |name| {
            let dataset = self.member(dataset?)?;
            Some((dataset, field(&dataset.tree, dataset.root, name)?))
        };
        let digest = of_dataset("digest").and_then(|(dataset, node)| dataset.text(Some(node))).map(digest_key);
        let place = match dataset {
            Some(_) => of_dataset("location").and_then(|(dataset, node)| self.place_of(&dataset.tree, node)),
            None => self.place_of(&member.tree, node).filter(|_| member.tree.is_mapping(node)),
        };
        let reference = member.text(Some(node)).map(lower);
        Some(DataUse { node, dataset, reference, digest, place, is_whole: true })
    }

    /// Returns the data that a mapping describes with `dataset`, `path` and a digest.
    fn data_use(self, member: &'a Member, holder: NodeId, digest_field: &str) -> Option<DataUse<'a>> {
        let tree: &'a Tree = &member.tree;
        let own = |name| field(tree, holder, name).filter(|node| !tree.is_null(*node));
        let (dataset, path, digest) = (own("dataset"), own("path"), own(digest_field));
        let reference = dataset.and_then(|dataset| member.text(Some(dataset)));
        let found = reference.and_then(|reference| self.lookup(reference, &[Kind::Dataset]).found());
        let of_dataset = |name| {
            let dataset = self.member(found?)?;
            Some((dataset, field(&dataset.tree, dataset.root, name)?))
        };
        let digest_of = |(member, node): (&'a Member, NodeId)| member.text(Some(node)).map(digest_key);
        let recorded = path.and_then(|path| self.place_of(tree, path));
        Some(DataUse {
            node: dataset.or(path).or(digest)?,
            dataset: found,
            reference: reference.map(lower),
            digest: digest.map(|node| (member, node)).or_else(|| of_dataset("digest")).and_then(digest_of),
            is_whole: recorded.is_none(),
            place: recorded
                .or_else(|| of_dataset("location").and_then(|(dataset, node)| self.place_of(&dataset.tree, node))),
        })
    }

    /// Normalizes a location, so that all spellings are equal: a path or URI, or a datapath, whose datastore may be named by id or name.
    /// `None` for placeholders that are filled in later.
    #[must_use]
    pub fn place_of(self, tree: &Tree, node: NodeId) -> Option<String> {
        let text =
            |node| tree.text(node).map(str::trim).filter(|text| !text.is_empty() && !text.contains(['$', '{', '<']));
        if !tree.is_mapping(node) {
            let text = text(node)?;
            return Some(match text.split_once("://") {
                Some((scheme, rest)) => uri(&scheme.to_ascii_lowercase(), rest),
                None => normal(text),
            });
        }
        let store = text(field(tree, node, "DataStore")?)?;
        let store = match self.lookup(store, &[Kind::Datastore]) {
            Resolution::Found(found) => format!("#{}", found.index()),
            _ => store.to_lowercase(),
        };
        let within = |name| field(tree, node, name).and_then(text);
        let place = match within("RelativePath") {
            Some(path) => normal(path.trim_start_matches('/')),
            None => format!("?{}", within("Table").or_else(|| within("Query"))?),
        };
        Some(format!("{store}:/{place}"))
    }

    /// Returns where evaluations, tests and runs read data with a digest, recorded by them or by the dataset that they name.
    pub fn with_digest(self, digest: &str) -> impl Iterator<Item = (DocId, NodeId)> + use<'a> {
        self.entries(Key::Digest(&digest_key(digest))).iter().map(place_in)
    }

    /// Returns where evaluations, tests and runs read data at a location in the form of [`place_of`](Self::place_of).
    pub fn with_place(self, place: &str) -> impl Iterator<Item = (DocId, NodeId)> + use<'a> {
        self.entries(Key::Place(place)).iter().map(place_in)
    }

    /// Returns the documents of these kinds that are about the content with a digest, or made it.
    pub fn with_content_digest(self, kinds: &[Kind], digest: &str) -> impl Iterator<Item = DocId> {
        let digest = digest_key(digest);
        kinds.iter().flat_map(move |kind| self.entries(Key::ContentDigest(*kind, &digest))).map(|entry| entry.id)
    }

    /// Returns the number of examples that a dataset has, and the document and node that say so: its own or, where it says nothing, the one of
    /// a split, an ingestion, a transformation, a profile, or another dataset of the same digest that has the most.
    #[must_use]
    pub fn examples_of(self, dataset: DocId) -> Option<(u64, &'a Member, NodeId)> {
        let own = self.member(dataset)?;
        if let Some((count, node)) = count_of(own) {
            return Some((count, own, node));
        }
        let digest = own.content_digests().into_iter().next();
        let number = |id: DocId, holder: Option<NodeId>, name: &str, digest_name: &str| {
            let member = self.member(id)?;
            let holder = holder.unwrap_or(member.root);
            let stated = member.text(field(&member.tree, holder, digest_name)).map(digest_key);
            // What is said of other content is not said of this one.
            if stated.zip(digest.as_ref()).is_some_and(|(stated, own)| stated != *own) {
                return None;
            }
            let node = field(&member.tree, holder, name)?;
            Some((member.tree.text(node)?.parse::<u64>().ok()?, member, node))
        };
        let sets = self.referring_to(dataset, ReferenceRole::SplitSet, Kind::Split);
        let sets = sets.filter_map(|(id, reference)| {
            let holder = self.member(id)?.tree.parent(reference.node)?;
            number(id, Some(holder), "numExamples", "digest")
        });
        let records = [
            (Kind::Ingestion, "numWritten", "outputDigest"),
            (Kind::Transformation, "numWritten", "outputDigest"),
            (Kind::Profile, "rows", "datasetDigest"),
        ];
        let recorded = records.into_iter().flat_map(|(kind, name, digest_name)| {
            let of_kind = self.referring_to(dataset, ReferenceRole::RecordedData, kind);
            // A profile of a period is not one of all the data.
            let is_whole = |id: DocId| self.member(id).is_some_and(|member| !member.has("span"));
            of_kind.filter(move |(id, _)| is_whole(*id)).filter_map(move |(id, _)| number(id, None, name, digest_name))
        });
        let copies = digest.iter().flat_map(|digest| self.entries(Key::ContentDigest(Kind::Dataset, digest)));
        let copies = copies.filter_map(|entry| {
            let member = self.member(entry.id)?;
            count_of(member).map(|(count, node)| (count, member, node))
        });
        sets.chain(recorded).chain(copies).max_by_key(|(count, ..)| *count)
    }

    /// Returns whether any document of these kinds is about the content with a digest; `None` if none has a digest of the same algorithm.
    #[must_use]
    pub fn is_digest_of(self, kinds: &[Kind], digest: &str) -> Option<bool> {
        let digest = digest_key(digest);
        if kinds.iter().any(|kind| !self.entries(Key::ContentDigest(*kind, &digest)).is_empty()) {
            return Some(true);
        }
        let are_comparable = |kind: &Kind| !self.entries(Key::DigestAlgorithm(*kind, algorithm(&digest))).is_empty();
        kinds.iter().any(are_comparable).then_some(false)
    }
}

/// Returns the number of examples that a dataset says it has, and the node that says so.
#[must_use]
pub fn count_of(dataset: &Member) -> Option<(u64, NodeId)> {
    let node = field(&dataset.tree, dataset.root, "count")?;
    Some((dataset.tree.text(node)?.parse().ok()?, node))
}

fn place_in(entry: &IndexEntry) -> (DocId, NodeId) {
    (entry.id, NodeId::from_raw(entry.at))
}

/// Normalizes a URI (RFC 3986, section 6.2): the case of the host, and for the web the port, the fragment, and letters and digits that are
/// written as `%31`.
fn uri(scheme: &str, rest: &str) -> String {
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_lowercase();
    let port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return format!("{scheme}://{}", normal(&format!("{host}/{path}"))),
    };
    let path = path.split_once('#').map_or(path, |(path, _)| path);
    let host = host.strip_suffix(port).unwrap_or(&host);
    format!("{scheme}://{host}{}", normal(&format!("/{}", unescaped(path))))
}

/// Replaces escapes of letters, digits and `-._~`, which mean the same as these.
fn unescaped(path: &str) -> String {
    let mut parts = path.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from);
        match code.filter(|code| code.is_ascii_alphanumeric() || "-._~".contains(*code)) {
            Some(code) => {
                text.push(code);
                text.push_str(part.get(2..).unwrap_or_default());
            }
            None => {
                text.push('%');
                text.push_str(part);
            }
        }
    }
    text
}

/// Removes empty segments, `.`, and what `..` leads out of from a path.
fn normal(path: &str) -> String {
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            ("..", None) if !root.is_empty() => {}
            _ => parts.push(part),
        }
    }
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_location_are_equal() {
        let https = "https://data.contoso.com/h/1.0.0.parquet";
        for other in [
            "https://DATA.Contoso.com/h/1.0.0.parquet",
            "https://data.contoso.com:443/h/1.0.0.parquet",
            "https://data.contoso.com/h/%31.0.0.parquet",
            "https://data.contoso.com/h/1.0.0.parquet#a",
            "https://data.contoso.com/x/../h//./1.0.0.parquet",
        ] {
            let (_, rest) = other.split_once("://").unwrap();
            assert_eq!(uri("https", rest), https, "{other}");
        }
        for other in
            ["data.contoso.com:8443/h", "data.contoso.com/H", "data.contoso.com/h?v=2", "data.contoso.com/%2Fh"]
        {
            assert_ne!(uri("https", other), "https://data.contoso.com/h", "{other}");
        }
        assert_eq!(uri("s3", "Bucket/a/../b#1"), "s3://bucket/b#1");
        assert_eq!(normal("../a/./b/../c"), "../a/c");
        assert_eq!(normal("/../a"), "/a");
    }
}
