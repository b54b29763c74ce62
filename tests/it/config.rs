//! Settings: what a file may contain, the error for each mistake, and the files and paths that settings apply to.

use std::fs;
use std::path::Path;

use assert_fs::TempDir;
use mlspec_lint::config::{Config, ConfigError, Exclude, Overrides, TomlKind, json_schema};
use mlspec_lint::diagnostics::RuleMeta;
use mlspec_lint::diagnostics::Severity;
use mlspec_lint::documents::Kind;
use mlspec_lint::rules;
use serde_json::Value;

/// Every setting once.
const FULL: &str = r#"
fail-on = "warning"
exclude = ["vendor/**", "*.generated.yml"]

[rules]
naming = "off"
"naming/name-characters" = "error"
document = "info"

[[kind]]
files = ["data/**/*.yml"]
kind = "dataset"

[[kind]]
files = ["data/stores/**"]
kind = "datastore"

[[ignore]]
files = ["legacy"]
rules = ["naming/name-characters", "document"]
reason = "migrating in Q3"

[[ignore]]
files = ["legacy/old/**"]
rules = ["document/unknown-field"]
reason = 'frozen, as "they" say \ for now'
"#;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("mlspec-lint.toml"), TomlKind::Standalone)
}

/// Returns the message about a text, without the name of the file.
fn said(text: &str) -> Vec<String> {
    let error = parse(text).unwrap_err().to_string();
    error.lines().map(|line| line.strip_prefix("mlspec-lint.toml:").unwrap().to_owned()).collect()
}

fn rule(id: &str) -> &'static RuleMeta {
    rules::by_id(id).unwrap()
}

#[test]
fn an_empty_file_changes_nothing() {
    let config = parse("").unwrap();
    assert_eq!(config.fail_on(), Severity::Error);
    assert_eq!(config.severity_of(rule("suppression/unused"), Severity::Info), Some(Severity::Info));
    assert_eq!(config.kind_of(Path::new("a.yml")), None);
    assert!(!config.is_excluded(Path::new("a.yml")));
    assert_eq!(config.ignored_rules(Path::new("a.yml")), Vec::<&RuleMeta>::new());
    assert_eq!(Config::default().root(), None);
}

#[test]
fn what_is_set_for_a_rule_counts_before_what_is_set_for_its_family() {
    let config = parse(FULL).unwrap();
    assert_eq!(config.fail_on(), Severity::Warning);
    let level = |id| config.severity_of(rule(id), Severity::Warning);
    assert_eq!(level("naming/name-characters"), Some(Severity::Error));
    assert_eq!(level("document/unknown-field"), Some(Severity::Info));
    assert_eq!(level("suppression/unused"), Some(Severity::Warning));
    let off = parse("rules.naming = 'off'").unwrap();
    assert_eq!(off.severity_of(rule("naming/name-characters"), Severity::Error), None);
}

#[test]
fn the_last_kind_that_matches_counts() {
    let config = parse(FULL).unwrap();
    for (path, kind) in [
        ("data/a.yml", Some(Kind::Dataset)),
        ("./data/x/../y/a.yml", Some(Kind::Dataset)),
        ("data/stores/a.yml", Some(Kind::Datastore)),
        ("data/a.json", None),
        ("x/data/a.yml", None),
    ] {
        assert_eq!(config.kind_of(Path::new(path)), kind, "{path}");
    }
}

#[test]
fn exclusions_match_files_and_folders() {
    let config = parse(FULL).unwrap();
    for path in ["vendor", "vendor/x/a.yml", "a.generated.yml", "x/y/a.generated.yml"] {
        assert!(config.is_excluded(Path::new(path)), "{path}");
    }
    for path in ["a.yml", "x/vendor/a.yml", "vendored/a.yml", "generated.yml"] {
        assert!(!config.is_excluded(Path::new(path)), "{path}");
    }
}

#[test]
fn ignored_rules_add_up() {
    let config = parse(FULL).unwrap();
    let unknown = rule("document/unknown-field");
    assert!(config.is_ignored(Path::new("legacy/a.yml"), unknown));
    assert!(config.is_ignored(Path::new("x/legacy/a.yml"), unknown));
    assert!(!config.is_ignored(Path::new("a.yml"), unknown));
    assert!(!config.is_ignored(Path::new("legacy/a.yml"), rule("suppression/unused")));
    assert_eq!(config.ignore_reason(Path::new("legacy/old/a.yml"), unknown), Some("migrating in Q3"));

    let mut ignored: Vec<&RuleMeta> = rules::select("document").into_iter().map(|rule| &rule.meta).collect();
    ignored.push(rule("naming/name-characters"));
    assert_eq!(config.ignored_rules(Path::new("legacy/old/a.yml")), ignored);
    assert_eq!(config.ignored_rules(Path::new("a.yml")), Vec::<&RuleMeta>::new());
}

