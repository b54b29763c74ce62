//! Detection of the kind of a document, and the evidence for it.

use std::fmt;
use std::sync::OnceLock;

use super::declaration::{Clue, KindSignature};
use super::formats::{ForeignFormat, FormatSign};
use super::kind::Kind;
use super::shape::{KeysOfDocument, Prepared, Spelling, matches};
use super::spelling::letters;
use crate::yaml::{Entry, NodeId, Tree};

/// The result of detection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DetectedAs {
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
    /// An MLSpec document whose kind is ambiguous: these kinds fit equally well, or none does.
    Unclear(Vec<Kind>),
    /// An MLSpec document whose `kind` is unknown, with the nearest known name.
    UnknownKind(Option<&'static str>),
    /// It does not claim to be MLSpec, and has some keys of documents of these kinds, but not enough to be sure.
    LooksLike(Vec<Kind>),
    /// A document of another format, which is ignored.
    Neighbour(ForeignFormat),
    /// A list or a scalar.
    NotAMapping,
    /// Anything else.
    Other,
}

/// A verdict and its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The kind or format of the document.
    pub verdict: DetectedAs,
    /// Whether neither the document nor the user says so: it only has keys that no other format has. Findings in it are then never
    /// errors, and nothing in it is changed.
    pub is_guess: bool,
    /// The evidence, as shown to the user.
    pub evidence: Vec<DetectionClue>,
}

/// One reason for a verdict; displays as a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DetectionClue {
    /// The document has these keys, as written in the clues.
    Keys(Vec<&'static str>),
    /// Anything else.
    Said(String),
}

impl fmt::Display for DetectionClue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys(keys) => f.write_str(&has_keys(keys)),
            Self::Said(clause) => f.write_str(clause),
        }
    }
}

impl Detection {
    fn new(verdict: DetectedAs, evidence: Vec<DetectionClue>) -> Self {
        Self { verdict, is_guess: false, evidence }
    }

    fn said(verdict: DetectedAs, evidence: impl Into<String>) -> Self {
        Self::new(verdict, vec![DetectionClue::Said(evidence.into())])
    }

    /// Creates the result for a document of which nothing can be determined.
    #[must_use]
    pub fn unknown() -> Self {
        Self::said(DetectedAs::Other, "not valid YAML")
    }

    /// Creates the result for a document that names its kind.
    #[must_use]
    pub fn named(kind: Kind) -> Self {
        Self::said(DetectedAs::Kind(kind), format!("kind: {kind}"))
    }

    /// Creates the result for a document in a file of another format, which an earlier document identified.
    #[must_use]
    pub fn part_of(format: ForeignFormat) -> Self {
        Self::said(DetectedAs::Neighbour(format), format!("in the same file as {} (left alone)", format.noun()))
    }

    /// Returns the kind, if there is one.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self.verdict {
            DetectedAs::Kind(kind) | DetectedAs::Template(kind) => Some(kind),
            _ => None,
        }
    }

    /// Returns whether it is a document of MLSpec or of the library, even if it is not clear of which kind.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        match self.verdict {
            DetectedAs::Kind(_)
            | DetectedAs::Template(_)
            | DetectedAs::Library { .. }
            | DetectedAs::Unclear(_)
            | DetectedAs::UnknownKind(_) => true,
            DetectedAs::LooksLike(_) | DetectedAs::Neighbour(_) | DetectedAs::NotAMapping | DetectedAs::Other => false,
        }
    }

    /// Returns whether the document or the user says that it is MLSpec.
    #[must_use]
    pub fn is_claimed(&self) -> bool {
        self.is_ours() && !self.is_guess && !matches!(self.verdict, DetectedAs::Library { .. })
    }

    /// Returns the other format, if the document has one.
    #[must_use]
    pub fn format(&self) -> Option<ForeignFormat> {
        match self.verdict {
            DetectedAs::Neighbour(format) => Some(format),
            _ => None,
        }
    }
}

/// Determines what a document is. `file` is the name of its file, `configured` a kind that the user set for it.
#[must_use]
pub fn detect(tree: &Tree, root: NodeId, file: &str, configured: Option<Kind>) -> Detection {
    Detector::new(tree, root, false).detect(file, configured)
}

