//! Files that documents name by path, and what the caller, who may read files, knows about them.

use std::collections::BTreeMap;
use std::fmt;

use super::data::digest_key;
use super::document::DocumentFacts;
use crate::documents::field::List;
use crate::documents::{Document, Kind};
use crate::yaml::NodeId;

/// A file that a document names, relative to its own folder.
#[derive(Clone, Debug)]
pub struct NamedFile<'a> {
    /// The path, as written.
    pub path: &'a str,
    /// Where it is written.
    pub node: NodeId,
    /// What the file should hold.
    pub content: NamedContent,
}

/// What a file should hold that a document names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedContent {
    /// A run, an evaluation or a test.
    Evidence,
    /// A signed statement about something with this digest, as [`digest_key`] spells it, if the document says which.
    Signature {
        /// What it is about.
        digest: Option<String>,
        /// What it says.
        verdict: RequiredVerdict,
    },
}

/// Which verdict a signed statement should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequiredVerdict {
    /// It may say anything.
    None,
    /// A verdict of the gate.
    Any,
    /// A verdict that lets the model pass.
    Passing,
}

/// What is known about the files that a document names. Nothing is known about a file that is not included: it
/// was not, or could not be, looked up.
#[derive(Clone, Debug, Default)]
pub struct NamedFiles {
    faults: BTreeMap<(String, NamedContent), FileFault>,
    /// The ids of the objectives that verdicts are about, by the paths of their files.
    judged: BTreeMap<String, Vec<String>>,
}

/// Why a document cannot use a file that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// There is no file or folder of this name.
    Missing,
    /// A folder, where a file is expected.
    Folder,
    /// It is outside of the workspace, or a link leads there. It is unknown whether it exists.
    Outside,
    /// It cannot be read, for this reason.
    Unreadable(String),
    /// It is not valid YAML, and is not checked itself.
    NotYaml,
    /// It contains no run, evaluation or test.
    NoEvidence,
    /// It contains no signed statement, for this reason.
    NotSigned(String),
    /// It is signed by nobody.
    Unsigned,
    /// The document does not say what it is about.
    OfNothing,
    /// What it signs is something else.
    OtherSubject,
    /// It is no verdict.
    NoVerdict,
    /// It is a verdict that does not let the model pass.
    NotPassing,
}

impl FileFault {
    /// Returns whether it is about what a signed statement says, and not about the file as such.
    #[must_use]
    pub fn is_of_statement(&self) -> bool {
        matches!(
            self,
            Self::NotSigned(_)
                | Self::Unsigned
                | Self::OfNothing
                | Self::OtherSubject
                | Self::NoVerdict
                | Self::NotPassing
        )
    }
}

/// The predicate of a sentence about the file.
impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is not found"),
            Self::Folder => f.write_str("is a folder"),
            Self::Outside => f.write_str("is outside of the workspace, and is not read"),
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
            Self::NotYaml => f.write_str("is not valid YAML"),
            Self::NoEvidence => f.write_str("holds no run, evaluation or test"),
            Self::NotSigned(why) => write!(f, "is no signed statement: {why}"),
            Self::Unsigned => f.write_str("has no signature"),
            Self::OfNothing => {
                f.write_str("is a verdict about a file, and nothing here says which file that should be")
            }
            Self::OtherSubject => {
                f.write_str("is about something else: the digest that is given here is not among its subjects")
            }
            Self::NoVerdict => f.write_str("is no verdict of a gate"),
            Self::NotPassing => f.write_str("is a verdict that does not let the model pass"),
        }
    }
}

impl NamedFiles {
    /// Records the fault of a file.
    pub fn insert(&mut self, file: &NamedFile<'_>, fault: FileFault) {
        self.faults.insert((file.path.to_owned(), file.content.clone()), fault);
    }

    /// Records the objectives that a verdict is about.
    pub fn insert_judged(&mut self, file: &NamedFile<'_>, objectives: Vec<String>) {
        self.judged.insert(file.path.to_owned(), objectives);
    }

    /// Returns the ids of the objectives that the verdict in a file is about, if it was read.
    #[must_use]
    pub fn judged(&self, path: &str) -> Option<&[String]> {
        self.judged.get(path).map(Vec::as_slice)
    }

    /// Returns the fault of a file, if one is known.
    #[must_use]
    pub fn fault(&self, file: &NamedFile<'_>) -> Option<&FileFault> {
        self.faults.get(&(file.path.to_owned(), file.content.clone()))
    }
}

/// A field that names a signed statement.
struct SignatureField {
    kind: Kind,
    /// The field with the path.
    file: &'static [&'static str],
    /// The field with the format, if there are several.
    format: Option<&'static [&'static str]>,
    /// The fields with the digest of what is signed; the first that is there counts.
    digest: &'static [&'static str],
    verdict: RequiredVerdict,
}

const fn verdict_in(kind: Kind, file: &'static [&'static str], verdict: RequiredVerdict) -> SignatureField {
    SignatureField { kind, file, format: None, digest: &["modelDigest"], verdict }
}

/// The fields that name signed statements.
const SIGNATURES: &[SignatureField] = &[
    SignatureField {
        kind: Kind::Ingestion,
        file: &["signature", "file"],
        format: Some(&["signature", "format"]),
        digest: &["outputDigest"],
        verdict: RequiredVerdict::None,
    },
    SignatureField {
        kind: Kind::Model,
        file: &["signing", "file"],
        format: Some(&["signing", "format"]),
        digest: &["digest", "modelDigest"],
        verdict: RequiredVerdict::None,
    },
    verdict_in(Kind::Evaluation, &["verdict", "attestation"], RequiredVerdict::Any),
    verdict_in(Kind::Test, &["verdict", "attestation"], RequiredVerdict::Any),
    verdict_in(Kind::Rollout, &["attestation"], RequiredVerdict::Passing),
];

/// The formats of signatures that are read.
const READ_FORMATS: [&str; 2] = ["dsse", "sigstore"];

impl DocumentFacts {
    /// Returns the files that the document names, relative to its own folder: the input of the tests of objectives, signatures and
    /// attestations. URLs are not files.
    #[must_use]
    pub fn named_files(&self) -> Vec<NamedFile<'_>> {
        let signatures =
            SIGNATURES.iter().filter(|field| field.kind == self.kind).filter_map(|field| self.signature(field));
        let mut named: Vec<NamedFile<'_>> = signatures.collect();
        // Other kinds need not be read as their type for this.
        let typed = (self.kind == Kind::Objectives).then(|| self.typed()).flatten();
        let Some(Document::Objectives(objectives)) = typed else { return named };
        let tests = objectives.tests.get().into_iter().flat_map(List::iter);
        let given = tests.filter_map(|(_, test)| test.given.located());
        named.extend(given.map(|(path, node)| NamedFile { path, node, content: NamedContent::Evidence }));
        named
    }

    fn signature(&self, field: &SignatureField) -> Option<NamedFile<'_>> {
        let node = self.tree.find(self.root, field.file)?;
        let path = self.text(Some(node)).filter(|path| !path.contains("://"))?;
        let format = field.format.and_then(|format| self.text(self.tree.find(self.root, format)));
        if format.is_some_and(|format| !READ_FORMATS.iter().any(|read| read.eq_ignore_ascii_case(format))) {
            return None;
        }
        let digest = field.digest.iter().find_map(|name| self.text(self.tree.find(self.root, &[name])));
        let digest = digest.map(|digest| digest_key(digest).into_owned());
        Some(NamedFile { path, node, content: NamedContent::Signature { digest, verdict: field.verdict } })
    }
}