#[test]
fn unknown_names_are_answered_with_the_likely_one() {
    for (text, message) in [
        (
            "[rules]\n'naming/name-charcters' = 'error'",
            "2:1: unknown rule 'naming/name-charcters'; did you mean 'naming/name-characters'?",
        ),
        (
            "rules = { name-characters = 'error' }",
            "1:11: unknown rule 'name-characters'; did you mean 'naming/name-characters'?",
        ),
        ("rules.namin = 'off'", "1:7: unknown rule 'namin'; did you mean 'naming'?"),
        ("rules.zzzzzzzz = 'off'", "1:7: unknown rule 'zzzzzzzz'; 'mlspec-lint rules' lists all"),
        ("rules.naming = 'warn'", "1:16: unknown level 'warn'; did you mean 'warning'?"),
        ("rules.naming = 'zzz'", "1:16: unknown level 'zzz'; expected 'off', 'info', 'warning' or 'error'"),
        ("fail-on = 'eror'", "1:11: unknown severity 'eror'; did you mean 'error'?"),
        ("fail-on = 'off'", "1:11: unknown severity 'off'; expected 'info', 'warning' or 'error'"),
        ("fail_on = 'error'", "1:1: unknown key 'fail_on'; did you mean 'fail-on'?"),
        (
            "'ünknown' = 1",
            "1:1: unknown key 'ünknown'; expected 'fail-on', 'exclude', 'rules', 'kind', 'ignore' or 'records'",
        ),
        ("[[kind]]\nfiles = ['a']\nkind = 'datset'", "3:8: unknown kind 'datset'; did you mean 'dataset'?"),
        ("[[kind]]\nfile = ['a']\nfiles = ['a']\nkind = 'run'", "2:1: unknown key 'file'; did you mean 'files'?"),
        (
            "[[ignore]]\nfiles = ['a']\nrules = ['naming', 'suppression/unusd']\nreason = 'x'",
            "3:20: unknown rule 'suppression/unusd'; did you mean 'suppression/unused'?",
        ),
        // A former id, and one that is also misspelled.
        (
            "rules = { 'objective/unit-mismatch' = 'off' }",
            "1:11: rule 'objective/unit-mismatch' was renamed to 'expression/unit-mismatch'",
        ),
        (
            "rules = { 'objective/unit-mismach' = 'off' }",
            "1:11: unknown rule 'objective/unit-mismach'; did you mean 'expression/unit-mismatch'?",
        ),
        (
            "[[ignore]]\nfiles = ['a']\nrules = ['objective/never-logged']\nreason = 'x'",
            "3:10: rule 'objective/never-logged' was renamed to 'evidence/never-logged'",
        ),
    ] {
        assert_eq!(said(text), [message], "{text}");
    }
    let kinds = said("[[kind]]\nfiles = ['a']\nkind = 'zzz'").concat();
    assert!(kinds.starts_with("3:8: unknown kind 'zzz'; expected 'dataset', "), "{kinds}");
}

#[test]
fn wrong_types_are_answered_with_the_right_one() {
    for (text, message) in [
        ("fail-on = 2", "1:11: expected 'info', 'warning' or 'error', found an integer"),
        ("exclude = 'vendor'", "1:11: expected a list of globs, found a string"),
        ("exclude = ['é', true]", "1:17: expected a glob, found a boolean"),
        ("rules = []", "1:9: expected a table of rules, found an array"),
        ("rules.naming = 0.5", "1:16: expected 'off', 'info', 'warning' or 'error', found a float"),
        ("[rules.naming]\nname-characters = 'off'", "1:1: expected 'off', 'info', 'warning' or 'error', found a table"),
        ("select = ['ALL']", "1:1: unknown key 'select'; set the level of rules under [rules], or use --select"),
        (
            "[tool.mlspec-lint]\nfail-on = 'info'",
            "1:2: unknown key 'tool'; the table [tool.mlspec-lint] is for pyproject.toml; here its keys are at the top level",
        ),
        ("[kind]\nfiles = ['a']", "1:1: expected tables, each under a heading in double brackets, found a table"),
        ("ignore = ['a']", "1:11: expected a table, found a string"),
        ("[[ignore]]\nfiles = ['a']\nrules = 'naming'\nreason = 'x'", "3:9: expected a list of rules, found a string"),
        (
            "[[ignore]]\nfiles = ['a']\nrules = ['naming']\nreason = 1979-05-27",
            "4:10: expected a string, found a datetime",
        ),
        (
            "[[ignore]]\nfiles = ['a']\nrules = [1]\nreason = 'x'",
            "3:10: expected the name of a rule or family, found an integer",
        ),
    ] {
        assert_eq!(said(text), [message], "{text}");
    }
}

