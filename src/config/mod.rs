//! Settings: the severity of rules, which files are checked, and the kinds of their documents.
//!
//! Settings come from `mlspec-lint.toml`, `.mlspec-lint.toml` or the table `[tool.mlspec-lint]` of `pyproject.toml`. Reading a
//! text is pure; only `locate.rs` ([`Config::discover`], [`Config::load`]) accesses files and the working folder.

mod error;
mod globs;
#[cfg(feature = "cli")]
mod locate;
mod read;
mod schema;
mod selection;
mod settings;
mod show;

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use globset::Candidate;
use rustc_hash::FxHashSet;

pub use error::{ConfigError, ConfigProblem};
pub use schema::json_schema;
pub use selection::{Exclude, Overrides, Selector};

use self::selection::RuleSwitch;
use self::settings::Settings;
use crate::diagnostics::{RuleMeta, Severity};
use crate::documents::Kind;
use crate::rules;
use crate::text::Source;

/// Where the settings are in a TOML file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TomlKind {
    /// The whole file: `mlspec-lint.toml`.
    Standalone,
    /// The table `[tool.mlspec-lint]`: `pyproject.toml`.
    PyProject,
}

impl TomlKind {
    /// Determines the kind of settings in a file with this name.
    #[must_use]
    pub fn of(file: &Path) -> Self {
        if file.file_name().is_some_and(|name| name == "pyproject.toml") { Self::PyProject } else { Self::Standalone }
    }
}

/// The effective settings.
///
/// Paths are matched relative to the folder of the settings file; a path outside of it, relative to the working folder. Paths
/// are compared as written: `.` and `..` are resolved, links are not.
#[derive(Clone, Debug, Default)]
pub struct Config {
    settings: Settings,
    /// Settings from the command line, which take precedence.
    overrides: Overrides,
    file: Option<PathBuf>,
    root: PathBuf,
    /// The folder that relative paths are relative to; empty if the root is relative to the same folder.
    base: PathBuf,
    /// The ids of the rules that are off, collected on first use: which they are is asked for every rule and document.
    off: OnceLock<FxHashSet<&'static str>>,
}

impl Config {
    /// Reads settings from the text of `file`, without accessing any file: relative paths are taken to be relative to the same folder as
    /// `file`.
    ///
    /// # Errors
    /// If the text has problems: [`ConfigError::Invalid`] with all of them. If a `pyproject.toml` has no table `[tool.mlspec-lint]`:
    /// [`ConfigError::NoTable`].
    pub fn parse(text: &str, file: &Path, format: TomlKind) -> Result<Self, ConfigError> {
        Self::parse_named(text, file, &slashed(file), format)
    }

