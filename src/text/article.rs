//! The indefinite article of a word.

/// Letters whose names begin with a vowel sound: "an MLflow run", "an XGBoost model".
const VOWEL_NAMES: &[char] = &['f', 'h', 'l', 'm', 'n', 'r', 's', 'x'];
/// Lower-case prefixes that are pronounced letter by letter.
const SPELT_OUT: &[&str] = &["h2", "ml", "mx", "nlt", "sql", "svm", "xg", "xl", "xm"];
/// Prefixes that begin with a vowel letter but are pronounced with a consonant.
const CONSONANT_SOUNDS: &[&str] = &["eu", "one", "uni", "uri", "url", "use", "util", "uuid"];

/// Returns one or more words with `a` or `an` in front, according to their pronunciation.
#[must_use]
pub fn with_article(words: &str) -> String {
    let article = if begins_with_vowel_sound(words) { "an" } else { "a" };
    format!("{article} {words}")
}

fn begins_with_vowel_sound(words: &str) -> bool {
    let word = words.split([' ', '-']).next().unwrap_or(words);
    let lower = word.to_lowercase();
    let begins_with = |beginnings: &[&str]| beginnings.iter().any(|beginning| lower.starts_with(beginning));
    let is_abbreviation = word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if (is_abbreviation && lower.starts_with(VOWEL_NAMES)) || begins_with(SPELT_OUT) {
        return true;
    }
    lower.starts_with(['a', 'e', 'i', 'o', 'u']) && !begins_with(CONSONANT_SOUNDS)
}

#[cfg(test)]
mod tests {
    use super::with_article;

    #[test]
    fn the_article_follows_the_sound() {
        for right in [
            "an xgboost",
            "an XGBoost",
            "an mxnet",
            "an H2O",
            "an MLflow run",
            "an MLCube file",
            "an ONNX",
            "an artifact",
            "an RSA key",
            "an inference-log",
            "an SVM",
            "an HTTP request",
            "an unknown kind",
            "a tensorflow",
            "a lightgbm",
            "a sklearn",
            "a DVC pipeline",
            "a UUID",
            "a URI",
            "a unit",
            "a Kubeflow component",
            "a model",
            "a pipeline-run",
            "a W&B sweep",
            "an mlspec-lint report",
            "a JSON Schema",
            "a mapping",
            "an Azure ML definition",
        ] {
            let words = right.split_once(' ').unwrap().1;
            assert_eq!(with_article(words), right);
        }
    }
}