#[test]
fn globs_that_can_match_nothing_are_refused() {
    for (glob, message) in [
        ("a[", "1:12: 'a[' is not a glob: unclosed character class; missing ']'"),
        ("!a", "1:12: glob '!a' starts with '!'; globs cannot be negated"),
        ("../a", "1:12: glob '../a' leaves its folder"),
        (" ", "1:12: a glob must not be blank"),
    ] {
        assert_eq!(said(&format!("exclude = ['{glob}']")), [message]);
    }
}

#[test]
fn an_entry_must_be_complete() {
    assert_eq!(said("[[kind]]"), ["1:1: 'files' is missing", "1:1: 'kind' is missing"]);
    assert_eq!(said("[[ignore]]\nfiles = ['a']\nrules = ['naming']"), ["1:1: 'reason' is missing"]);
    assert_eq!(
        said("[[ignore]]\nfiles = []\nrules = []\nreason = ' '"),
        ["2:9: expected at least one glob", "3:9: expected at least one rule", "4:10: the reason must not be blank"]
    );
}

#[test]
fn all_problems_of_a_file_are_reported_in_their_order() {
    let text = "exclud = []\r\nfail-on = 'no'\r\n[rules]\r\n'namin' = 'error'\r\n'document' = 'of'\r\n";
    assert_eq!(
        parse(text).unwrap_err().to_string(),
        "mlspec-lint.toml:1:1: unknown key 'exclud'; did you mean 'exclude'?\n\
         mlspec-lint.toml:2:11: unknown severity 'no'; expected 'info', 'warning' or 'error'\n\
         mlspec-lint.toml:4:1: unknown rule 'namin'; did you mean 'naming'?\n\
         mlspec-lint.toml:5:14: unknown level 'of'; did you mean 'off'?"
    );
}

#[test]
fn of_syntax_errors_the_first_is_reported() {
    // The words after the place are those of the TOML parser.
    for (text, place) in [
        ("fail-on =\n[rules\n", "1:10: "),
        ("exclude = []\nexclude = []\n", "2:1: duplicate key"),
        ("'é' = 'a\n", "1:9: "),
    ] {
        let said = said(text);
        assert!(said.len() == 1 && said[0].starts_with(place), "{said:?}");
    }
    let unquoted = said("[rules]\nnaming/name-characters = 'off'").concat();
    assert!(unquoted.starts_with("2:7: ") && unquoted.ends_with("; put the name of a rule in quotes"), "{unquoted}");
}

#[test]
fn a_pyproject_is_read_only_where_it_is_ours() {
    let parse = |text| Config::parse(text, Path::new("pyproject.toml"), TomlKind::PyProject);
    let config = parse("[project]\nname = 'x'\n[tool.mlspec-lint]\nfail-on = 'info'\n[tool.ruff]\nx = 1").unwrap();
    assert_eq!(config.fail_on(), Severity::Info);
    for (text, message) in [
        ("[tool.ruff]\nx = 1", "pyproject.toml: there is no table [tool.mlspec-lint]"),
        ("[tool.ruff]\nx = ", "pyproject.toml: there is no table [tool.mlspec-lint]"),
        ("[tool]\nmlspec-lint = 1", "pyproject.toml:2:15: expected a table, found an integer"),
        (
            "[tool.mlspec-lint]\nfail = 1",
            "pyproject.toml:2:1: unknown key 'fail'; expected 'fail-on', 'exclude', 'rules', 'kind', 'ignore' or 'records'",
        ),
        (
            "[tool.mlspec_lint]",
            "pyproject.toml:1:7: unknown table 'tool.mlspec_lint'; did you mean 'tool.mlspec-lint'?",
        ),
    ] {
        assert_eq!(parse(text).unwrap_err().to_string(), message);
    }
}