/// Like [`detect`], for the outline of a text that is not YAML: its recognizable keys, each under the preceding key at the left
/// margin.
#[must_use]
pub fn detect_outline(tree: &Tree, root: NodeId, file: &str, configured: Option<Kind>) -> Detection {
    Detector::new(tree, root, true).detect(file, configured)
}

struct Detector<'t> {
    shape: KeysOfDocument<'t>,
}

/// Sections that an inference template fills with lists of attribute names.
const TEMPLATE_SECTIONS: &[&str] = &["applicationInfo", "requestInfo", "resultInfo", "modelInfo", "prediction"];

/// Returns whether a text can be the name of an attribute, such as `requestId`.
fn is_attribute_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The clues of a kind.
struct KindClues {
    kind: Kind,
    own: Vec<Prepared>,
    telling: Vec<Prepared>,
    everyday: Vec<Prepared>,
}

/// Returns the clues of each kind.
fn clues() -> &'static [KindClues] {
    static PREPARED: OnceLock<Vec<KindClues>> = OnceLock::new();
    let prepared = |clues: &[Clue]| clues.iter().map(|clue| Prepared::new(clue)).collect();
    PREPARED.get_or_init(|| {
        let of = |kind: &Kind| {
            let KindSignature { own, telling, everyday } = &kind.declaration().signature;
            KindClues { kind: *kind, own: prepared(own), telling: prepared(telling), everyday: prepared(everyday) }
        };
        Kind::ALL.iter().map(of).collect()
    })
}

/// Returns the signs of each format.
fn signs() -> &'static [(ForeignFormat, &'static FormatSign, Prepared)] {
    static SIGNS: OnceLock<Vec<(ForeignFormat, &'static FormatSign, Prepared)>> = OnceLock::new();
    let of = |format: ForeignFormat| format.signs().iter().map(move |sign| (format, sign, Prepared::new(sign.keys)));
    SIGNS.get_or_init(|| ForeignFormat::ALL.iter().copied().flat_map(of).collect())
}

/// How certain the keys of a document make its kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    Everyday,
    Telling,
    Own,
}

/// A kind that fits a document.
struct Fit {
    kind: Kind,
    certainty: Certainty,
    /// The keys that make it fit.
    keys: Vec<&'static str>,
}

impl<'t> Detector<'t> {
    fn new(tree: &'t Tree, root: NodeId, is_outline: bool) -> Self {
        Self { shape: KeysOfDocument::new(tree, root, is_outline) }
    }

    fn detect(&self, file: &str, configured: Option<Kind>) -> Detection {
        let is_mapping = self.shape.tree.is_mapping(self.shape.root);
        let says_version = is_mapping && self.says_version();
        if says_version && let Some(kind) = self.named() {
            return kind;
        }
        if is_mapping && let Some(kind) = configured {
            return self.kind(kind, vec![DetectionClue::Said("given by --kind or the configuration".to_owned())]);
        }
        if is_mapping && let Some(library) = self.library() {
            return library;
        }
        if !says_version && let Some(neighbour) = self.neighbour(file) {
            return neighbour;
        }
        if !is_mapping {
            return Detection::said(DetectedAs::NotAMapping, "not a mapping");
        }
        if says_version { self.by_shape(file) } else { self.guess() }
    }

    fn says_version(&self) -> bool {
        // The canonical spelling first: for most documents, that is enough. No other format has a key that is close to it.
        self.shape.tree.get(self.shape.root, "mlSpecVersion").is_some()
            || self.shape.find_misspelt("mlSpecVersion").is_some()
    }

