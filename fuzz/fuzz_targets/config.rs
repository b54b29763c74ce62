//! Any text is settings or a list of problems with a place in it: `cargo fuzz run config`.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use mlspec_lint::config::{Config, TomlKind};
use mlspec_lint::rules;

fuzz_target!(|text: &str| {
    for (name, kind) in [("mlspec-lint.toml", TomlKind::Standalone), ("pyproject.toml", TomlKind::PyProject)] {
        match Config::parse(text, Path::new(name), kind) {
            Ok(config) => {
                let file = Path::new("a/b.yml");
                let _ = (config.is_excluded(file), config.kind_of(file), config.fail_on(), config.hides_findings());
                for rule in rules::all() {
                    let _ = (config.severity_of(&rule.meta, rule.severity), config.is_ignored(file, &rule.meta));
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
