//! Settings from the command line. They take precedence over all others.

use std::path::PathBuf;
use std::str::FromStr;

use super::globs::{Globs, GlobsBuilder};
use crate::diagnostics::{RuleMeta, Severity};
use crate::rules;

/// Selects rules, from all of them to a single one. The variants are ordered from broad to narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Selector {
    /// `ALL`.
    All,
    /// A family, such as `naming`.
    Family(&'static str),
    /// A rule, such as `naming/id-too-long`.
    Rule(&'static str),
}

impl Selector {
    fn covers(self, rule: &RuleMeta) -> bool {
        match self {
            Self::All => true,
            Self::Family(family) => rule.family() == family,
            Self::Rule(id) => rule.id == id,
        }
    }

    /// Returns how narrow it is; two selectors of the same breadth cover different rules.
    fn breadth(self) -> u8 {
        match self {
            Self::All => 0,
            Self::Family(_) => 1,
            Self::Rule(_) => 2,
        }
    }

    /// Returns the selector as written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => ALL,
            Self::Family(name) | Self::Rule(name) => name,
        }
    }
}

const ALL: &str = "ALL";

impl FromStr for Selector {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if name == ALL {
            return Ok(Self::All);
        }
        if let Some(family) = rules::families().into_iter().find(|family| *family == name) {
            return Ok(Self::Family(family));
        }
        match rules::by_id(name) {
            Some(rule) => Ok(Self::Rule(rule.id)),
            None if name.eq_ignore_ascii_case(ALL) => Err(format!("unknown rule '{name}'; did you mean '{ALL}'?")),
            None => Err(unknown_rule(name)),
        }
    }
}

/// Returns the message for the name of a rule that does not exist.
pub(super) fn unknown_rule(name: &str) -> String {
    if let Some(renamed) = rules::renamed(name) {
        return renamed.to_string();
    }
    match rules::nearest(name) {
        Some(near) => format!("unknown rule '{name}'; did you mean '{near}'?"),
        None => format!("unknown rule '{name}'; 'mlspec-lint rules' lists all"),
    }
}

/// Settings from the command line.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The only rules that are reported, besides those about unreadable input; empty for those that the settings enable.
    pub select: Vec<Selector>,
    /// Rules that are not reported.
    pub ignore: Vec<Selector>,
    /// The lowest severity that makes a check fail.
    pub fail_on: Option<Severity>,
    /// Replaces `exclude` of the settings.
    pub exclude: Option<Exclude>,
}

/// Files and folders that are not checked.
#[derive(Clone, Debug)]
pub struct Exclude {
    pub(super) globs: Globs,
    /// The folder that the globs are relative to.
    pub(super) folder: PathBuf,
}

impl Exclude {
    /// Excludes files and folders, relative to a folder.
    ///
    /// # Errors
    /// If one of the texts is not a glob; with the reason.
    pub fn new<'g>(globs: impl IntoIterator<Item = &'g str>, folder: PathBuf) -> Result<Self, String> {
        let mut builder = GlobsBuilder::new();
        globs.into_iter().try_for_each(|glob| builder.add(glob))?;
        Ok(Self { globs: builder.build()?, folder })
    }
}

/// Whether the command line switches a rule on or off, and with which selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuleSwitch {
    /// Neither.
    Open,
    Selected(Selector),
    Ignored(Selector),
    /// Others are selected, this one is not.
    NotSelected,
}

impl Overrides {
    /// Returns the switch for a rule. The narrowest selector wins; of two of the same breadth, the one that switches off.
    pub(super) fn choice(&self, rule: &RuleMeta) -> RuleSwitch {
        let narrowest = |selectors: &[Selector]| {
            selectors.iter().copied().filter(|selector| selector.covers(rule)).max_by_key(|selector| selector.breadth())
        };
        match (narrowest(&self.select), narrowest(&self.ignore)) {
            (Some(select), Some(ignore)) if ignore.breadth() < select.breadth() => RuleSwitch::Selected(select),
            (_, Some(ignore)) => RuleSwitch::Ignored(ignore),
            (Some(select), None) => RuleSwitch::Selected(select),
            (None, None) if self.select.is_empty() || rules::is_about_reading(rule) => RuleSwitch::Open,
            (None, None) => RuleSwitch::NotSelected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(select: &[&str], ignore: &[&str], rule: &str) -> RuleSwitch {
        let read = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
        let overrides = Overrides { select: read(select), ignore: read(ignore), ..Overrides::default() };
        overrides.choice(rules::by_id(rule).unwrap())
    }

    #[test]
    fn the_narrowest_selector_counts_and_to_switch_off_before_to_switch_on() {
        let rule = "naming/id-too-long";
        let (own, family) = (Selector::Rule(rule), Selector::Family("naming"));
        assert_eq!(choice(&[], &[], rule), RuleSwitch::Open);
        assert_eq!(choice(&["document"], &[], rule), RuleSwitch::NotSelected);
        assert_eq!(choice(&["naming"], &[], rule), RuleSwitch::Selected(family));
        assert_eq!(choice(&["ALL"], &["naming"], rule), RuleSwitch::Ignored(family));
        assert_eq!(choice(&["naming"], &["ALL"], rule), RuleSwitch::Selected(family));
        assert_eq!(choice(&[rule], &["naming"], rule), RuleSwitch::Selected(own));
        assert_eq!(choice(&["naming"], &[rule], rule), RuleSwitch::Ignored(own));
        assert_eq!(choice(&["ALL", rule], &[rule], rule), RuleSwitch::Ignored(own));
        assert_eq!(choice(&[], &["ALL"], rule), RuleSwitch::Ignored(Selector::All));
        // Unreadable input is reported whatever is selected, unless it is ignored explicitly.
        assert_eq!(choice(&["naming"], &[], "document/yaml-syntax"), RuleSwitch::Open);
        assert_eq!(
            choice(&["naming"], &["document"], "document/yaml-syntax"),
            RuleSwitch::Ignored(Selector::Family("document"))
        );
    }

    #[test]
    fn a_name_that_does_not_exist_is_answered_with_the_nearest() {
        for (name, answer) in [
            ("namng", "unknown rule 'namng'; did you mean 'naming'?"),
            ("id-too-long", "unknown rule 'id-too-long'; did you mean 'naming/id-too-long'?"),
            ("all", "unknown rule 'all'; did you mean 'ALL'?"),
            ("", "unknown rule ''; 'mlspec-lint rules' lists all"),
        ] {
            assert_eq!(name.parse::<Selector>().unwrap_err(), answer);
        }
    }
}