/// Returns a folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn the_nearest_file_up_the_tree_counts() {
    let (ours, other) = ("[tool.mlspec-lint]", "[tool.ruff]");
    let folder = folder(&[
        ("mlspec-lint.toml", ""),
        (".mlspec-lint.toml", ""),
        ("pyproject.toml", ours),
        ("hidden/.mlspec-lint.toml", ""),
        ("hidden/pyproject.toml", ours),
        ("python/pyproject.toml", ours),
        ("python/sub/pyproject.toml", other),
        ("python/sub/a.yml", ""),
    ]);
    for (start, file) in [
        ("", "mlspec-lint.toml"),
        ("none/such", "mlspec-lint.toml"),
        ("hidden", "hidden/.mlspec-lint.toml"),
        ("python/sub/a.yml", "python/pyproject.toml"),
        ("python/../hidden/x", "hidden/.mlspec-lint.toml"),
    ] {
        let config = Config::discover(&folder.path().join(start)).unwrap().unwrap();
        assert_eq!(config.file(), Some(&*folder.path().join(file)), "{start}");
        assert_eq!(config.root(), folder.path().join(file).parent());
    }
}

#[test]
fn there_may_be_no_file() {
    // The root folder has no parent.
    assert!(Config::discover(Path::new("/")).unwrap().is_none());
}

#[test]
fn wrong_settings_are_not_passed_over() {
    let folder = folder(&[("mlspec-lint.toml", ""), ("sub/pyproject.toml", "[tool.mlspec-lint]\nfail-on = 1")]);
    let file = folder.path().join("sub/pyproject.toml");
    let message = format!("{}:2:11: expected 'info', 'warning' or 'error', found an integer", file.display());
    assert_eq!(Config::discover(&folder.path().join("sub")).unwrap_err().to_string(), message);
    assert_eq!(Config::load(&file).unwrap_err().to_string(), message);
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let folder = folder(&[]);
    let file = folder.path().join("none.toml");
    let message = Config::load(&file).unwrap_err().to_string();
    assert!(message.starts_with(&format!("{}: ", file.display())), "{message}");

    fs::write(&file, b"fail-on = '\xff'").unwrap();
    let message = Config::load(&file).unwrap_err().to_string();
    assert!(message.ends_with(": stream did not contain valid UTF-8"), "{message}");
}

#[test]
fn globs_are_relative_to_the_file_and_outside_of_it_to_the_working_folder() {
    let folder = folder(&[("mlspec-lint.toml", "exclude = ['vendor/**', '*.gen.yml']")]);
    let config = Config::load(&folder.path().join("mlspec-lint.toml")).unwrap();
    for (path, excluded) in [
        (folder.path().join("vendor/a.yml"), true),
        (folder.path().join("x/../vendor/a.yml"), true),
        (folder.path().join("x/vendor/a.yml"), false),
        ("vendor/a.yml".into(), true),
        ("./x/../vendor/a.yml".into(), true),
        ("/elsewhere/vendor/a.yml".into(), false),
        ("/elsewhere/a.gen.yml".into(), true),
    ] {
        assert_eq!(config.is_excluded(&path), excluded, "{}", path.display());
    }
}

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let schema = json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let is_valid = |text: &str| validator.is_valid(&toml::from_str::<Value>(text).unwrap());
    let entry = |files, rules, reason| format!("[[ignore]]\nfiles = {files}\nrules = {rules}\nreason = {reason}");
    let texts = [
        String::new(),
        FULL.to_owned(),
        "fail-on = 'info'".to_owned(),
        "fail-on = 'off'".to_owned(),
        "unknown = 1".to_owned(),
        "exclude = []".to_owned(),
        "exclude = 'a'".to_owned(),
        "exclude = ['!a']".to_owned(),
        "exclude = [' ']".to_owned(),
        "rules.naming = 'off'".to_owned(),
        "rules.naming = 'of'".to_owned(),
        "rules.namin = 'off'".to_owned(),
        "[[kind]]\nfiles = ['a']\nkind = 'run'".to_owned(),
        "[[kind]]\nfiles = ['a']\nkind = 'ran'".to_owned(),
        "[[kind]]\nfiles = []\nkind = 'run'".to_owned(),
        "[[kind]]\nfiles = ['a']".to_owned(),
        "[[kind]]\nfiles = ['a']\nkind = 'run'\nx = 1".to_owned(),
        entry("['a']", "['naming']", "'x'"),
        entry("['a']", "['naming/name-characters']", "' x '"),
        entry("['a']", "['naming']", "' '"),
        entry("['a']", "[]", "'x'"),
        entry("['a']", "['namin']", "'x'"),
        entry("[]", "['naming']", "'x'"),
        entry("['a']", "['naming']", "'x'\nwhen = 1"),
        "[[ignore]]\nfiles = ['a']\nrules = ['naming']".to_owned(),
    ];
    for text in texts {
        assert_eq!(is_valid(&text), parse(&text).is_ok(), "{text}");
    }
}

