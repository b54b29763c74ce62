//! Credentials recognized by their shape, anywhere in a text.
//!
//! A few passes search the text for the prefixes of tokens, for `=`, for `--`, and for `://`. At each match a bounded number of surrounding
//! bytes is examined, so that the time is linear in the length of the text.

use std::ops::Range;

use super::assignments::{assigned, behind_options, entries};
use super::names;
use super::tokens::with_prefix;
use super::urls::in_userinfo;

pub use super::assignments::is_credential;
pub use super::urls::userinfos;

/// A credential in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its byte range.
    pub range: Range<usize>,
    /// A description, with an article.
    pub what: &'static str,
    /// Whether it is part of a URL.
    pub in_url: bool,
}

/// The minimum length of a credential together with what announces it: `a://b:c@d`.
const SHORTEST: usize = 9;

/// Finds all credentials in a text, ordered by their first byte; they may overlap.
#[must_use]
pub fn find(text: &str) -> Vec<Credential> {
    find_in(text, || names::may_name_one(text))
}

/// Returns whether a text may contain a credential. `may_name_one` is the answer of [`names::may_name_one`], if the caller needs it as well.
#[must_use]
pub fn has_one(text: &str, may_name_one: impl FnOnce() -> bool) -> bool {
    !find_in(text, may_name_one).is_empty()
}

