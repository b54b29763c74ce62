//! Names of fields that hold credentials.

use crate::text::Words;
use crate::yaml::{Entry, NodeId, Tree};

/// The kind of credential that a field is likely to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Chosen by a person: any text is possible.
    Password,
    /// Generated: long, and not a word.
    Key,
    /// A scheme, such as `Bearer`, and a key.
    Header,
}

/// Last words of the names of fields that hold a password.
const PASSWORDS: &[&str] = &["password", "passwords", "passwd", "passphrase", "passcode", "pwd"];

/// Words after which `pass` and `pw` mean a password, not a verb.
const OF_ACCOUNTS: &[&str] = &[
    "account", "admin", "amqp", "database", "db", "docker", "email", "ftp", "git", "http", "jdbc", "kafka", "ldap",
    "login", "mail", "mongo", "mongodb", "mqtt", "mysql", "odbc", "pg", "postgres", "proxy", "rabbitmq", "redis",
    "registry", "root", "sftp", "smtp", "sql", "ssh", "sudo", "user",
];

/// Words in the names of fields whose value is encrypted or hashed, and so no longer a secret.
const SEALED: &[&str] = &["ciphertext", "encrypted", "hashed", "sealed"];

/// Last words of the names of fields that hold a key or a token, in one word or two.
const KEYS: &[&str] = &[
    "secret",
    "token",
    "apikey",
    "accesskey",
    "accesskeyid",
    "secretkey",
    "secretaccesskey",
    "sharedaccesskey",
    "accountkey",
    "storagekey",
    "subscriptionkey",
    "privatekey",
    "authkey",
];

/// Words before `token` where it means a piece of text, not a credential.
const OF_LANGUAGE: &[&str] = &[
    "audio",
    "begin",
    "blank",
    "bos",
    "cls",
    "completion",
    "end",
    "eos",
    "eot",
    "first",
    "image",
    "input",
    "last",
    "mask",
    "max",
    "min",
    "new",
    "next",
    "num",
    "oov",
    "output",
    "pad",
    "padding",
    "per",
    "prev",
    "prompt",
    "sep",
    "separator",
    "sos",
    "special",
    "start",
    "stop",
    "text",
    "unk",
    "unknown",
    "video",
    "word",
];

/// Names of fields whose values are not shown, though they need not be secret.
const DISCREET: &[&str] =
    &["connectionstring", "credential", "credentials", "encryptionkey", "masterkey", "secrets", "signingkey"];

/// Whether a field of this name may hold a credential, so that its value may not be shown.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    may_be_secret(name) && {
        let words = words(name);
        held_by_words(&words).is_some()
            || (!is_sealed(&words) && DISCREET.iter().any(|discreet| ends_with(&words, discreet)))
    }
}

/// Returns the kind of credential that a field of this name holds. `None` if it holds none, as with the names of related settings
/// (`token_url`, `max_tokens`, `password_file`).
#[must_use]
pub fn held_by(name: &str) -> Option<Held> {
    may_be_secret(name).then(|| held_by_words(&words(name))).flatten()
}

fn held_by_words(words: &[String]) -> Option<Held> {
    let (last, rest) = words.split_last()?;
    if is_sealed(words) {
        return None;
    }
    if last == "authorization" {
        return Some(Held::Header);
    }
    let of_account = rest.last().is_some_and(|before| OF_ACCOUNTS.contains(&before.as_str()));
    if of_account && matches!(last.as_str(), "pass" | "pw") {
        return Some(Held::Password);
    }
    let is_slip = || MISSPELT_PASSWORDS.iter().any(|password| is_misspelt(last, password));
    // `DOCKERPASSWORD` cannot be split into words.
    if PASSWORDS.contains(&last.as_str()) || last.ends_with("password") || last.ends_with("passwd") || is_slip() {
        return Some(Held::Password);
    }
    if last == "token" && rest.last().is_some_and(|before| OF_LANGUAGE.contains(&before.as_str())) {
        return None;
    }
    let is_slip = || (1..=words.len().min(3)).any(|count| is_misspelt_key(&words[words.len() - count..].concat()));
    (KEYS.iter().any(|key| ends_with(words, key)) || is_slip()).then_some(Held::Key)
}

/// Passwords that are known with one slip of the pen. Of the shorter names, such a slip makes another word.
const MISSPELT_PASSWORDS: &[&str] = &["password", "passphrase"];

fn is_misspelt_key(name: &str) -> bool {
    KEYS.iter().any(|key| is_misspelt(name, key))
}

