//! File names that do not depend on where the tool is started.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::config::{lexical, slashed};

/// The folder that paths are relative to when others than the user read them: in baselines, which are kept, and in the reports that CI
/// systems show next to the files of a repository.
#[derive(Clone, Debug, Default)]
pub struct Base {
    here: PathBuf,
    root: PathBuf,
    /// What precedes the path of a file of a git revision, such as `HEAD~1:`.
    revision: Option<String>,
}

impl Base {
    /// Makes paths relative to `root` from names relative to `here`. Both are real paths.
    #[must_use]
    pub fn new(here: &Path, root: &Path) -> Self {
        Self { here: here.to_owned(), root: root.to_owned(), revision: None }
    }

    /// Sets what precedes the paths of files of a git revision, in the names of these files.
    #[must_use]
    pub fn with_revision(self, prefix: Option<&str>) -> Self {
        Self { revision: prefix.map(str::to_owned), ..self }
    }

    /// Returns the git revision that was compared with.
    #[must_use]
    pub fn revision(&self) -> Option<&str> {
        Some(self.revision.as_deref()?.trim_end_matches(':'))
    }

    /// Returns the revision and the path from the root of a file of a git revision.
    #[must_use]
    pub fn in_revision<'n>(&self, name: &'n str) -> Option<(&str, &'n str)> {
        Some((self.revision()?, name.strip_prefix(self.revision.as_deref()?)?))
    }

    /// Returns the path of a file with this name, from the root; the name itself if the file is not below the root, or there is no root.
    #[must_use]
    pub fn path<'n>(&self, name: &'n str) -> Cow<'n, str> {
        // Standard input has no path.
        if self.root.as_os_str().is_empty() || name.starts_with('<') || self.in_revision(name).is_some() {
            return Cow::Borrowed(name);
        }
        let path = lexical(&self.here.join(name));
        match path.strip_prefix(&self.root) {
            Ok(path) if !path.as_os_str().is_empty() => Cow::Owned(slashed(path)),
            _ => Cow::Borrowed(name),
        }
    }

    /// Returns the file at a path from the root.
    #[must_use]
    pub fn file(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_path_wherever_one_is() {
        for (here, name) in [
            ("/w", "sub/a.yml"),
            ("/w/sub", "a.yml"),
            ("/w/sub/deep", "../a.yml"),
            ("/", "w/sub/a.yml"),
            ("/elsewhere", "/w/sub/a.yml"),
            ("/w/other", "./../sub/./a.yml"),
        ] {
            assert_eq!(Base::new(Path::new(here), Path::new("/w")).path(name), "sub/a.yml", "{here} {name}");
        }
        for name in ["../b.yml", "/x/b.yml", "<stdin>"] {
            assert_eq!(Base::new(Path::new("/w"), Path::new("/w")).path(name), name);
            assert_eq!(Base::default().path(name), name);
        }
    }
}
