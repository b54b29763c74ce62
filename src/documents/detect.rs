//! Which kind a document is, and how one can tell.

use std::fmt;
use std::sync::OnceLock;

use super::clues::{CLUES, Clue, TEMPLATE_SECTIONS};
use super::formats::{Format, Sign};
use super::kind::Kind;
use super::shape::{Prepared, Shape, matches};
use crate::yaml::{NodeId, Tree};

/// What a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A document of this kind.
    Kind(Kind),
    /// A template of this kind: it lists attribute names, not values.
    Template(Kind),
    /// A document of the Python library `mlspeclib`, with its type and version.
    Library {
        /// `schema_type`.
        schema_type: String,
        /// `schema_version`.
        schema_version: String,
    },
    /// An MLSpec document, but these kinds fit equally well, or none does.
    Unclear(Vec<Kind>),
    /// An MLSpec document whose `kind` names no kind; the nearest that does.
    UnknownKind(Option<&'static str>),
    /// A document of another format, which is left alone.
    Neighbour(Format),
    /// A list or a scalar.
    NotAMapping,
    /// Something else.
    Other,
}

/// A verdict and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// What the document is.
    pub verdict: Verdict,
    /// What a person is told about it.
    pub evidence: Vec<Evidence>,
}

/// One reason for a verdict; displays as a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The document has these keys, as the clues write them.
    Keys(Vec<&'static str>),
    /// Anything else.
    Said(String),
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys(keys) => f.write_str(&has_keys(keys)),
            Self::Said(clause) => f.write_str(clause),
        }
    }
}

impl Detection {
    fn new(verdict: Verdict, evidence: impl Into<String>) -> Self {
        Self { verdict, evidence: vec![Evidence::Said(evidence.into())] }
    }

    /// The kind, if there is one.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self.verdict {
            Verdict::Kind(kind) | Verdict::Template(kind) => Some(kind),
            _ => None,
        }
    }

    /// The other format, if it is of one.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        match self.verdict {
            Verdict::Neighbour(format) => Some(format),
            _ => None,
        }
    }
}

/// Decides what a document is. `file` is the name of its file, `configured` a kind that the user gave for it.
#[must_use]
pub fn detect(tree: &Tree, root: NodeId, file: &str, configured: Option<Kind>) -> Detection {
    Detector::new(tree, root, false).detect(file, configured)
}

/// The same for the outline of a text that is not YAML: its keys as far as they can be made out, each under the key at the margin
/// that it follows.
#[must_use]
pub fn detect_outline(tree: &Tree, root: NodeId, file: &str) -> Detection {
    Detector::new(tree, root, true).detect(file, None)
}

struct Detector<'t> {
    shape: Shape<'t>,
}

/// The clues of each kind.
fn prepared() -> &'static [(Kind, Vec<Prepared>)] {
    static PREPARED: OnceLock<Vec<(Kind, Vec<Prepared>)>> = OnceLock::new();
    let prepare = |clues: &[Clue]| clues.iter().map(|clue| Prepared::new(clue)).collect();
    PREPARED.get_or_init(|| CLUES.iter().map(|(kind, clues)| (*kind, prepare(clues))).collect())
}

