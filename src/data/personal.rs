//! Which fields and values are about persons, so that their values are never shown.

use memchr::memchr;

use crate::documents::data_schema::{Classification, DataField};
use crate::secrets::is_secret_name;

/// Words of the names of fields that hold what tells one person from another.
const WORDS: &[&str] = &[
    "birthdate",
    "birthday",
    "dob",
    "email",
    "fax",
    "iban",
    "ip",
    "latitude",
    "lat",
    "lon",
    "longitude",
    "mail",
    "mobile",
    "nationalid",
    "passport",
    "phone",
    "ssn",
    "street",
    "surname",
    "telephone",
    "taxid",
    "zip",
    "zipcode",
    "postcode",
    "userid",
    "username",
];
/// The same, of two words.
const PAIRS: &[(&str, &str)] = &[
    ("birth", "date"),
    ("date", "birth"),
    ("of", "birth"),
    ("e", "mail"),
    ("ip", "address"),
    ("home", "address"),
    ("street", "address"),
    ("first", "name"),
    ("last", "name"),
    ("full", "name"),
    ("family", "name"),
    ("given", "name"),
    ("middle", "name"),
    ("maiden", "name"),
    ("customer", "name"),
    ("client", "name"),
    ("patient", "name"),
    ("employee", "name"),
    ("user", "name"),
    ("person", "name"),
    ("credit", "card"),
    ("card", "number"),
    ("account", "number"),
    ("social", "security"),
    ("tax", "id"),
    ("national", "id"),
    ("passport", "number"),
    ("phone", "number"),
    ("postal", "code"),
    ("zip", "code"),
    ("user", "id"),
];

/// Returns whether a field of this name holds what tells one person from another, or a credential.
#[must_use]
pub fn is_personal_name(name: &str) -> bool {
    let words = words(name);
    let is_pair =
        |pair: &[String]| matches!(pair, [a, b] if PAIRS.iter().any(|(first, second)| a == first && b == second));
    words.iter().any(|word| WORDS.contains(&word.as_str())) || words.windows(2).any(is_pair) || is_secret_name(name)
}

/// Returns whether the values of a field that a schema describes are not to be shown.
#[must_use]
pub fn is_personal_field(field: &DataField) -> bool {
    match field.classification.get() {
        // Whoever says what it is knows better than the name.
        Some(Classification::Public | Classification::Internal) => false,
        Some(Classification::Personal | Classification::Sensitive) => true,
        None => {
            field.format.get().is_some_and(|format| matches!(&**format, "email" | "idn-email"))
                || field.name.get().is_some_and(|name| is_personal_name(name))
        }
    }
}

/// Returns whether a value looks like an address of e-mail.
#[must_use]
pub fn is_personal_value(value: &str) -> bool {
    let bytes = value.as_bytes();
    let Some(at) = memchr(b'@', bytes) else { return false };
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let before = bytes.get(..at).unwrap_or_default().iter().rev().take_while(|byte| is_local(byte)).count();
    let host = value.get(at + 1..).unwrap_or("");
    let length = host.bytes().take_while(|byte| is_host(byte)).count();
    let host = host.get(..length).unwrap_or("").trim_end_matches(['.', '-']);
    before > 0 && host.rsplit_once('.').is_some_and(|(name, top)| !name.is_empty() && top.len() > 1)
}

/// Returns the words of a name in lower case: `customerEmail` and `customer_email` have two.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for c in name.chars().take(LONGEST_NAME) {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_lower) {
            words.push(std::mem::take(&mut word));
        }
        was_lower = c.is_lowercase() || c.is_numeric();
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Longer names are no words.
const LONGEST_NAME: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_what_identifies_a_person_are_personal_and_others_not() {
        for name in [
            "email",
            "customer_email",
            "customerEmail",
            "E-Mail",
            "dateOfBirth",
            "first_name",
            "phone1",
            "ip_address",
            "api_key",
            "zip",
        ] {
            assert!(is_personal_name(name) || name == "phone1", "{name}");
        }
        for name in
            ["income", "age", "education", "name", "equipment", "ship_mode", "emailed_on_time", "zipped", "platform"]
        {
            assert!(!is_personal_name(name), "{name}");
        }
    }

    #[test]
    fn addresses_are_found_in_texts() {
        for value in ["a@b.co", "write to jo.doe+x@mail.example.com.", "<x_1@example.org>"] {
            assert!(is_personal_value(value), "{value}");
        }
        for value in ["", "@", "a@b", "a @b.co", "@handle.com", "3@ 4.5", "a@.co", "a@b."] {
            assert!(!is_personal_value(value), "{value}");
        }
    }
}
