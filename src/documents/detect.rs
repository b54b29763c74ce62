//! Which kind a document is, and how one can tell.

use std::cell::OnceCell;
use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::kind::Kind;
use super::signatures::{CLUES, Clue, TEMPLATE_SECTIONS};
use super::spelling::same_words;
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
    tree: &'t Tree,
    root: NodeId,
    is_outline: bool,
    /// The values at the top, by the letters of their keys.
    top: OnceCell<FxHashMap<String, NodeId>>,
}

/// The letters of a key without regard to its case style: what [`same_words`] compares.
fn letters(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The letters of every key at the top that some clue asks for.
fn clue_letters(key: &str) -> Option<&'static str> {
    static LETTERS: OnceLock<FxHashMap<&'static str, String>> = OnceLock::new();
    let letters = LETTERS.get_or_init(|| {
        let paths = CLUES.iter().flat_map(|(_, clues)| clues.iter().copied()).flatten();
        paths.map(|path| top_key(path)).map(|key| (key, letters(key))).collect()
    });
    letters.get(key).map(String::as_str)
}

/// A clue, and the letters of the keys at the top without which it cannot fit.
type Prepared = (Clue, Vec<String>);

/// The clues of each kind. Most documents have none of the keys at the top that a clue needs: no path has to be followed then.
fn prepared() -> &'static [(Kind, Vec<Prepared>)] {
    static PREPARED: OnceLock<Vec<(Kind, Vec<Prepared>)>> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let needed = |clue: Clue| clue.iter().filter(|path| !path.starts_with('!')).map(|path| letters(top_key(path)));
        let prepare = |clues: &[Clue]| clues.iter().map(|clue| (*clue, needed(clue).collect())).collect();
        CLUES.iter().map(|(kind, clues)| (*kind, prepare(clues))).collect()
    })
}