/// The signs of each format.
fn signs() -> &'static [(Format, &'static Sign, Prepared)] {
    static SIGNS: OnceLock<Vec<(Format, &'static Sign, Prepared)>> = OnceLock::new();
    let of = |format: Format| format.signs().iter().map(move |sign| (format, sign, Prepared::new(sign.keys)));
    SIGNS.get_or_init(|| Format::ALL.iter().copied().flat_map(of).collect())
}

impl<'t> Detector<'t> {
    fn new(tree: &'t Tree, root: NodeId, is_outline: bool) -> Self {
        Self { shape: Shape::new(tree, root, is_outline) }
    }

    fn detect(&self, file: &str, configured: Option<Kind>) -> Detection {
        let is_mapping = self.shape.tree.is_mapping(self.shape.root);
        if is_mapping && let Some(kind) = self.named() {
            return kind;
        }
        if is_mapping && let Some(kind) = configured {
            return self.kind(kind, vec![Evidence::Said("given by --kind or the configuration".to_owned())]);
        }
        if let Some(neighbour) = self.neighbour(file) {
            return neighbour;
        }
        if !is_mapping {
            return Detection::new(Verdict::NotAMapping, "not a mapping");
        }
        if let Some(library) = self.library() {
            return library;
        }
        if self.shape.has("apiVersion") && !self.shape.has("mlSpecVersion") {
            return Detection::new(Verdict::Other, "apiVersion marks a Kubernetes resource");
        }
        self.by_shape(file)
    }

    /// `kind` beside `mlSpecVersion`.
    fn named(&self) -> Option<Detection> {
        // The canonical spelling first: most documents need no other look.
        if self.shape.tree.get(self.shape.root, "mlSpecVersion").is_none() && !self.shape.has("mlSpecVersion") {
            return None;
        }
        let name = self
            .shape
            .tree
            .get(self.shape.root, "kind")
            .and_then(|entry| self.shape.tree.text(entry.value))
            .filter(|name| !name.is_empty())?;
        Some(match Kind::by_name(name) {
            Some(kind) => self.kind(kind, vec![Evidence::Said(format!("kind: {kind}"))]),
            None => {
                let near = crate::text::nearest(name, Kind::ALL.iter().map(|kind| kind.name()));
                Detection::new(Verdict::UnknownKind(near), format!("mlSpecVersion, but no kind is called '{name}'"))
            }
        })
    }

    fn kind(&self, kind: Kind, mut evidence: Vec<Evidence>) -> Detection {
        let is_record = matches!(kind, Kind::InferenceLog | Kind::InferenceRequest | Kind::InferencePrediction);
        let lists_names = |section: &&str| {
            let items = self.shape.find(section).map(|node| self.shape.tree.items(node)).unwrap_or_default();
            !items.is_empty() && items.iter().all(|item| self.shape.tree.string(*item).is_some())
        };
        if is_record && let Some(section) = TEMPLATE_SECTIONS.iter().find(|section| lists_names(section)) {
            evidence.push(Evidence::Said(format!("{section} lists attribute names")));
            return Detection { verdict: Verdict::Template(kind), evidence };
        }
        Detection { verdict: Verdict::Kind(kind), evidence }
    }

    /// A document of another format. One that says `mlSpecVersion` is none, whatever its file is called.
    fn neighbour(&self, file: &str) -> Option<Detection> {
        if self.shape.has("mlSpecVersion") {
            return None;
        }
        let name = base_name(file);
        let is_called = |sign: &Sign| sign.files.is_empty() || sign.files.iter().any(|pattern| matches(pattern, name));
        let (format, sign, _) = signs().iter().find(|(_, sign, keys)| self.shape.fits(keys) && is_called(sign))?;
        let mut evidence = vec![Evidence::Said(format!("{} (left alone)", format.noun()))];
        if !sign.files.is_empty() {
            evidence.push(Evidence::Said(format!("file name {name}")));
        }
        if !sign.keys.is_empty() {
            evidence.push(Evidence::Keys(sign.keys.to_vec()));
        }
        Some(Detection { verdict: Verdict::Neighbour(*format), evidence })
    }

    fn library(&self) -> Option<Detection> {
        let text = |key: &str| {
            let node = self.shape.tree.get(self.shape.root, key)?.value;
            let node = self.shape.tree.find(node, &["meta"]).unwrap_or(node);
            self.shape.tree.text(node).map(str::to_owned)
        };
        let of =
            |prefix: &str| Some((text(&format!("{prefix}schema_type"))?, text(&format!("{prefix}schema_version"))?));
        let (schema_type, schema_version) = of("").or_else(|| of("mlspec_"))?;
        let verdict = Verdict::Library { schema_type, schema_version };
        Some(Detection::new(verdict, "schema_type and schema_version mark a document of mlspeclib"))
    }

    fn by_shape(&self, file: &str) -> Detection {
        let mut fits: Vec<(usize, Kind, Vec<&'static str>)> = Vec::new();
        for (kind, clues) in prepared() {
            let mut keys: Vec<&'static str> = Vec::new();
            for clue in clues.iter().filter(|clue| self.shape.fits(clue)) {
                keys.extend(clue.clue.iter().filter(|path| !path.starts_with('!')));
            }
            keys.sort_unstable();
            keys.dedup();
            if !keys.is_empty() {
                fits.push((keys.len(), *kind, keys));
            }
        }
        let best = fits.iter().map(|(count, ..)| *count).max().unwrap_or(0);
        fits.retain(|(count, ..)| *count == best);
        let evidence = |keys: &[&'static str]| vec![Evidence::Keys(keys.to_vec())];
        match fits.as_slice() {
            [] if self.shape.has("mlSpecVersion") => {
                Detection::new(Verdict::Unclear(Vec::new()), "mlSpecVersion, but no kind fits its keys")
            }
            [] => Detection::new(Verdict::Other, "no kind fits its keys"),
            [(_, kind, keys)] => self.kind(*kind, evidence(keys)),
            several => {
                let declared =
                    self.shape.tree.get(self.shape.root, "kind").and_then(|entry| self.shape.tree.text(entry.value));
                let decides = |kind: &Kind| declared == Some(kind.name()) || names(file, *kind);
                match several.iter().find(|(_, kind, _)| decides(kind)) {
                    Some((_, kind, keys)) => {
                        let mut evidence = evidence(keys);
                        let decided_by_name = declared == Some(kind.name());
                        evidence.push(Evidence::Said(if decided_by_name {
                            format!("kind: {kind}")
                        } else {
                            format!("file name {file}")
                        }));
                        self.kind(*kind, evidence)
                    }
                    None => {
                        let kinds: Vec<_> = several.iter().map(|(_, kind, _)| *kind).collect();
                        let list = kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" and ");
                        Detection::new(Verdict::Unclear(kinds), format!("{list} fit equally well"))
                    }
                }
            }
        }
    }
}

/// The most keys that an explanation lists.
const MOST_KEYS: usize = 5;

/// "has a, b and 3 more": the keys that tell most, deep ones, come first.
fn has_keys(keys: &[&str]) -> String {
    let bare = |key: &&str| {
        let path = key.split_once('=').map_or(*key, |(path, _)| path);
        path.trim_start_matches("[].").replace("[]", "").replace("{}", "")
    };
    let mut names: Vec<String> = keys.iter().map(bare).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.matches('.').count()));
    names.dedup();
    let names: Vec<&String> =
        names.iter().filter(|name| !names.iter().any(|other| other.starts_with(&format!("{name}.")))).collect();
    let list = names.iter().take(MOST_KEYS).map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_KEYS) {
        0 => format!("has {list}"),
        more => format!("has {list} and {more} more"),
    }
}

/// The name of a file without its folders.
fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

/// Whether a file is called after a kind, as in `dataset.yml`, `iris.dataset.yaml` or `credit_test.yml`.
fn names(file: &str, kind: Kind) -> bool {
    let base = base_name(file);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_lowercase().replace('_', "-");
    stem == kind.name() || stem.strip_suffix(kind.name()).is_some_and(|rest| rest.ends_with(['.', '-']))
}
