//! From TOML to settings. All problems of a file are reported at once, each at its key or value.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::globs::{Globs, GlobsBuilder};
use super::schema::LEVELS;
use super::selection::unknown_rule;
use super::settings::{IgnoreEntry, KindEntry, RecordsTable, RuleLevels, RuleNames, Settings, StatedReason};
use super::{ConfigError, ConfigProblem, TomlKind};
use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::rules;
use crate::text::{self, Source};

/// The name of our table under `[tool]` in a `pyproject.toml`.
const TABLE: &str = "mlspec-lint";

/// Keys of other linters, and their equivalents here.
const HABITS: &[(&str, &str)] = &[
    ("lint", "the settings of mlspec-lint are not in a table"),
    ("select", "set the level of rules under [rules], or use --select"),
    ("extend-select", "set the level of rules under [rules], or use --select"),
    ("extend-ignore", "set the level of rules to \"off\" under [rules]"),
    ("per-file-ignores", "write an [[ignore]] with files, rules and reason"),
    ("extend-exclude", "did you mean 'exclude'?"),
    ("tool", "the table [tool.mlspec-lint] is for pyproject.toml; here its keys are at the top level"),
];

type Node<'i> = Spanned<DeValue<'i>>;

/// Reads the settings of a file.
pub(super) fn settings(source: &Source, format: TomlKind) -> Result<Settings, ConfigError> {
    let (root, errors) = DeTable::parse_recoverable(source.text());
    let mut problems = Problems::default();
    let table = match format {
        TomlKind::Standalone => Some((root.get_ref(), root.span())),
        TomlKind::PyProject => own_table(root.get_ref(), &mut problems),
    };
    // Errors in other tools' parts of a pyproject.toml are not reported.
    let Some((table, span)) = table else {
        let absent = || ConfigError::NoTable { file: source.name().to_owned() };
        return Err(problems.into_error(source).unwrap_or_else(absent));
    };
    let mut settings = Settings::default();
    match errors.iter().min_by_key(|error| start(error)) {
        // A syntax error makes more of the text unreadable: follow-up errors would only confuse.
        Some(error) => problems.add(start(error)..start(error), syntax_error(source, error)),
        None => settings = read_settings(Fields::new(table, span, &mut problems)),
    }
    problems.into_error(source).map_or(Ok(settings), Err)
}

fn start(error: &toml::de::Error) -> usize {
    error.span().map_or(0, |span| span.start)
}

fn syntax_error(source: &Source, error: &toml::de::Error) -> String {
    let at_slash = source.text().get(start(error)..).is_some_and(|rest| rest.starts_with('/'));
    let help = if at_slash { "; put the name of a rule in quotes" } else { "" };
    format!("{}{help}", error.message())
}

/// Returns the table `[tool.mlspec-lint]`; adds a problem if a table has a similar name.
fn own_table<'t>(root: &'t DeTable<'t>, problems: &mut Problems) -> Option<(&'t DeTable<'t>, Range<usize>)> {
    let tools = root.get("tool")?.get_ref().as_table()?;
    let Some(value) = tools.get(TABLE) else {
        let near = tools.keys().find(|name| text::nearest(name.get_ref(), [TABLE]).is_some())?;
        problems.add(near.span(), format!("unknown table 'tool.{}'; did you mean 'tool.{TABLE}'?", near.get_ref()));
        return None;
    };
    problems.typed("a table", value, DeValue::as_table).map(|table| (table, value.span()))
}

fn read_settings(mut fields: Fields<'_>) -> Settings {
    let settings = Settings {
        fail_on: fields.optional("fail-on", severity),
        exclude: fields.optional("exclude", globs).unwrap_or_default(),
        rules: fields.optional("rules", rule_levels).unwrap_or_default(),
        kind: fields.optional("kind", |value, problems| entries(value, problems, kind_entry)).unwrap_or_default(),
        ignore: fields.optional("ignore", |value, problems| entries(value, problems, ignore_entry)).unwrap_or_default(),
        records: fields.optional("records", records_table).unwrap_or_default(),
    };
    fields.close();
    settings
}

