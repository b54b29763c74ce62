//! Values that stand in for a credential: placeholders, and references to where the credential is kept.

/// Beginnings of references (schemes and paths of secret stores, variables of shells and CI systems) and of encrypted values (SOPS, Jasypt,
/// Spring, AWS KMS, Fernet).
const BEGINNINGS: &[&str] = &[
    "$",
    "%(",
    "/etc/",
    "/mnt/",
    "/run/",
    "/secrets/",
    "/var/",
    "/vault/",
    "./",
    "../",
    "~/",
    "@microsoft.keyvault",
    "-----begin age encrypted",
    "-----begin pgp message",
    "#{",
    "akeyless:",
    "akv:",
    "arn:aws:secretsmanager",
    "arn:aws:ssm",
    "aws-sm:",
    "awssm:",
    "azkv:",
    "azurekeyvault:",
    "berglas:",
    "bws:",
    "conjur:",
    "doppler:",
    "enc(",
    "enc[",
    "aqicah",
    "env.",
    "env:",
    "environ[",
    "file:",
    "gcp-secret:",
    "gcp-sm:",
    "gcpsecret:",
    "gaaaaab",
    "gsm:",
    "infisical:",
    "k8s:",
    "keyring:",
    "keyvault:",
    "kms:",
    "ksm:",
    "kubernetes:",
    "lookup(",
    "my-",
    "my_",
    "op://",
    "os.environ",
    "projects/",
    "ref+",
    "ref:",
    "secret:",
    "secret/",
    "secretkeyref",
    "secretref",
    "secretsmanager:",
    "secrets.",
    "secrets:",
    "sm://",
    "sops:",
    "ssm:",
    "ssm://",
    "vault.",
    "vault:",
    "vault/",
    "{cipher}",
];

/// Words that mark a text as a placeholder wherever they occur in it.
const WORDS: &[&str] = &[
    "...",
    "change-me",
    "change_me",
    "changeit",
    "changeme",
    "dummy",
    "example",
    "fill-in",
    "fill_in",
    "insert",
    "placeholder",
    "redacted",
    "removed",
    "replace",
    "sample",
    "your",
];

/// Whole texts that are placeholders.
const NOTHING: &[&str] = &[
    "",
    "-",
    "?",
    "api-key",
    "api_key",
    "apikey",
    "blah",
    "empty",
    "fake",
    "false",
    "fixme",
    "foo",
    "foobar",
    "hidden",
    "key",
    "masked",
    "n/a",
    "na",
    "nil",
    "none",
    "null",
    "omitted",
    "optional",
    "pass",
    "passwd",
    "password",
    "prompt",
    "required",
    "secret",
    "string",
    "tbd",
    "todo",
    "token",
    "true",
    "undefined",
    "unknown",
];

/// Endings of texts that name a secret instead of holding one: `DOCKERPASSWORD_SECRET`, `registry-secret`.
const ENDS: &[&str] = &["_secret", "-secret", "_ref", "-ref", "_secret_name", ".pem", ".key", ".txt", ".json"];

/// Longer texts are judged by their first bytes, at most this many.
const MOST_BYTES: usize = 256;

/// Whether a value stands in for a credential: it is empty, a placeholder, or a reference.
#[must_use]
pub fn is_stand_in(value: &str) -> bool {
    let value = start(value.trim());
    let lower = value.to_ascii_lowercase();
    is_one_character(value)
        || NOTHING.contains(&lower.as_str())
        || BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning))
        || ENDS.iter().any(|end| lower.ends_with(end))
        || WORDS.iter().any(|word| lower.contains(word))
        || is_template(value)
        || is_name_of_variable(value)
        || is_sealed(value)
        || is_address(value)
}

/// Returns the part of a value that is examined: a bounded number of whole characters from its start.
pub(super) fn start(value: &str) -> &str {
    let end = (0..=MOST_BYTES.min(value.len())).rev().find(|end| value.is_char_boundary(*end));
    value.get(..end.unwrap_or(0)).unwrap_or("")
}

/// Whether a value is one character repeated: `xxxxxxxxxx`, `********`, `00000000`.
fn is_one_character(value: &str) -> bool {
    let mut chars = value.chars();
    chars.next().is_none_or(|first| chars.all(|c| c == first))
}

/// Whether a value is or contains a template: `<…>`, `${…}`, `{{…}}`, `$(…)`, `%(…)s`, `{…}`.
fn is_template(value: &str) -> bool {
    let is_wrapped = |open, close| value.starts_with(open) && value.ends_with(close);
    is_wrapped('<', '>')
        || is_wrapped('{', '}')
        || is_wrapped('%', '%')
        || is_wrapped('[', ']')
        || (value.starts_with("((") && value.ends_with("))"))
        || ["${", "{{", "$(", "%("].iter().any(|open| value.contains(open))
}

/// Whether a value is a sealed secret: the base64 form of a 512-byte key and the data that it encrypts. It begins with the length of the
/// key in two bytes.
fn is_sealed(value: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let has_length = value.starts_with("Ag") && value.as_bytes().get(2).is_some_and(|byte| matches!(byte, b'A'..=b'D'));
    has_length && value.len() >= 32 && value.bytes().all(is_base64)
}

/// Whether a value is the address of a secret: `https://contoso.vault.azure.net/secrets/registry`, `gcp-sm://loans/registry`. A URL that
/// contains a secret has a user or a parameter.
fn is_address(value: &str) -> bool {
    value.contains("://") && !value.contains(['@', '='])
}

/// Whether a value is the name of a variable that holds a credential: `AWS_SECRET_ACCESS_KEY`.
fn is_name_of_variable(value: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    value.contains('_') && value.bytes().all(is_name) && super::is_secret_name(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_references_are_told_from_credentials() {
        for value in [
            "",
            "xxxxxxxxxx",
            "********",
            "<token>",
            "${TOKEN}",
            "$TOKEN",
            "{{ token }}",
            "%(token)s",
            "env:TOKEN",
            "secret:registry/token",
            "vault:secret/data/registry#token",
            "secretRef",
            "DOCKERPASSWORD_SECRET",
            "registry-secret",
            "AWS_SECRET_ACCESS_KEY",
            "changeme",
            "your-key-here",
            "AKIAIOSFODNN7EXAMPLE",
            "/run/secrets/token",
            "None",
            "ENC[AES256_GCM,data:p673w==,iv:YY=,aad:UQ=,tag:AQ==,type:str]",
            "ref+awsssm://db#/password",
            "#{DbPassword}#",
            "gcp-secret://projects/ml/db",
            "k8s:secret/db/password",
            "{cipher}a1b2c3d4e5f60718",
            "https://contoso.vault.azure.net/secrets/db",
            "gAAAAABhZx0tUvWkLmNoPqRsTuVwXyZ1234567890",
            "AQICAHhx0tUvWkLmNoPq",
            "https://vault.contoso.com/v1/secret/data/db",
            "keyvault://contoso/db",
            "((db-password))",
            "AgCx0tUvWkLmNoPqRsTuVwXyZ1234567890+/",
            "password",
        ] {
            assert!(is_stand_in(value), "{value}");
        }
        for value in
            ["hunter2", "tulip-7-anvil", "QUJDREVGR0hJSktMTU5PUA==", "1234", "AKIAQYLPMN5HFIQR7XYA", "S3CR3T", "é1"]
        {
            assert!(!is_stand_in(value), "{value}");
        }
        assert!(!is_stand_in(&"é1".repeat(1000)));
    }
}