#[test]
fn the_schema_describes_every_rule_and_family_and_its_examples_are_valid() {
    let schema = json_schema();
    let properties = schema["properties"].as_object().unwrap();
    let levels = &schema["properties"]["rules"]["properties"];
    for name in rules::all().iter().map(|rule| rule.id).chain(rules::families()) {
        assert_eq!(levels[name]["enum"], serde_json::json!(["off", "info", "warning", "error"]), "{name}");
        assert!(levels[name]["description"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
    }
    for (name, property) in properties {
        assert!(property["description"].is_string(), "{name}");
        let validator = jsonschema::validator_for(property).unwrap();
        let examples = property["examples"].as_array().unwrap();
        assert!(!examples.is_empty() && examples.iter().all(|example| validator.is_valid(example)), "{name}");
    }
    assert_eq!(properties["fail-on"]["default"], Config::default().fail_on().name());
    assert!(jsonschema::meta::is_valid(&schema));
}

#[test]
fn the_schema_and_the_reader_know_the_same_keys() {
    let schema = json_schema();
    let keys = |pointer: &str| {
        let names = schema.pointer(pointer).unwrap().as_object().unwrap().keys();
        names.map(|name| format!("'{name}'")).collect::<Vec<_>>()
    };
    for (text, pointer) in [
        ("zzzzzzzz = 1", "/properties"),
        ("[[kind]]\nzzzzzzzz = 1", "/properties/kind/items/properties"),
        ("[[ignore]]\nzzzzzzzz = 1", "/properties/ignore/items/properties"),
    ] {
        let known =
            said(text).into_iter().find_map(|line| Some(line.split_once("; expected ")?.1.replace(" or ", ", ")));
        assert_eq!(known.unwrap().split(", ").collect::<Vec<_>>(), keys(pointer));
    }
}

#[test]
fn the_settings_that_are_shown_are_settings() {
    let select = |name: &str| name.parse().unwrap();
    let overrides = Overrides { ignore: vec![select("run"), select("naming/id-form")], ..Overrides::default() };
    let config = parse(FULL).unwrap().overridden(overrides);
    let shown = config.resolved();
    let again = parse(&shown).unwrap_or_else(|error| panic!("{error}\n{shown}"));
    for rule in rules::all() {
        assert_eq!(again.severity_of(rule, rule.severity), config.severity_of(rule, rule.severity), "{}", rule.id);
    }
    assert_eq!((again.fail_on(), again.kind_of(Path::new("data/a.yml"))), (Severity::Warning, Some(Kind::Dataset)));
    assert!(again.is_excluded(Path::new("vendor/a.yml")));
    assert_eq!(again.ignored_rules(Path::new("legacy/a.yml")), config.ignored_rules(Path::new("legacy/a.yml")));
    let reason = |config: &Config| {
        config.ignore_reason(Path::new("legacy/old/a.yml"), rule("document/unknown-field")).map(str::to_owned)
    };
    assert_eq!((reason(&again), reason(&config).is_some()), (reason(&config), true));
}

#[test]
fn a_command_line_counts_before_the_file() {
    let select = |name: &str| name.parse().unwrap();
    let overrides = |select, ignore, exclude| Overrides { select, ignore, exclude, ..Overrides::default() };
    let level = |config: &Config, id| config.severity_of(rule(id), Severity::Warning);
    let config = parse(FULL).unwrap().overridden(overrides(vec![select("naming")], vec![], None));
    // Off in the file, and on by the command line; a level in the file is kept.
    assert_eq!(level(&config, "naming/id-too-long"), Some(Severity::Warning));
    assert_eq!(level(&config, "naming/name-characters"), Some(Severity::Error));
    assert_eq!(level(&config, "document/unknown-field"), None);
    assert!(config.hides_findings());
    let exclude = Exclude::new(["a", "b/*.yml"], std::env::current_dir().unwrap()).unwrap();
    let config = parse(FULL).unwrap().overridden(overrides(vec![], vec![], Some(exclude)));
    for (path, is_excluded) in [("a/x.yml", true), ("b/x.yml", true), ("b/c/x.yml", false), ("vendor/a.yml", false)] {
        assert_eq!(config.is_excluded(Path::new(path)), is_excluded, "{path}");
        assert_eq!(config.is_excluded(&std::env::current_dir().unwrap().join(path)), is_excluded, "{path}");
    }
}