/// Returns the readable entries of `[[kind]]` or `[[ignore]]`.
fn entries<T>(value: &Node<'_>, problems: &mut Problems, read: impl Fn(Fields<'_>) -> Option<T>) -> Option<Vec<T>> {
    let list = problems.typed("tables, each under a heading in double brackets", value, DeValue::as_array)?;
    let mut entries = Vec::new();
    for entry in list {
        if let Some(table) = problems.typed("a table", entry, DeValue::as_table) {
            entries.extend(read(Fields::new(table, entry.span(), problems)));
        }
    }
    Some(entries)
}

fn kind_entry(mut fields: Fields<'_>) -> Option<KindEntry> {
    let files = fields.required("files", some_globs);
    let kind = fields.required("kind", kind);
    fields.close();
    Some(KindEntry { files: files?, kind: kind? })
}

fn ignore_entry(mut fields: Fields<'_>) -> Option<IgnoreEntry> {
    let files = fields.required("files", some_globs);
    let rules = fields.required("rules", rule_names);
    let reason = fields.required("reason", reason);
    fields.close();
    Some(IgnoreEntry { files: files?, rules: rules?, reason: reason? })
}

fn records_table(value: &Node<'_>, problems: &mut Problems) -> Option<RecordsTable> {
    let table = problems.typed("a table", value, DeValue::as_table)?;
    let mut fields = Fields::new(table, value.span(), problems);
    let format = fields
        .optional("format", |value, problems| problems.typed("a string", value, DeValue::as_str).map(str::to_owned));
    fields.close();
    Some(RecordsTable { format })
}

fn severity(value: &Node<'_>, problems: &mut Problems) -> Option<Severity> {
    let levels = LEVELS.iter().filter_map(|(name, severity)| severity.map(|severity| (*name, severity)));
    one_of("severity", &levels.collect::<Vec<_>>(), value, problems)
}

fn kind(value: &Node<'_>, problems: &mut Problems) -> Option<Kind> {
    let kinds = Kind::ALL.iter().map(|kind| (kind.name(), *kind));
    one_of("kind", &kinds.collect::<Vec<_>>(), value, problems)
}

fn one_of<T: Copy>(what: &str, choices: &[(&str, T)], value: &Node<'_>, problems: &mut Problems) -> Option<T> {
    let names = || choices.iter().map(|(name, _)| *name);
    let Some(name) = value.get_ref().as_str() else {
        problems.add(value.span(), format!("expected {}, found {}", alternatives(names()), type_of(value)));
        return None;
    };
    let found = choices.iter().find(|(choice, _)| *choice == name).map(|(_, value)| *value);
    if found.is_none() {
        let near =
            text::nearest(name, names()).or_else(|| names().find(|choice| name.len() > 1 && choice.starts_with(name)));
        let help = near
            .map_or_else(|| format!("expected {}", alternatives(names())), |near| format!("did you mean '{near}'?"));
        problems.add(value.span(), format!("unknown {what} '{name}'; {help}"));
    }
    found
}

