//! Formats of other tools, and what this tool writes itself. Such documents are recognised in order to be left alone.

use super::clues::Clue;

/// One way to recognise a format: by the name of the file, by its keys, or by both.
pub(super) struct Sign {
    /// Wildcards for the name of the file, without its folders and in any case; empty if the name does not matter.
    pub files: &'static [&'static str],
    /// The keys that the document has, written as in [the clues](super::clues).
    pub keys: Clue,
}

/// A document with these keys, whatever its file is called.
const fn keys(keys: Clue) -> Sign {
    Sign { files: &[], keys }
}

/// A file with a name that one of these wildcards matches, and with these keys.
#[expect(dead_code, reason = "for the formats that follow")]
const fn file(files: &'static [&'static str], keys: Clue) -> Sign {
    Sign { files, keys }
}

/// Declares the formats: their names, what a person calls one such file, and how they are recognised.
macro_rules! formats {
    ($($format:ident = $name:literal, $noun:literal, [$($sign:expr),+ $(,)?];)*) => {
        /// A format that is none of MLSpec's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Format {
            $(#[doc = concat!("A file of this format: ", $noun, ".")] $format,)*
        }

        impl Format {
            /// Every format, in the order in which they are tried.
            pub const ALL: &[Self] = &[$(Self::$format),*];

            /// Its name: `mlflow-run`, `dvc-pipeline`, …
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$format => $name,)* }
            }

            /// What one such file is called; with an `s` at its end, what several are called.
            #[must_use]
            pub fn noun(self) -> &'static str {
                match self { $(Self::$format => $noun,)* }
            }

            /// How it is recognised: any of these is enough.
            pub(super) fn signs(self) -> &'static [Sign] {
                match self { $(Self::$format => const { &[$($sign),+] },)* }
            }
        }
    };
}

formats! {
    MlflowLoggedModel = "mlflow-logged-model", "MLflow logged model", [
        keys(&["experiment_id", "model_id", "artifact_location"]),
    ];
    MlflowExperiment = "mlflow-experiment", "MLflow experiment", [
        keys(&["experiment_id", "artifact_location"]),
    ];
    MlflowRun = "mlflow-run", "MLflow run", [
        keys(&["experiment_id", "lifecycle_stage"]),
        keys(&["experiment_id", "artifact_uri"]),
        keys(&["info.experiment_id", "info.run_id"]),
        keys(&["run.info.experiment_id"]),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_formats_are_unique() {
        let mut names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
