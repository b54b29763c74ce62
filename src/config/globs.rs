//! Globs over paths, with the conventions of `.gitignore`.

use globset::{Candidate, GlobBuilder, GlobSet, GlobSetBuilder};

/// A list of globs, compiled.
#[derive(Clone, Debug, Default)]
pub(super) struct Globs {
    set: GlobSet,
    written: Vec<String>,
}

impl Globs {
    /// Returns whether there is no glob.
    pub(super) fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Returns whether one of the globs matches a path, or a folder that the path is in.
    pub(super) fn matches(&self, path: &Candidate<'_>) -> bool {
        self.set.is_match_candidate(path)
    }

    /// Returns the globs as written.
    pub(super) fn written(&self) -> &[String] {
        &self.written
    }
}

/// Collects globs.
pub(super) struct GlobsBuilder {
    set: GlobSetBuilder,
    written: Vec<String>,
}

impl GlobsBuilder {
    /// Creates a builder without globs.
    pub(super) fn new() -> Self {
        Self { set: GlobSetBuilder::new(), written: Vec::new() }
    }

    /// Adds a glob: without a slash, except at its end, it matches at any depth, otherwise from the root; and if it matches
    /// a folder, it matches everything in it.
    ///
    /// # Errors
    /// If it is not a glob, or cannot match anything; with the reason.
    pub(super) fn add(&mut self, glob: &str) -> Result<(), String> {
        if glob.trim().is_empty() {
            return Err("a glob must not be blank".to_owned());
        }
        if glob.trim_start().starts_with('!') {
            return Err(format!("glob '{glob}' starts with '!'; globs cannot be negated"));
        }
        if glob.split('/').any(|part| part == "..") {
            return Err(format!("glob '{glob}' leaves its folder"));
        }
        // A glob for everything in a folder also matches the folder, so that it need not be walked.
        let path = glob.strip_suffix("/**").filter(|folder| !folder.is_empty()).unwrap_or(glob);
        let path = path.trim_end_matches('/');
        let path = path.trim_start_matches("./").trim_start_matches('/');
        let anchored = glob.trim_end_matches('/').contains('/');
        let path = if anchored { path.to_owned() } else { format!("**/{path}") };
        for pattern in [&path, &format!("{path}/**")] {
            let built = GlobBuilder::new(pattern).literal_separator(true).build();
            self.set.add(built.map_err(|error| format!("'{glob}' is not a glob: {}", error.kind()))?);
        }
        self.written.push(glob.to_owned());
        Ok(())
    }

    /// Compiles the globs.
    ///
    /// # Errors
    /// If they exceed the limits of the compiler; with its message.
    pub(super) fn build(&self) -> Result<Globs, String> {
        let set = self.set.build().map_err(|error| error.kind().to_string())?;
        Ok(Globs { set, written: self.written.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(glob: &str, path: &str) -> bool {
        let mut builder = GlobsBuilder::new();
        builder.add(glob).unwrap();
        builder.build().unwrap().matches(&Candidate::new(path))
    }

    #[test]
    fn a_glob_without_a_slash_matches_at_any_depth() {
        for path in ["vendor", "vendor/a.yml", "a/vendor/b/c.yml", "/abs/vendor/a.yml"] {
            assert!(matches("vendor", path), "{path}");
            assert!(matches("vendor/", path), "{path}");
        }
        assert!(matches("*.gen.yml", "a/b.gen.yml"));
        assert!(!matches("vendor", "vendored/a.yml"));
    }

    #[test]
    fn a_glob_with_a_slash_matches_from_the_root() {
        for glob in ["data/raw", "data/raw/", "data/raw/**", "/data/raw", "./data/raw"] {
            assert!(matches(glob, "data/raw"), "{glob}");
            assert!(matches(glob, "data/raw/x/a.yml"), "{glob}");
            assert!(!matches(glob, "x/data/raw/a.yml"), "{glob}");
            assert!(!matches(glob, "/data/raw/a.yml"), "{glob}");
        }
        assert!(matches("/a.yml", "a.yml"));
        assert!(!matches("/a.yml", "b/a.yml"));
        assert!(!matches("vendor/**", "a/vendor/b.yml"));
    }

    #[test]
    fn a_star_stays_in_its_folder_and_two_stars_do_not() {
        assert!(matches("data/*.yml", "data/a.yml"));
        assert!(!matches("data/*.yml", "data/b/a.yml"));
        assert!(matches("data/**/*.yml", "data/a.yml"));
        assert!(matches("data/**/*.yml", "data/b/c/a.yml"));
        assert!(matches("**/raw/*.{yml,yaml}", "data/raw/a.yaml"));
        assert!(matches("**", "a/b.yml"));
        assert!(matches("/**", "a/b.yml"));
        assert!(matches("*", "a/b.yml"));
    }

    #[test]
    fn what_can_match_nothing_is_refused() {
        for glob in ["", "  ", "!a", "../a", "a/../b", "a[", "{a"] {
            assert!(GlobsBuilder::new().add(glob).is_err(), "{glob}");
        }
    }
}