/// `'a', 'b' or 'c'`.
fn alternatives<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<_> = names.map(|name| format!("'{name}'")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

fn globs(value: &Node<'_>, problems: &mut Problems) -> Option<Globs> {
    let list = problems.typed("a list of globs", value, DeValue::as_array)?;
    let mut globs = GlobsBuilder::new();
    for item in list {
        if let Some(glob) = problems.typed("a glob", item, DeValue::as_str)
            && let Err(message) = globs.add(glob)
        {
            problems.add(item.span(), message);
        }
    }
    globs.build().map_err(|message| problems.add(value.span(), message)).ok()
}

fn some_globs(value: &Node<'_>, problems: &mut Problems) -> Option<Globs> {
    not_empty("glob", value, problems)?;
    globs(value, problems)
}

fn rule_names(value: &Node<'_>, problems: &mut Problems) -> Option<RuleNames> {
    not_empty("rule", value, problems)?;
    let list = problems.typed("a list of rules", value, DeValue::as_array)?;
    let mut named = RuleNames::default();
    for item in list {
        let Some(selector) = problems.typed("the name of a rule or family", item, DeValue::as_str) else { continue };
        let rules = rules::select(selector);
        if rules.is_empty() {
            problems.add(item.span(), unknown_rule(selector));
        }
        named.selectors.push(selector.to_owned());
        named.rules.extend(rules.into_iter().map(|rule| &rule.meta));
    }
    Some(named)
}

fn not_empty(what: &str, value: &Node<'_>, problems: &mut Problems) -> Option<()> {
    if value.get_ref().as_array().is_some_and(|list| list.is_empty()) {
        problems.add(value.span(), format!("expected at least one {what}"));
        return None;
    }
    Some(())
}

fn rule_levels(value: &Node<'_>, problems: &mut Problems) -> Option<RuleLevels> {
    let table = problems.typed("a table of rules", value, DeValue::as_table)?;
    let mut levels = RuleLevels::default();
    for (key, value) in table {
        let name = key.get_ref();
        let id = rules::by_id(name).map(|rule| rule.id);
        match id.or_else(|| rules::families().into_iter().find(|family| family == name)) {
            Some(selector) => levels.0.extend(one_of("level", LEVELS, value, problems).map(|level| (selector, level))),
            None => problems.add(key.span(), unknown_rule(name)),
        }
    }
    Some(levels)
}

fn reason(value: &Node<'_>, problems: &mut Problems) -> Option<StatedReason> {
    let reason = problems.typed("a string", value, DeValue::as_str)?;
    if reason.trim().is_empty() {
        problems.add(value.span(), "the reason must not be blank");
        return None;
    }
    Some(StatedReason(reason.trim().to_owned()))
}

/// Returns the type of a value in TOML's terms: `a string`, `an array`, …
fn type_of(value: &Node<'_>) -> String {
    text::with_article(value.get_ref().type_str())
}

/// The problems of a file, in the order of discovery.
#[derive(Default)]
struct Problems(Vec<(Range<usize>, String)>);

impl Problems {
    fn add(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.0.push((span, message.into()));
    }

    /// Returns the value as the type that `get` returns; adds a problem if it has another type.
    fn typed<'v, T: ?Sized>(
        &mut self,
        what: &str,
        value: &'v Node<'v>,
        get: impl Fn(&'v DeValue<'v>) -> Option<&'v T>,
    ) -> Option<&'v T> {
        let found = get(value.get_ref());
        if found.is_none() {
            self.add(value.span(), format!("expected {what}, found {}", type_of(value)));
        }
        found
    }

    fn into_error(mut self, source: &Source) -> Option<ConfigError> {
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_by_key(|(span, _)| span.start);
        let place = |span: Range<usize>| source.line_col(text::offset(span.start));
        let problems = self.0.into_iter().map(|(span, message)| ConfigProblem { place: place(span), message });
        Some(ConfigError::Invalid { file: source.name().to_owned(), problems: problems.collect() })
    }
}

/// The fields of a table; records which are queried, so that the others can be reported.
struct Fields<'a> {
    table: &'a DeTable<'a>,
    span: Range<usize>,
    known: Vec<&'static str>,
    problems: &'a mut Problems,
}

impl<'a> Fields<'a> {
    fn new(table: &'a DeTable<'a>, span: Range<usize>, problems: &'a mut Problems) -> Self {
        Self { table, span, known: Vec::new(), problems }
    }

    fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Node<'_>, &mut Problems) -> Option<T>,
    ) -> Option<T> {
        self.known.push(name);
        self.table.get(name).and_then(|value| read(value, self.problems))
    }

    fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Node<'_>, &mut Problems) -> Option<T>,
    ) -> Option<T> {
        if !self.table.contains_key(name) {
            self.problems.add(self.span.clone(), format!("'{name}' is missing"));
        }
        self.optional(name, read)
    }

    /// Reports the keys that were never queried.
    fn close(self) {
        let names = || self.known.iter().copied();
        for key in self.table.keys().filter(|key| names().all(|name| name != key.get_ref())) {
            let name = key.get_ref();
            let habit = HABITS.iter().find(|(key, _)| key == name).map(|(_, help)| (*help).to_owned());
            let near = habit.or_else(|| text::nearest(name, names()).map(|near| format!("did you mean '{near}'?")));
            let help = near.unwrap_or_else(|| format!("expected {}", alternatives(names())));
            self.problems.add(key.span(), format!("unknown key '{name}'; {help}"));
        }
    }
}
