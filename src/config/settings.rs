//! The settings as stored in a file. Their schema is generated from these types, with descriptions from their comments.

use rustc_hash::FxHashMap;
use schemars::JsonSchema;

use super::globs::Globs;
use super::schema;
use crate::diagnostics::{RuleMeta, Severity};
use crate::documents::Kind;

/// Settings of mlspec-lint: `mlspec-lint.toml`, `.mlspec-lint.toml`, or the table `[tool.mlspec-lint]` of `pyproject.toml`.
#[derive(Clone, Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Settings {
    /// The lowest severity that makes a check fail.
    #[schemars(schema_with = "schema::fail_on", extend("default" = "error", "examples" = ["warning"]))]
    pub(super) fail_on: Option<Severity>,
    /// Files and folders that are not checked unless they are named on the command line.
    #[schemars(extend("examples" = [["vendor/**", "*.generated.yml"]]))]
    pub(super) exclude: Globs,
    /// The severity of a rule, or of a whole family of rules; `off` hides their findings. Rules take precedence over families.
    #[schemars(extend("examples" = [{"naming": "warning", "naming/name-characters": "error"}]))]
    pub(super) rules: RuleLevels,
    /// The kind of the documents in some files, if it cannot be recognized from their content. Later entries take precedence.
    #[schemars(extend("examples" = [[{"files": ["data/**/*.yml"], "kind": "dataset"}]]))]
    pub(super) kind: Vec<KindEntry>,
    /// Rules whose findings are hidden in some files.
    #[schemars(extend("examples" = [[{"files": ["legacy/**"], "rules": ["naming"], "reason": "migrating in Q3"}]]))]
    pub(super) ignore: Vec<IgnoreEntry>,
    /// How logs of inference records are read.
    #[schemars(extend("examples" = [{"format": "combined"}]))]
    pub(super) records: RecordsTable,
}

/// How logs of inference records are read.
#[derive(Clone, Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields, default)]
pub(super) struct RecordsTable {
    /// The format of the lines of access logs (`.log`): `common`, `combined`, `mlspec`, a `LogFormat` of Apache httpd, or a `log_format` of nginx.
    #[schemars(extend("examples" = ["%h %l %u %t \"%r\" %>s %b \"%{X-Request-Id}o\" \"%{X-Model-Id}o\" %D"]))]
    pub(super) format: Option<String>,
}

/// The configured levels of rules and families; `None` is off.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleLevels(pub(super) FxHashMap<&'static str, Option<Severity>>);

/// The kind of the documents in some files.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct KindEntry {
    /// The files.
    #[schemars(length(min = 1))]
    pub(super) files: Globs,
    /// The kind of all documents in them.
    pub(super) kind: Kind,
}

/// Rules whose findings are hidden in some files.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct IgnoreEntry {
    /// The files.
    #[schemars(length(min = 1))]
    pub(super) files: Globs,
    /// The rules, or whole families of rules.
    pub(super) rules: RuleNames,
    /// The reason, for readers of this file.
    pub(super) reason: StatedReason,
}

/// The rules that a list of rules and families names.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleNames {
    /// The list as written.
    pub(super) selectors: Vec<String>,
    pub(super) rules: Vec<&'static RuleMeta>,
}

/// A text that is not blank.
#[derive(Clone, Debug)]
pub(super) struct StatedReason(pub(super) String);