    /// Like [`parse`](Self::parse); messages call the file `name`.
    fn parse_named(text: &str, file: &Path, name: &str, format: TomlKind) -> Result<Self, ConfigError> {
        let source = Source::new(name, text);
        let settings = read::settings(&source, format)?;
        let file = lexical(file);
        let root = file.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { settings, file: Some(file), root, ..Self::default() })
    }

    /// Applies settings from the command line.
    #[must_use]
    pub fn overridden(self, overrides: Overrides) -> Self {
        Self { overrides, off: OnceLock::new(), ..self }
    }

    /// Returns the settings file.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Returns the folder of the settings file; its globs are relative to it.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        self.file.as_ref().map(|_| self.root.as_path())
    }

    /// Returns the format of the lines of access logs, as it is written.
    #[must_use]
    pub fn record_format(&self) -> Option<&str> {
        self.settings.records.format.as_deref()
    }

    /// Removes everything that hides findings: only what determines the kinds of documents is left.
    #[must_use]
    pub fn kinds_only(&self) -> Self {
        let Settings { kind, records, .. } = self.settings.clone();
        let settings = Settings { kind, records, ..Settings::default() };
        Self { settings, off: OnceLock::new(), ..self.clone() }
    }

    /// Returns whether any finding is hidden, or has another severity than that of its rule.
    #[must_use]
    pub fn hides_findings(&self) -> bool {
        let Overrides { select, ignore, .. } = &self.overrides;
        let is_chosen = !select.is_empty() || !ignore.is_empty();
        is_chosen || !self.settings.rules.0.is_empty() || !self.settings.ignore.is_empty()
    }

    /// Returns the lowest severity that makes a check fail.
    #[must_use]
    pub fn fail_on(&self) -> Severity {
        self.overrides.fail_on.or(self.settings.fail_on).unwrap_or(Severity::Error)
    }

    /// Returns the severity of a rule whose own, for the document at hand, is `default`; `None` if the rule is off. The setting for
    /// a rule takes precedence over that for its family; a rule selected on the command line is on regardless of the settings.
    #[must_use]
    pub fn severity_of(&self, rule: &RuleMeta, default: Severity) -> Option<Severity> {
        let level = self.level_of(rule).map_or(Some(default), |(_, level)| level);
        match self.overrides.choice(rule) {
            RuleSwitch::Open => level,
            RuleSwitch::Selected(_) => level.or(Some(default)),
            RuleSwitch::Ignored(_) | RuleSwitch::NotSelected => None,
        }
    }

    /// Returns whether a rule is reported at all.
    #[must_use]
    pub fn is_on(&self, rule: &RuleMeta) -> bool {
        self.severity_of(rule, rule.severity).is_some()
    }

    /// Returns whether a rule need not run, since it is not reported.
    #[must_use]
    pub fn is_off(&self, rule: &RuleMeta) -> bool {
        let off = || rules::all().iter().filter(|rule| !self.is_on(rule)).map(|rule| rule.id).collect();
        let off: &FxHashSet<&str> = self.off.get_or_init(off);
        !off.is_empty() && off.contains(rule.id)
    }

    /// Returns the level set for a rule, and what it is set for: the rule, or its family.
    fn level_of(&self, rule: &RuleMeta) -> Option<(&'static str, Option<Severity>)> {
        let levels = &self.settings.rules.0;
        let level = levels.get_key_value(rule.id).or_else(|| levels.get_key_value(rule.family()));
        level.map(|(selector, level)| (*selector, *level))
    }

    /// Returns the kind that `[[kind]]` assigns to the documents of a file; later entries take precedence.
    #[must_use]
    pub fn kind_of(&self, path: &Path) -> Option<Kind> {
        let entries = &self.settings.kind;
        let path = if entries.is_empty() { return None } else { self.relative(path) };
        let path = Candidate::new(&path);
        entries.iter().rev().find(|entry| entry.files.matches(&path)).map(|entry| entry.kind)
    }

    /// Returns whether `exclude` matches a file or folder, or a folder that contains it.
    #[must_use]
    pub fn is_excluded(&self, path: &Path) -> bool {
        if let Some(Exclude { globs, folder }) = &self.overrides.exclude {
            let whole = lexical(&folder.join(path));
            return globs.matches(&Candidate::new(whole.strip_prefix(folder).unwrap_or(&whole)));
        }
        let exclude = &self.settings.exclude;
        !exclude.is_empty() && exclude.matches(&Candidate::new(&self.relative(path)))
    }

    /// Returns the rules whose findings `[[ignore]]` hides in a file, sorted, each once.
    #[must_use]
    pub fn ignored_rules(&self, path: &Path) -> Vec<&'static RuleMeta> {
        if self.settings.ignore.is_empty() {
            return Vec::new();
        }
        let path = self.relative(path);
        let path = Candidate::new(&path);
        let entries = self.settings.ignore.iter().filter(|entry| entry.files.matches(&path));
        let mut rules: Vec<_> = entries.flat_map(|entry| entry.rules.rules.iter().copied()).collect();
        rules.sort_by_key(|rule| rule.id);
        rules.dedup();
        rules
    }

    /// Returns whether `[[ignore]]` hides the findings of a rule in a file.
    #[must_use]
    pub fn is_ignored(&self, path: &Path, rule: &RuleMeta) -> bool {
        self.ignore_reason(path, rule).is_some()
    }

    /// Returns the reason why `[[ignore]]` hides the findings of a rule in a file, as given by the first matching entry.
    #[must_use]
    pub fn ignore_reason(&self, path: &Path, rule: &RuleMeta) -> Option<&str> {
        let mut entries = self.settings.ignore.iter().filter(|entry| entry.rules.rules.contains(&rule)).peekable();
        entries.peek()?;
        let path = self.relative(path);
        let path = Candidate::new(&path);
        entries.find(|entry| entry.files.matches(&path)).map(|entry| entry.reason.0.as_str())
    }

    /// Returns the path that globs are matched against. A path in neither folder stays absolute: only globs for any depth can match it.
    fn relative(&self, path: &Path) -> PathBuf {
        let whole = lexical(&self.base.join(path));
        let inside = whole.strip_prefix(&self.root).or_else(|_| whole.strip_prefix(&self.base));
        inside.map(Path::to_owned).unwrap_or(whole)
    }
}

/// Removes `.` from a path and resolves `..` as far as the path alone allows.
pub(crate) fn lexical(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match resolved.components().next_back() {
                Some(Component::Normal(_)) => {
                    resolved.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                Some(Component::ParentDir | Component::CurDir) | None => resolved.push(component),
            },
            _ => resolved.push(component),
        }
    }
    resolved
}

/// Returns the path as written in messages: with `/` on every system.
pub(crate) fn slashed(path: &Path) -> String {
    let name = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { name.into_owned() } else { name.replace(std::path::MAIN_SEPARATOR, "/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_resolved_without_looking_at_the_disk() {
        for (path, resolved) in [
            ("./a/./b.yml", "a/b.yml"),
            ("a/../b.yml", "b.yml"),
            ("../a/../../b.yml", "../../b.yml"),
            ("/../a", "/a"),
            (".", ""),
        ] {
            assert_eq!(lexical(Path::new(path)), Path::new(resolved), "{path}");
        }
    }

    #[test]
    fn paths_are_matched_relative_to_the_root_else_to_the_working_folder() {
        let config = Config { root: "/work/project".into(), base: "/work/project/sub".into(), ..Config::default() };
        for (path, relative) in [
            ("a.yml", "sub/a.yml"),
            ("../a.yml", "a.yml"),
            ("/work/project/x/a.yml", "x/a.yml"),
            ("../../other/a.yml", "/work/other/a.yml"),
        ] {
            assert_eq!(config.relative(Path::new(path)), Path::new(relative), "{path}");
        }
        let elsewhere = Config { root: "/etc".into(), ..config };
        assert_eq!(elsewhere.relative(Path::new("./a.yml")), Path::new("a.yml"));
    }
}
