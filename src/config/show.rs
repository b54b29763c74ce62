//! The effective settings, written as a settings file that documents the origin of each.

use std::fmt::{self, Display, Write};

use super::selection::RuleSwitch;
use super::{Config, Exclude, slashed};
use crate::diagnostics::{RuleMeta, Severity};
use crate::rules;

/// The level of a rule that is not reported.
const OFF: &str = "off";

impl Config {
    /// Returns all settings as TOML, each followed by a comment with its origin: `default`, an option of the command line, or the name of
    /// the settings file.
    #[must_use]
    pub fn resolved(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_resolved(&mut text);
        text
    }

    fn write_resolved(&self, out: &mut String) -> fmt::Result {
        let file = self.file_name();
        let file = file.as_str();
        let fail_on = match (self.overrides.fail_on, self.settings.fail_on) {
            (Some(_), _) => "--fail-on",
            (None, Some(_)) => file,
            (None, None) => "default",
        };
        writeln!(out, "fail-on = {}  # {fail_on}", quoted(self.fail_on().name()))?;
        let (exclude, origin) = match &self.overrides.exclude {
            Some(Exclude { globs, .. }) => (globs, "--exclude"),
            None if self.settings.exclude.is_empty() => (&self.settings.exclude, "default"),
            None => (&self.settings.exclude, file),
        };
        writeln!(out, "exclude = {}  # {origin}", list(exclude.written()))?;
        writeln!(out, "\n[rules]")?;
        for rule in rules::all() {
            let (level, origin) = self.explained(rule, file);
            writeln!(out, "{} = {}  # {origin}", quoted(rule.id), quoted(level.map_or(OFF, Severity::name)))?;
        }
        for entry in &self.settings.kind {
            writeln!(out, "\n[[kind]]  # {file}")?;
            writeln!(out, "files = {}", list(entry.files.written()))?;
            writeln!(out, "kind = {}", quoted(entry.kind.name()))?;
        }
        for entry in &self.settings.ignore {
            writeln!(out, "\n[[ignore]]  # {file}")?;
            writeln!(out, "files = {}", list(entry.files.written()))?;
            writeln!(out, "rules = {}", list(&entry.rules.selectors))?;
            writeln!(out, "reason = {}", quoted(&entry.reason.0))?;
        }
        if let Some(format) = &self.settings.records.format {
            writeln!(out, "\n[records]\nformat = {}  # {file}", quoted(format))?;
        }
        Ok(())
    }

    /// Returns the settings file, as named in messages; empty if there is none.
    #[must_use]
    pub fn file_name(&self) -> String {
        let short = |file: &std::path::Path| slashed(file.strip_prefix(&self.base).unwrap_or(file));
        self.file().map(short).unwrap_or_default()
    }

    /// Returns the level of a rule, and its origin.
    fn explained(&self, rule: &RuleMeta, file: &str) -> (Option<Severity>, String) {
        let set = self.level_of(rule);
        let configured = match set {
            Some((selector, _)) if selector == rule.id => file.to_owned(),
            Some((family, _)) => format!("{file}: {family}"),
            None => "default".to_owned(),
        };
        let level = self.severity_of(rule, rule.severity);
        let origin = match self.overrides.choice(rule) {
            RuleSwitch::Open => configured,
            // The configured level of a rule that is on anyway stays in effect.
            RuleSwitch::Selected(_) if matches!(set, Some((_, Some(_)))) => configured,
            RuleSwitch::Selected(selector) => format!("--select {}", selector.name()),
            RuleSwitch::Ignored(selector) => format!("--ignore {}", selector.name()),
            RuleSwitch::NotSelected => "not in --select".to_owned(),
        };
        (level, origin)
    }
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(quoted).collect::<Vec<_>>().join(", "))
}

/// Formats a basic string of TOML. A JSON string is one: its escapes are a subset of TOML's.
fn quoted(text: impl Display) -> String {
    serde_json::Value::from(text.to_string()).to_string().replace('\u{7f}', "\\u007f")
}
