//! What a run says that it used its data for.

/// The words for data of a test, of which a role has at least one.
const OF_TEST: [&str; 8] = ["test", "tests", "testing", "holdout", "holdback", "hold out", "hold back", "held out"];

/// The words that may stand beside them, and change nothing.
const BESIDE: [&str; 20] = [
    "a",
    "blind",
    "data",
    "dataset",
    "datasets",
    "external",
    "final",
    "fold",
    "for",
    "independent",
    "input",
    "internal",
    "of",
    "only",
    "part",
    "sample",
    "set",
    "split",
    "the",
    "unseen",
];

/// Returns whether a role is that of data for a test, and for nothing else: by whole words, in any case and with any separators. Any other
/// word may say the opposite, as in `not for test`, or name another use, as in `train and test`.
pub(in crate::objectives) fn is_of_test(role: &str) -> bool {
    let (text, rest) = without_test(role);
    rest != text && !has_other_words(&rest)
}

/// Returns whether a role names another use than that of a test. One that says no more than `input data` names none.
pub(in crate::objectives) fn is_for_more_than_a_test(role: &str) -> bool {
    has_other_words(&without_test(role).1)
}

/// The words for data that an evaluation measures on.
const OF_EVALUATION: [&str; 7] = ["dev", "development", "eval", "evaluation", "val", "valid", "validation"];

/// Returns whether a role is that of data that something was measured on. That of training data, or one that says no more than `input data`,
/// is not.
pub(in crate::objectives) fn is_of_measurement(role: &str) -> bool {
    is_of_test(role) || words(role).iter().any(|word| OF_EVALUATION.contains(&word.as_str()))
}

/// Returns the words of a role, with those for data of a test and without.
fn without_test(role: &str) -> (String, String) {
    let text = format!(" {} ", words(role).join(" "));
    let rest = OF_TEST.iter().fold(text.clone(), |text, word| text.replace(&format!(" {word} "), "  "));
    (text, rest)
}

fn has_other_words(rest: &str) -> bool {
    rest.split_whitespace().any(|word| !BESIDE.contains(&word))
}

/// Splits a text where something else than a letter stands, or a capital after a small letter.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_after_small = false;
    for letter in text.chars() {
        if !letter.is_alphabetic() || letter.is_uppercase() && is_after_small {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphabetic()) {
            word.extend(letter.to_lowercase());
        }
        is_after_small = letter.is_lowercase();
    }
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_by_its_whole_words() {
        for role in [
            "test",
            "Test",
            "TEST",
            "testing",
            "test-set",
            "testData",
            "test 2",
            "holdout",
            "hold-out",
            "hold_back",
            "HoldBack",
            "Held-out test set",
            "final_test",
            "data for the test",
            "test/holdout",
        ] {
            assert!(is_of_test(role), "{role}");
        }
        for role in [
            "latest",
            "untested",
            "contest data",
            "fastest split",
            "greatest",
            "attestation",
            "not for test",
            "holdout excluded",
            "household",
            "train and test",
            "train/test",
            "TrainTest",
            "pretest",
            "hold",
            "on hold",
            "threshold",
            "validation",
            "",
            "data",
            "protest",
        ] {
            assert!(!is_of_test(role), "{role}");
        }
        for (role, is_more) in [
            ("test", false),
            ("input", false),
            ("the data", false),
            ("", false),
            ("calibration", true),
            ("not for test", true),
        ] {
            assert_eq!(is_for_more_than_a_test(role), is_more, "{role}");
        }
    }
}