/// Whether a word is another one with one slip of the pen in it: a letter that is left out, put in, taken for another, or in the place of
/// its neighbour. A plural is none. In a short word, only letters in each other's place and a missing one count: `taken` is no token.
fn is_misspelt(word: &str, meant: &str) -> bool {
    let is_plural = word.strip_suffix('s') == Some(meant);
    let is_close = word.len().abs_diff(meant.len()) <= 1 && !is_plural && strsim::osa_distance(word, meant) == 1;
    let is_short = meant.len() < 6;
    let is_moved = || word.len() < meant.len() || word.len() == meant.len() && strsim::levenshtein(word, meant) == 2;
    is_close && (!is_short || is_moved())
}

fn is_sealed(words: &[String]) -> bool {
    words.iter().any(|word| SEALED.contains(&word.as_str()))
}

/// Whether the last words, joined, are `end`.
fn ends_with(words: &[String], end: &str) -> bool {
    let mut rest = end;
    for word in words.iter().rev() {
        match rest.strip_suffix(word.as_str()) {
            Some("") => return true,
            Some(before) => rest = before,
            None => return false,
        }
    }
    false
}

/// A cheap filter that every key is passed through: it does not allocate, and few names pass.
fn may_be_secret(name: &str) -> bool {
    let end = name.len().checked_sub(3).and_then(|start| name.get(start..)).unwrap_or("");
    name.eq_ignore_ascii_case("pwd")
        || (end.ends_with(['w', 'W'])
            && ["_pw", "-pw", ".pw", "bPw", "rPw"].iter().any(|pw| end.eq_ignore_ascii_case(pw)))
        || (4..=100).contains(&name.len())
            && name.as_bytes().windows(4).any(|four| {
                let [a, b, c, d] = *four else { return false };
                let lower = [a | 0x20, b | 0x20, c | 0x20, d | 0x20];
                let of_a_key = lower[1..] == *b"key" || lower[1..] == *b"pwd";
                of_a_key
                    || match lower[0] {
                        b'a' => lower == *b"auth",
                        b'p' => lower == *b"pass" || lower == *b"pasw",
                        b's' => lower == *b"secr" || lower == *b"sece" || lower == *b"stri",
                        b't' => lower == *b"toke" || lower == *b"tokn",
                        b'c' => lower == *b"cred" || lower == *b"conn",
                        _ => false,
                    }
            })
}

/// Returns the words of a name in lower case: `secretAccessKey`, `secret-access-key` and `SECRET_ACCESS_KEY` have the same three.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            let begins = !before.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && before.is_ascii_lowercase());
            match words.last_mut().filter(|_| !begins) {
                Some(word) => word.push(c.to_ascii_lowercase()),
                None => words.push(c.to_ascii_lowercase().to_string()),
            }
        }
        before = c;
    }
    words
}