    /// Returns the value of `kind`, in any case style.
    fn declared(&self) -> Option<&'t str> {
        // The canonical spelling first, which almost all documents have.
        let value = match self.shape.tree.get(self.shape.root, "kind") {
            Some(entry) => entry.value,
            None => self.shape.find("kind")?,
        };
        // "An optional field may be null."
        let value = Some(value).filter(|value| !self.shape.tree.is_null(*value))?;
        self.shape.tree.text(value).filter(|name| !name.is_empty())
    }

    /// Detects a document with `kind` and `mlSpecVersion`.
    fn named(&self) -> Option<Detection> {
        let name = self.declared()?;
        Some(match Kind::by_name(name) {
            Some(kind) => self.kind(kind, vec![DetectionClue::Said(format!("kind: {kind}"))]),
            None => {
                let near = crate::text::nearest(name, Kind::ALL.iter().map(|kind| kind.name()));
                Detection::said(DetectedAs::UnknownKind(near), format!("mlSpecVersion, but no kind is called '{name}'"))
            }
        })
    }

    fn kind(&self, kind: Kind, mut evidence: Vec<DetectionClue>) -> Detection {
        let is_record = matches!(kind, Kind::InferenceLog | Kind::InferenceRequest | Kind::InferencePrediction);
        let lists_names = |section: NodeId| {
            let items = self.shape.tree.items(section);
            !items.is_empty() && items.iter().all(|item| self.shape.tree.string(*item).is_some_and(is_attribute_name))
        };
        let sections = || TEMPLATE_SECTIONS.iter().filter_map(|section| Some((*section, self.shape.find(section)?)));
        // What says that it is a record, and has a single value, is one, of which the lists are wrong.
        // A prediction may be a list itself.
        let names_alone = |section: &str| section != "prediction" || !self.says_version();
        let is_template = || !self.says_version() || self.values_beside_heading().all(lists_names);
        if is_record
            && is_template()
            && let Some((section, _)) = sections().find(|(section, node)| lists_names(*node) && names_alone(section))
        {
            evidence.push(DetectionClue::Said(format!("{section} lists attribute names")));
            return Detection::new(DetectedAs::Template(kind), evidence);
        }
        Detection::new(DetectedAs::Kind(kind), evidence)
    }

    /// Returns the values of the document except those that say what it is, and what is called how.
    fn values_beside_heading(&self) -> impl Iterator<Item = NodeId> {
        const HEADING: &[&str] = &["kind", "mlspecversion", "name", "description"];
        let tree = self.shape.tree;
        let is_heading = |entry: &Entry| {
            let key = tree.key_name(entry.key);
            key.starts_with("x-") || HEADING.contains(&letters(key).as_ref())
        };
        tree.entries(self.shape.root).filter(move |entry| !is_heading(entry)).map(|entry| entry.value)
    }

    /// Detects a document of another format.
    fn neighbour(&self, file: &str) -> Option<Detection> {
        let name = base_name(file);
        let is_called =
            |sign: &FormatSign| sign.files.is_empty() || sign.files.iter().any(|pattern| matches(pattern, name));
        let (format, sign, keys) = signs().iter().find_map(|(format, sign, keys)| {
            Some((format, sign, self.shape.fit(keys, Spelling::Exact).filter(|_| is_called(sign))?))
        })?;
        let mut evidence = vec![DetectionClue::Said(format!("{} (left alone)", format.noun()))];
        if !sign.files.is_empty() {
            evidence.push(DetectionClue::Said(format!("file name {name}")));
        }
        if !keys.is_empty() {
            evidence.push(DetectionClue::Keys(keys));
        }
        Some(Detection::new(DetectedAs::Neighbour(*format), evidence))
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
        let verdict = DetectedAs::Library { schema_type, schema_version };
        Some(Detection::said(verdict, "schema_type and schema_version mark a document of mlspeclib"))
    }

    /// Determines the kind of a document that claims to be MLSpec without naming its kind.
    fn by_shape(&self, file: &str) -> Detection {
        let mut fits = best(self.fits(Spelling::AnyCase));
        if fits.is_empty() {
            // Tolerating typos does no harm for such a document: each of them is a finding then.
            fits = best(self.fits(Spelling::Misspelt));
        }
        match fits.as_slice() {
            [] => Detection::said(DetectedAs::Unclear(Vec::new()), "mlSpecVersion, but no kind fits its keys"),
            [only] => self.kind(only.kind, vec![DetectionClue::Keys(only.keys.clone())]),
            several => match several.iter().find(|fit| names(file, fit.kind)) {
                Some(fit) => {
                    let name = DetectionClue::Said(format!("file name {file}"));
                    self.kind(fit.kind, vec![DetectionClue::Keys(fit.keys.clone()), name])
                }
                None => {
                    let kinds: Vec<_> = several.iter().map(|fit| fit.kind).collect();
                    let evidence = format!("{} fit equally well", list(&kinds, " and "));
                    Detection::said(DetectedAs::Unclear(kinds), evidence)
                }
            },
        }
    }

    /// Guesses what a document is that does not claim to be MLSpec.
    fn guess(&self) -> Detection {
        let fits = self.fits(Spelling::AnyCase);
        let declared = self.declared().and_then(Kind::by_name);
        if let Some(fit) = fits.iter().find(|fit| Some(fit.kind) == declared) {
            let keys = DetectionClue::Keys(fit.keys.clone());
            // Other tools have kinds of the same names: `model`, `run` and `test` alone prove nothing.
            return match fit.keys.len() {
                1 => Detection::new(DetectedAs::LooksLike(vec![fit.kind]), vec![keys]),
                _ => self.kind(fit.kind, vec![DetectionClue::Said(format!("kind: {}", fit.kind)), keys]),
            };
        }
        let Some(certainty) = fits.iter().map(|fit| fit.certainty).max().filter(|max| *max > Certainty::Everyday)
        else {
            let why = match declared {
                Some(kind) => {
                    format!("there is no mlSpecVersion, and 'kind: {kind}' alone does not make it one")
                }
                None => "no kind fits its keys".to_owned(),
            };
            return Detection::said(DetectedAs::Other, why);
        };
        let fits = best(fits.into_iter().filter(|fit| fit.certainty == certainty).collect());
        let kinds: Vec<_> = fits.iter().map(|fit| fit.kind).collect();
        let keys: Vec<_> = fits.into_iter().next().map(|fit| fit.keys).unwrap_or_default();
        match kinds.as_slice() {
            [kind] if certainty == Certainty::Own => {
                // In a model card, `specVersion` takes the role of `mlSpecVersion`.
                let is_guess = *kind != Kind::ModelCard;
                Detection { is_guess, ..self.kind(*kind, vec![DetectionClue::Keys(keys)]) }
            }
            _ => Detection::new(DetectedAs::LooksLike(kinds), vec![DetectionClue::Keys(keys)]),
        }
    }

    /// Returns the kinds that fit.
    fn fits(&self, spelling: Spelling) -> Vec<Fit> {
        let of = |KindClues { kind, own, telling, everyday }: &KindClues| {
            let lists = [(Certainty::Own, own), (Certainty::Telling, telling), (Certainty::Everyday, everyday)];
            let mut certainty = None;
            let mut keys = Vec::new();
            for (sure, clues) in lists {
                for fitting in clues.iter().filter_map(|clue| self.shape.fit(clue, spelling)) {
                    certainty.get_or_insert(sure);
                    keys.extend(fitting);
                }
            }
            keys.sort_unstable();
            keys.dedup();
            Some(Fit { kind: *kind, certainty: certainty?, keys })
        };
        clues().iter().filter_map(of).collect()
    }
}

/// Returns the fits with the most keys.
fn best(mut fits: Vec<Fit>) -> Vec<Fit> {
    let most = fits.iter().map(|fit| fit.keys.len()).max().unwrap_or(0);
    fits.retain(|fit| fit.keys.len() == most);
    fits
}

fn list(kinds: &[Kind], separator: &str) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(separator)
}

/// The most keys that an explanation lists.
const MOST_KEYS: usize = 5;

/// "has a, b and 3 more": the most specific keys, which are deep ones, come first.
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

/// Returns the name of a file without its directories.
fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

/// Returns whether a file is named after a kind, as in `dataset.yml`, `iris.dataset.yaml` or `credit_test.yml`.
fn names(file: &str, kind: Kind) -> bool {
    let base = base_name(file);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_lowercase().replace('_', "-");
    stem == kind.name() || stem.strip_suffix(kind.name()).is_some_and(|rest| rest.ends_with(['.', '-']))
}