/// The key at the top that a path of a clue begins with.
fn top_key(path: &'static str) -> &'static str {
    let path = path.trim_start_matches('!');
    let segment = path.split_once('.').map_or(path, |(segment, _)| segment);
    segment.trim_end_matches("[]").trim_end_matches("{}")
}

impl<'t> Detector<'t> {
    fn new(tree: &'t Tree, root: NodeId, is_outline: bool) -> Self {
        Self { tree, root, is_outline, top: OnceCell::new() }
    }

    fn top(&self) -> &FxHashMap<String, NodeId> {
        self.top.get_or_init(|| {
            let mut top = FxHashMap::default();
            for entry in self.tree.entries(self.root) {
                top.entry(letters(self.tree.key_name(entry.key))).or_insert(entry.value);
            }
            top
        })
    }

    fn detect(&self, file: &str, configured: Option<Kind>) -> Detection {
        if !self.tree.is_mapping(self.root) {
            return Detection::new(Verdict::NotAMapping, "not a mapping");
        }
        if let Some(kind) = self.named() {
            return kind;
        }
        if let Some(kind) = configured {
            return self.kind(kind, vec![Evidence::Said("given by --kind or the configuration".to_owned())]);
        }
        if let Some(library) = self.library() {
            return library;
        }
        if self.has("apiVersion") && !self.has("mlSpecVersion") {
            return Detection::new(Verdict::Other, "apiVersion marks a Kubernetes resource");
        }
        self.by_shape(file)
    }

    /// `kind` beside `mlSpecVersion`.
    fn named(&self) -> Option<Detection> {
        // The canonical spelling first: most documents need no other look.
        if self.tree.get(self.root, "mlSpecVersion").is_none() && !self.has("mlSpecVersion") {
            return None;
        }
        let name = self
            .tree
            .get(self.root, "kind")
            .and_then(|entry| self.tree.text(entry.value))
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
            let items = self.find(section).map(|node| self.tree.items(node)).unwrap_or_default();
            !items.is_empty() && items.iter().all(|item| self.tree.string(*item).is_some())
        };
        if is_record && let Some(section) = TEMPLATE_SECTIONS.iter().find(|section| lists_names(section)) {
            evidence.push(Evidence::Said(format!("{section} lists attribute names")));
            return Detection { verdict: Verdict::Template(kind), evidence };
        }
        Detection { verdict: Verdict::Kind(kind), evidence }
    }

    fn library(&self) -> Option<Detection> {
        let text = |key: &str| {
            let node = self.tree.get(self.root, key)?.value;
            let node = self.tree.find(node, &["meta"]).unwrap_or(node);
            self.tree.text(node).map(str::to_owned)
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
            let may_fit = |needed: &[String]| needed.iter().all(|letters| self.top().contains_key(letters));
            for (clue, _) in
                clues.iter().filter(|(clue, needed)| may_fit(needed) && clue.iter().all(|path| self.holds(path)))
            {
                keys.extend(clue.iter().filter(|path| !path.starts_with('!')));
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
            [] if self.has("mlSpecVersion") => {
                Detection::new(Verdict::Unclear(Vec::new()), "mlSpecVersion, but no kind fits its keys")
            }
            [] => Detection::new(Verdict::Other, "no kind fits its keys"),
            [(_, kind, keys)] => self.kind(*kind, evidence(keys)),
            several => {
                let declared = self.tree.get(self.root, "kind").and_then(|entry| self.tree.text(entry.value));
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

    fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// The value of a key at the top, in whatever case style it is written.
    fn find(&self, key: &str) -> Option<NodeId> {
        match clue_letters(key) {
            Some(letters) => self.top().get(letters),
            None => self.top().get(&letters(key)),
        }
        .copied()
    }

    fn find_in(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        let exact = self.tree.get(mapping, key);
        let entry =
            exact.or_else(|| self.tree.entries(mapping).find(|entry| same_words(self.tree.key_name(entry.key), key)));
        entry.map(|entry| entry.value)
    }

    fn holds(&self, path: &str) -> bool {
        match path.strip_prefix('!') {
            Some(absent) => !self.has(absent),
            None if self.is_outline => self.outline_holds(path),
            None => self.path_holds(self.root, path),
        }
    }

    fn path_holds(&self, node: NodeId, path: &str) -> bool {
        let (segment, rest) = path.split_once('.').map_or((path, None), |(segment, rest)| (segment, Some(rest)));
        if segment == "*" {
            let below = |rest: &str| self.tree.entries(node).any(|entry| self.path_holds(entry.value, rest));
            return rest.is_some_and(below);
        }
        let name = segment.trim_end_matches("[]").trim_end_matches("{}");
        let value = if node == self.root { self.find(name) } else { self.find_in(node, name) };
        let Some(value) = value else { return false };
        let shape_fits = (!segment.ends_with("[]") || self.tree.is_sequence(value))
            && (!segment.ends_with("{}") || self.tree.is_mapping(value));
        match rest {
            None => shape_fits,
            Some(rest) if segment.ends_with("[]") => {
                self.tree.items(value).iter().any(|item| self.path_holds(*item, rest))
            }
            Some(rest) => shape_fits && self.path_holds(value, rest),
        }
    }

    /// In an outline only the first and the last key of a path are known.
    fn outline_holds(&self, path: &str) -> bool {
        let bare = |segment: &str| segment.trim_end_matches("[]").trim_end_matches("{}").to_owned();
        let mut segments = path.split('.').filter(|segment| *segment != "*").map(bare);
        let Some(top) = segments.next().and_then(|segment| self.find(&segment)) else { return false };
        segments.all(|segment| self.find_in(top, &segment).is_some())
    }
}

/// The most keys that an explanation lists.
const MOST_KEYS: usize = 5;

/// "has a, b and 3 more": the keys that tell most, deep ones, come first.
fn has_keys(keys: &[&str]) -> String {
    let bare = |key: &&str| key.replace("[]", "").replace("{}", "");
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

/// Whether a file is called after a kind, as in `dataset.yml`, `iris.dataset.yaml` or `credit_test.yml`.
fn names(file: &str, kind: Kind) -> bool {
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_lowercase().replace('_', "-");
    stem == kind.name() || stem.strip_suffix(kind.name()).is_some_and(|rest| rest.ends_with(['.', '-']))
}