fn find_in(text: &str, may_name_one: impl FnOnce() -> bool) -> Vec<Credential> {
    let mut found = Vec::new();
    if text.len() >= SHORTEST {
        with_prefix(text, &mut found);
        behind_options(text, &mut found);
        assigned(text, &mut found);
        in_userinfo(text, &mut found);
        // Only a text that is more than a single value has entries.
        if memchr::memchr2(b' ', b'"', text.as_bytes()).is_some() && may_name_one() {
            entries(text, &mut found);
        }
        found.sort_by_key(|found| (found.range.start, found.range.end));
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::prefixes::{Body, SHAPES};
    use super::*;

    /// Returns the credentials in a text, and whether each is in a URL.
    fn found(text: &str) -> Vec<(&str, bool)> {
        find(text).into_iter().map(|found| (text.get(found.range).unwrap(), found.in_url)).collect()
    }

    /// Returns random-looking letters and digits. They are assembled here so that no file contains text that other scanners take for a
    /// token.
    fn noise(length: usize) -> String {
        "Q7m2Zr9Xk4Tb8Wn5Lc3Vf6Hj1Pd0Sg".chars().cycle().take(length).collect()
    }

    #[test]
    fn each_prefix_announces_a_credential() {
        for (prefix, body, _) in SHAPES {
            let (text, token) = example(prefix, body, 0);
            assert_eq!(found(&text).first().map(|found| found.0), Some(token.as_str()), "{text}");
        }
    }

    /// A text that is one character too short, or says that it is an example, is not a credential.
    #[test]
    fn what_is_close_to_a_shape_is_no_credential() {
        for (prefix, body, _) in SHAPES {
            let is_measured =
                !matches!(body, Body::Jwt | Body::Pem | Body::Account | Body::Login | Body::Path | Body::Slashed);
            if is_measured {
                let (text, _) = example(prefix, body, 1);
                assert_eq!(found(&text), [], "{text}");
            }
            if matches!(body, Body::Token(_) | Body::Hex(_) | Body::Capitals(_)) && !prefix.ends_with(' ') {
                let (text, _) = example(prefix, body, 0);
                let inside = text.replace(prefix, &format!("x{prefix}"));
                assert_eq!(found(&inside), [], "{inside}");
                let stand_in = format!("run {prefix}{} now", "x".repeat(60));
                assert_eq!(found(&stand_in), [], "{stand_in}");
            }
        }
    }

    /// Returns a command with a credential of a shape, and the credential, which is `lacks` characters shorter than required.
    fn example(prefix: &str, body: &Body, lacks: usize) -> (String, String) {
        let capitals = noise(60).to_uppercase();
        let token = match body {
            Body::Token(least) if prefix.ends_with(' ') => noise(least - lacks),
            Body::Token(least) | Body::Base64(least) => format!("{prefix}{}", noise(least - lacks)),
            Body::Capitals(exactly) => format!("{prefix}{}", &capitals[..*exactly - lacks]),
            Body::Hex(exactly) => format!("{prefix}{}", &"0b5e7c91".repeat(10)[..*exactly - lacks]),
            Body::Infix(_, before, least) => format!("{}{prefix}{}", "7".repeat(*before), noise(least - lacks)),
            Body::Jwt => format!("{prefix}{}.eyJ{}.{}", noise(20), noise(20), noise(30)),
            Body::Pem => format!("{prefix}RSA PRIVATE KEY-----\n  {}\n-----END RSA PRIVATE KEY-----", noise(64)),
            Body::Parts(parts) => {
                let last = parts.len() - 1;
                let part = |(index, length): (usize, &usize)| noise(length - if index == last { lacks } else { 0 });
                format!("{prefix}{}", parts.iter().enumerate().map(part).collect::<Vec<_>>().join("."))
            }
            Body::KeyOfUser(exactly) => "0b5e7c91".repeat(10)[..*exactly - lacks].to_owned(),
            Body::Account | Body::Login | Body::Slashed => "tulip-7-anvil".to_owned(),
            Body::Path => format!("{prefix}T{}/B{}/{}", noise(8), noise(8), noise(24)),
        };
        let before = match body {
            Body::Account => format!("curl{prefix} admin:"),
            Body::Login => format!("sshpass{prefix} "),
            Body::KeyOfUser(_) => format!("{{\"username\":\"ann\",{prefix}\""),
            Body::Slashed => return (format!("run {prefix}app/{token}@db:1521/loans now"), token),
            _ if prefix.ends_with(' ') => prefix.to_owned(),
            _ => String::new(),
        };
        (format!("run {before}{token} now"), token)
    }

    #[test]
    fn commands_and_headers_that_carry_credentials() {
        let key = noise(24);
        for (text, expected) in [
            ("curl -u admin:tulip-7 https://h", "tulip-7"),
            ("curl -uadmin:tulip-7 https://h", "tulip-7"),
            ("curl --user=admin:tulip-7 https://h", "tulip-7"),
            ("wget --http-password tulip-7 https://h", "tulip-7"),
            ("docker login -u a -p tulip-7 registry", "tulip-7"),
            ("mysql -ptulip-7 db", "tulip-7"),
            ("sqlplus app/tulip-7@db", "tulip-7"),
            ("Server=db;Uid=app;Pw=tulip-7;Encrypt=true", "tulip-7"),
            (&format!("curl -H \"Authorization: Basic {key}\" https://h"), &key),
            (&format!("curl -H 'authorization: token {key}' https://h"), &key),
            (&format!("curl -H 'PRIVATE-TOKEN: {key}' https://h"), &key),
            (&format!("Ocp-Apim-Subscription-Key: {key}"), &key),
        ] {
            assert_eq!(found(text), [(expected, false)], "{text}");
        }
        for text in [
            "curl -u \"$USER:$PASSWORD\" https://h",
            "docker run --user 1000:1000 -p 8080:80 image",
            "python -u train.py:main -p 4711",
            "mysql -p db",
            "curl -H 'Authorization: Bearer ${TOKEN}' https://h",
            "Authorization: required for all of 2024",
            "sqlplus /nolog @loans.sql",
            "sqlplus $USER/$PASSWORD@db",
            "pass=2 of 3; Pass=first",
            "host=db password='' user='the one of them all'",
            "host=db password='${DB PASSWORD}' user=app",
            "set password='the password that you were sent by mail'",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn credentials_in_urls_and_assignments() {
        for (text, expected) in [
            ("postgres://app:tulip7@db/loans", "tulip7"),
            ("https://app:tu@lip@db", "tu@lip"),
            ("a://b.c/d, e://app:tulip7@db", "tulip7"),
            ("jdbc:oracle:thin:app/tulip7@//db:1521/loans", "tulip7"),
            ("jdbc:oracle:oci:app/tu/li@p7@db", "tu/li@p7"),
            ("https://a.example/x?access_token=Q7m2Zr9Xk4&page=2", "Q7m2Zr9Xk4"),
            ("https://a.blob.core.windows.net/c?sv=2024-05-04&sig=Q7m2Zr9Xk4%3D", "Q7m2Zr9Xk4%3D"),
        ] {
            assert!(found(text).contains(&(expected, true)), "{text}: {:?}", found(text));
        }
        for (text, expected) in [
            ("Server=db;User Id=app;Password=tulip;Encrypt=true", "tulip"),
            ("DefaultEndpointsProtocol=https;AccountKey=Q7m2Zr9Xk4==;x=y", "Q7m2Zr9Xk4=="),
            ("export DB_PASSWORD='tulip'; run", "tulip"),
            ("run --token=Q7m2Zr9Xk4", "Q7m2Zr9Xk4"),
            ("host=db user=app password='three small tulips' dbname=loans", "three small tulips"),
            ("host=db password = 'tulip\\'s rose' user=app", "tulip\\'s rose"),
            ("Server=db;Uid=app;Pwd=\"tulip;rose\";Encrypt=true", "tulip;rose"),
            ("host=db passwrd=tulip-7 user=app", "tulip-7"),
        ] {
            assert_eq!(found(text), [(expected, false)], "{text}");
        }
    }

    #[test]
    fn ordinary_texts_hold_none() {
        for text in [
            "python train.py --epochs=25 --max-tokens=512 --tokenizer=bert",
            "run --password ${PASSWORD} --token $TOKEN --api-key <key> --token={{ token }}",
            "https://${USER}:${PASSWORD}@db/loans",
            "https://a.example/x?token=<token>&sig=${SIG}",
            "git+ssh://git@github.com/contoso/loans.git@v1",
            "credit-train@1.0.0",
            "mail someone@example.com",
            "jdbc:oracle:thin:@//db:1521/loans, jdbc:oracle:thin:app/@db, jdbc:oracle:thin:${USER}/${PASSWORD}@db",
            "{\"key\": \"0b5e7c910b5e7c910b5e7c910b5e7c91\"}",
            "patience.of, path.to.pattern, s.d. of 3, v1.0-rc1, key-value",
            "the API-GATEWAY of sha256~",
            "sk-learn-random-forest-classifier-v2-production-2024",
            "task-AKIA, AKIAIOSFODNN7EXAMPLE",
            "hf_hub_download_of_a_long_model_name_without_digits",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "-----BEGIN CERTIFICATE-----",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "limit_bal >= 500000 and token=x",
            "a=b",
            "=@=@",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    /// Pieces that the passes look for, so that random texts contain them.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = proptest::sample::select(&[
            "token=",
            "--password ",
            "://",
            "a:b@",
            "@",
            "=",
            "?sig=",
            "ghp_",
            "eyJ",
            ".eyJ",
            "-----BEGIN ",
            "PRIVATE KEY-----",
            "AKIA",
            "Q7m2Zr9Xk4Tb8Wn5Lc3V",
            "é",
            "\u{1f600}",
            " ",
            "\n",
            "'",
            "\"",
            "&",
            ";",
            "/",
            "-",
            "x",
        ]);
        proptest::collection::vec(piece, 0..400).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn what_is_found_is_whole_characters_and_is_gone_from_redacted_text(text in pieces()) {
            for found in find(&text) {
                let secret = text.get(found.range);
                prop_assert!(secret.is_some_and(|secret| !secret.is_empty()));
                // Short texts may also occur where they are not a credential.
                let long = secret.filter(|secret| secret.len() >= 40);
                prop_assert!(long.is_none_or(|secret| !crate::secrets::redact(&text).contains(secret)));
            }
        }
    }
}