/// A cheap filter for names whose last word is `word`: it does not allocate.
fn may_end_in(name: &str, word: &str) -> bool {
    let name = name.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let end = name.len().checked_sub(word.len()).and_then(|start| name.get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Returns the name of the field that holds a value: its key, seen through lists and `value`; the name in a pair such as
/// `{key: DB_PASSWORD, value: …}`; or the option before it in a list of arguments.
#[must_use]
pub fn field_name(tree: &Tree, node: NodeId) -> &str {
    if let Some(option) = option_before(tree, node) {
        return option;
    }
    let mut at = node;
    let name = loop {
        match (tree.key_of(at), tree.parent(at)) {
            (Some(key), _) => break tree.key_name(key),
            (None, Some(parent)) => at = parent,
            (None, None) => return "",
        }
    };
    let around = tree.parent(at).and_then(|mapping| tree.key_of(mapping)).map_or("", |key| tree.key_name(key));
    // Everything under `passwords` is a password, whatever its key.
    if may_end_in(around, "passwords") && words(around).last().is_some_and(|last| last == "passwords") {
        return around;
    }
    if !["value", "val", "default"].iter().any(|own| name.eq_ignore_ascii_case(own)) {
        return name;
    }
    let Some(pair) = tree.parent(at) else { return name };
    let is_name = |entry: &Entry| {
        ["key", "name", "variable"].iter().any(|own| tree.key_name(entry.key).eq_ignore_ascii_case(own))
    };
    let called = tree.entries(pair).filter(is_name).find_map(|entry| tree.string(entry.value));
    called.or_else(|| tree.key_of(pair).map(|key| tree.key_name(key))).unwrap_or(name)
}

/// Returns the kind of credential that a value is by the name of its field, or by a short name beside that of a user: `pass` in
/// `{user: app, pass: …}` is not a verb, and Kaggle stores keys as `{username: ann, key: …}`.
#[must_use]
pub fn held(tree: &Tree, node: NodeId) -> Option<Held> {
    held_by(field_name(tree, node)).or_else(|| held_beside_user(tree, node))
}

/// Whether a value is somewhere below a key that names a credential or several: no report shows what one consists of.
#[must_use]
pub fn is_below_credential(tree: &Tree, node: NodeId) -> bool {
    let above = std::iter::successors(tree.parent(node), |node| tree.parent(*node));
    above.filter_map(|node| tree.key_of(node)).any(|key| {
        let name = tree.key_name(key);
        // A vocabulary has tokens, too.
        let one = name.strip_suffix(['s', 'S']).filter(|one| !may_end_in(one, "token"));
        held_by(name).is_some() || one.is_some_and(|one| held_by(one).is_some())
    })
}

fn held_beside_user(tree: &Tree, node: NodeId) -> Option<Held> {
    let name = tree.key_name(tree.key_of(node)?);
    let (users, held): (&[&str], Held) = match name.len() {
        2 if name.eq_ignore_ascii_case("pw") => (USERS, Held::Password),
        4 if name.eq_ignore_ascii_case("pass") => (USERS, Held::Password),
        3 if name.eq_ignore_ascii_case("key") && is_key_of_kaggle(tree.text(node)?) => (&["username"], Held::Key),
        _ => return None,
    };
    let is_user = |entry: Entry| users.iter().any(|user| tree.key_name(entry.key).eq_ignore_ascii_case(user));
    tree.entries(tree.parent(node)?).any(is_user).then_some(held)
}

/// Names of fields that hold the owner of a password.
const USERS: &[&str] = &["account", "login", "uid", "user", "user_id", "userid", "username"];

fn is_key_of_kaggle(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the kind of credential that a short name holds after the name of a user in a text: `Uid=app;Pw=…`.
#[must_use]
pub fn held_behind_user(name: &str, before: &str) -> Option<Held> {
    let is_short = name.eq_ignore_ascii_case("pw") || name.eq_ignore_ascii_case("pass");
    let is_behind = || {
        let before = before.to_ascii_lowercase();
        before.contains("user") || before.contains("uid=")
    };
    (is_short && is_behind()).then_some(Held::Password)
}

/// Returns the option before an argument in a list: `password` for `[--password, tulip]`.
fn option_before(tree: &Tree, node: NodeId) -> Option<&str> {
    let list = tree.parent(node).filter(|list| tree.is_sequence(*list))?;
    let before = (tree.index_of(node)? as usize).checked_sub(1)?;
    let option = tree.string(*tree.items(list).get(before)?)?.strip_prefix("--")?;
    (!option.contains(['=', ' ']) && held_by(option).is_some()).then_some(option)
}

/// Parts of all names that [`held_by`] knows, also of misspelt ones.
static IN_NAMES: Words = Words::in_any_case(&[
    "authorization",
    "pass",
    "pasw",
    "pwd",
    "secre",
    "secer",
    "secrt",
    "token",
    "tokn",
    "username",
]);

/// The other parts. `key` stands alone in most documents, and a search for many words is slow to begin anew behind each of them; and it is
/// faster when no word is as short as these.
static SHORT_PARTS: Words = Words::in_any_case(&["pw", "key"]);

/// Whether a name that [`held_by`] knows may occur anywhere in a text without escapes.
#[must_use]
pub fn may_name_one(text: &str) -> bool {
    let bytes = text.as_bytes();
    let before = |at: usize| bytes.get(..at).unwrap_or(&[]);
    IN_NAMES.are_in(text)
        || SHORT_PARTS.places(text).any(|(at, word)| match word.len() {
            2 => {
                word.starts_with('P')
                    || matches!(before(at), [.., b'_' | b'-'])
                    || matches!(bytes.get(at + word.len()), Some(b':' | b'"' | b'='))
            }
            _ => is_named_key(before(at)),
        })
}

/// Returns whether `key` follows this text as in `access_key`, `api key` or `apikey`. Alone, it does not name a credential, and occurs often
/// in many documents.
fn is_named_key(before: &[u8]) -> bool {
    match before {
        [.., last, b' '] => last.is_ascii_alphanumeric(),
        [.., last] => last.is_ascii_alphanumeric() || matches!(last, b'_' | b'-' | b'.'),
        [] => false,
    }
}

/// Returns the name that ends at a byte offset, that of its `:` or `=`; at most the last 100 bytes of it.
#[must_use]
pub fn before(text: &str, at: usize) -> &str {
    let bytes = text.as_bytes().get(..at).unwrap_or(&[]);
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let quoted = bytes.strip_suffix(b"\"").or_else(|| bytes.strip_suffix(b"'")).unwrap_or(bytes);
    let length = quoted.iter().rev().take(100).take_while(is_part).count();
    text.get(quoted.len() - length..quoted.len()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_the_words_names_no_credential() {
        for name in PASSWORDS.iter().chain(KEYS) {
            assert!(may_name_one(&format!("a: 1\n{name}: x\n")), "{name}");
            assert!(may_name_one(&name.to_uppercase()), "{name}");
        }
        for text in [
            "db_pw: x",
            "dbPw: x",
            "pw: x",
            "db_access_key: x",
            "- {key: API-KEY, value: x}",
            "api key: x",
            "aws.secretAccessKey: x",
        ] {
            assert!(may_name_one(text), "{text}");
        }
        for text in ["- key: auc", "  key: auc", "{key: auc}", "[{a: 1, key: b}]", "monkeys: 1\nkey", "steps: {}"] {
            assert_eq!(may_name_one(text), text.starts_with("monkeys"), "{text}");
        }
    }

    #[test]
    fn names_of_credentials_are_told_from_names_about_them() {
        for name in ["password", "DB_PASSWORD", "dbPassword", "DOCKERPASSWORD", "pwd", "userPwd", "ssh-passphrase"] {
            assert_eq!(held_by(name), Some(Held::Password), "{name}");
        }
        assert_eq!(held_by("DB_PASS"), Some(Held::Password));
        assert_eq!(held_by("dbPw"), Some(Held::Password));
        assert_eq!(held_by("Authorization"), Some(Held::Header));
        for name in ["pass", "first_pass", "pw", "encrypted_password", "sealed_secret", "author", "pass_rate"] {
            assert_eq!(held_by(name), None, "{name}");
        }
        for name in [
            "secret_access_key",
            "secretAccessKey",
            "access_key_id",
            "AWS_ACCESS_KEY_ID",
            "container_registry_token",
            "token",
            "api-key",
            "apikey",
            "client_secret",
            "AccountKey",
            "private_key",
        ] {
            assert_eq!(held_by(name), Some(Held::Key), "{name}");
        }
        for name in [
            "key",
            "primary_key",
            "max_tokens",
            "num_token",
            "pad_token",
            "eos_token_id",
            "tokenizer",
            "token_url",
            "password_file",
            "credentials_required",
            "secretRef",
            "secret_name",
            "keyword",
            "passes",
            "connection",
            "description",
            "",
            "é",
        ] {
            assert_eq!(held_by(name), None, "{name}");
        }
        assert!(is_secret_name("connectionString") && is_secret_name("CONNECTION_STRING"));
        assert!(is_secret_name("credentials") && !is_secret_name("credentials_required"));
    }

    #[test]
    fn a_slip_of_the_pen_hides_no_credential() {
        for name in ["passwrd", "DB_PASWORD", "passowrd", "passwort", "dbPasswrod", "passsword", "ssh-passphrse"] {
            assert_eq!(held_by(name), Some(Held::Password), "{name}");
            assert!(may_name_one(name), "{name}");
        }
        for name in [
            "secert_key",
            "client_secrte",
            "acces_key",
            "accessKye_",
            "secrett",
            "api_tokne",
            "privte_key",
            "tokn",
            "acess_key_id",
        ] {
            let is_found = held_by(name) == Some(Held::Key);
            assert_eq!(is_found, name != "accessKye_", "{name}");
            assert!(!is_found || may_name_one(name), "{name}");
        }
        for name in [
            "passed",
            "pass_word_count",
            "taken",
            "tokens",
            "secrets_path",
            "secure",
            "second",
            "access_keys",
            "passages",
            "broken",
        ] {
            assert_eq!(held_by(name), None, "{name}");
        }
    }

    #[test]
    fn the_name_before_a_place() {
        assert_eq!(before("--db-password=x", 13), "--db-password");
        assert_eq!(before("{\"token\": 1}", 8), "token");
        assert_eq!(before("=", 0), "");
        assert_eq!(before("é=", 2), "");
    }
}
