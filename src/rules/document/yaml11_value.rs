//! `document/yaml11-value`

use crate::diagnostics::{Fix, Severity};
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Edit;
use crate::yaml::{NodeId, NodeStyle, Number, ScalarType, plain_type};

declare_rule! {
    /// A value must mean the same to readers of YAML 1.1 and of YAML 1.2.
    ///
    /// MLSpec documents are YAML 1.2, and many are read with PyYAML, which implements YAML 1.1: there the country `NO` is false, the seed
    /// `010` is eight, `12:30` is 750 and the learning rate `1e-3` is text. Nothing fails; the training just runs with another value than
    /// the one that was reviewed. A lone `=` or `<<` has a tag of its own there, and PyYAML cannot read the file at all. Keys are read like
    /// values.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// tags:
    ///   - {key: country, value: NO}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// tags:
    ///   - {key: country, value: "NO"}
    /// ```
    ///
    /// ## Fix
    /// `--fix` quotes what is text in YAML 1.2, and rewrites a number so that both versions read it the same way.
    pub YAML11_VALUE = {
        id: "document/yaml11-value",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "YAML 1.2, section 10.3.2, and the types bool, int and float of YAML 1.1, as PyYAML reads them",
        kinds: [],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let is_json = cx.tree.source().is_excerpt()
        || [".json", ".jsonl", ".ndjson"].iter().any(|end| cx.tree.source().name().to_ascii_lowercase().ends_with(end));
    if is_json {
        return;
    }
    for node in cx.scalars() {
        let Some(text) = plain(cx, node) else { continue };
        let Some((message, written)) = difference_in_words(text).filter(|_| !cx.is_faulty(node)) else { continue };
        let fix = Fix::safe(format!("write {written}"), vec![Edit { span: cx.tree.span(node), text: written }]);
        out.push(cx.at_value(&YAML11_VALUE, node, message).severity(Severity::Warning).fix(fix));
    }
    for key in cx.tree.keys(cx.document as usize) {
        // As a key, PyYAML reads `=` as text, and `<<` as a merge key.
        let Some(text) = plain(cx, key).filter(|text| !TAGS.contains(text)) else { continue };
        let (Some((message, written)), Some(entry)) = (difference_in_words(text), cx.tree.entry_of(key)) else {
            continue;
        };
        let edit = Edit { span: cx.tree.span(key), text: written.clone() };
        // A key that is a number may be intended as text.
        let fix = written.starts_with('"').then(|| Fix::safe(format!("write {written}"), vec![edit]));
        out.push(cx.at_key(&YAML11_VALUE, entry.value, message).severity(Severity::Warning).fix(fix));
    }
}

/// Returns the text of a plain scalar without a tag that the two versions may read differently.
fn plain<'a>(cx: &Context<'a>, node: NodeId) -> Option<&'a str> {
    let span = cx.tree.span(node);
    // This runs for every scalar, and the first bytes rule out most of them.
    let written = cx.tree.source().text().as_bytes().get(span.range())?;
    let is_plain = may_differ(written)
        && cx.tree.scalar_type(node).is_some()
        && cx.tree.resolve(node) == node
        && cx.tree.style(node) == NodeStyle::Plain
        && !cx.tree.is_tagged(node);
    is_plain.then(|| cx.tree.source().slice(span))
}

/// Plain scalars that have a tag of their own in YAML 1.1, for which PyYAML has no reader.
const TAGS: [&str; 2] = ["=", "<<"];

/// Returns a message about a plain scalar that the two versions read differently, and a replacement.
fn difference_in_words(text: &str) -> Option<(String, String)> {
    if TAGS.contains(&text) {
        let message =
            format!("{text} is text in YAML 1.2, and PyYAML, which reads YAML 1.1, refuses the whole file for it");
        return Some((message, format!("\"{text}\"")));
    }
    let (own, other, written) = difference(text)?;
    Some((format!("{text} is {own} in YAML 1.2, and {other} in YAML 1.1, which PyYAML reads"), written))
}

/// Returns `false` for most scalars, at little cost.
fn may_differ(text: &[u8]) -> bool {
    match text {
        [b'=' | b'<', rest @ ..] => rest.len() < 2,
        [b'y' | b'Y' | b'n' | b'N' | b'o' | b'O', rest @ ..] => rest.len() < 3,
        [b'+' | b'-', unsigned @ ..] => !is_common_number(unsigned),
        [b'0'..=b'9', ..] => !is_common_number(text),
        [b'.', ..] => true,
        _ => false,
    }
}

/// Returns whether a text without its sign is a number that both versions read the same way, or a number in neither of them: a date, a
/// version, a UUID. `false` if that takes a closer look.
fn is_common_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (whole, rest) = text.split_at(digits(text));
    match rest {
        [] => matches!(whole, [b'0'] | [b'1'..=b'9', ..]),
        [b'.', fraction @ ..] if !whole.is_empty() => {
            !matches!(fraction.get(digits(fraction)), Some(b'e' | b'E' | b'_' | b':'))
        }
        [b'b' | b'x' | b'o', ..] => whole != b"0",
        [b'.' | b'e' | b'E' | b'_' | b':', ..] => false,
        [..] => true,
    }
}

/// Returns what a plain scalar is in YAML 1.2, what it is in YAML 1.1, and a replacement that is the former in both. `None` if both
/// versions read it the same way.
fn difference(text: &str) -> Option<(&'static str, String, String)> {
    if text.len() > 40 {
        return None;
    }
    let quoted = || format!("\"{text}\"");
    match (plain_type(text), old_type(text)) {
        (ScalarType::String, Some(old)) => Some(("text", old, quoted())),
        (ScalarType::Integer, old) => {
            let own = match Number::parse(text)? {
                Number::Signed(value) => value.to_string(),
                Number::Unsigned(value) => value.to_string(),
                Number::Float(_) => return None,
            };
            let old = old.unwrap_or_else(|| "text".to_owned());
            (old != own).then_some(("a number", old, own))
        }
        // A number that overflows is reported by another rule.
        (ScalarType::Float, None) if !is_finite(text) => None,
        (ScalarType::Float, None) => Some(("a number", "text".to_owned(), with_point_and_sign(text))),
        _ => None,
    }
}

fn is_finite(text: &str) -> bool {
    matches!(Number::parse(text), Some(Number::Float(value)) if value.is_finite())
}

/// Describes the truth value or number that YAML 1.1 reads a plain scalar as. `None` if it is neither.
fn old_type(text: &str) -> Option<String> {
    match text {
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Some("true".to_owned()),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Some("false".to_owned()),
        _ => {}
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let bare = unsigned.replace('_', "");
    let of_radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(|value| format!("{sign}{value}"));
    let first = unsigned.bytes().next()?;
    if let Some(digits) = bare.strip_prefix("0b") {
        return of_radix(digits, 2);
    }
    if let Some(digits) = bare.strip_prefix("0x") {
        return of_radix(digits, 16);
    }
    if unsigned.contains(':') {
        return sexagesimal(unsigned).map(|value| format!("{sign}{value}"));
    }
    let is_integer = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    if is_integer && first.is_ascii_digit() {
        return match bare.strip_prefix('0') {
            Some("") => Some("0".to_owned()),
            Some(octal) => of_radix(octal, 8),
            None => Some(format!("{sign}{bare}").replace("-0", "0")),
        };
    }
    is_old_float(text, unsigned).then(|| "a number".to_owned())
}

/// Describes a number to the base 60, such as `12:30`, which is 750, or `12:30.5`, which is 750.5.
fn sexagesimal(unsigned: &str) -> Option<String> {
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let mut parts = whole.split(':');
    let first = parts.next()?.replace('_', "");
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    // A whole number does not begin with 0: that is an octal one.
    if !is_digits(&first) || (fraction.is_none() && first.starts_with('0')) {
        return None;
    }
    if fraction.is_some_and(|digits| !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')) {
        return None;
    }
    let mut value: u64 = first.parse().ok()?;
    for part in parts {
        if !is_digits(part) || part.len() > 2 || part.parse::<u8>().ok()? > 59 {
            return None;
        }
        value = value.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    let fraction = fraction.map(|digits| digits.replace('_', "")).filter(|digits| !digits.is_empty());
    Some(fraction.map_or_else(|| value.to_string(), |digits| format!("{value}.{digits}")))
}

/// Whether the digits of a number have a decimal point, and its exponent has a sign.
fn is_old_float(text: &str, unsigned: &str) -> bool {
    if matches!(text, ".nan" | ".NaN" | ".NAN") || matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let Some((whole, fraction)) = mantissa.split_once('.') else { return false };
    let has_exponent = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['-', '+'])
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let has_digits = match whole.is_empty() {
        // A number that begins with its decimal point has no sign.
        true => text == unsigned && fraction.starts_with(|c: char| c.is_ascii_digit()),
        false => whole.starts_with(|c: char| c.is_ascii_digit()),
    };
    has_digits && has_exponent && is_digits(whole) && is_digits(fraction)
}

/// Rewrites a YAML 1.2 number so that both versions read it: `1e-3` as `1.0e-3`.
fn with_point_and_sign(text: &str) -> String {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (sign, digits) = match mantissa.strip_prefix(['-', '+']) {
        Some(digits) => (&mantissa[..1], digits),
        None => ("", mantissa),
    };
    let digits = match digits.split_once('.') {
        Some(("", fraction)) => format!("0.{fraction}"),
        Some(_) => digits.to_owned(),
        None => format!("{digits}.0"),
    };
    let exponent = exponent.map(|exponent| match exponent.starts_with(['-', '+']) {
        true => format!("e{exponent}"),
        false => format!("e+{exponent}"),
    });
    format!("{sign}{digits}{}", exponent.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_read_what_is_written_instead() {
        for (text, other, written) in [
            ("NO", "false", "\"NO\""),
            ("on", "true", "\"on\""),
            ("1_234", "1234", "\"1_234\""),
            ("12:30", "750", "\"12:30\""),
            ("12:30:00", "45000", "\"12:30:00\""),
            ("12:30:00.5", "45000.5", "\"12:30:00.5\""),
            ("08:15.25", "495.25", "\"08:15.25\""),
            ("-1_0:30.", "-630", "\"-1_0:30.\""),
            ("0b11", "3", "\"0b11\""),
            ("010", "8", "10"),
            ("-010", "-8", "-10"),
            ("09", "text", "9"),
            ("0o17", "text", "15"),
            ("1e-3", "text", "1.0e-3"),
            ("1E5", "text", "1.0e+5"),
            ("1.5e3", "text", "1.5e+3"),
            ("-.5", "text", "-0.5"),
        ] {
            let (_, found, instead) = difference(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.as_str(), instead.as_str()), (other, written), "{text}");
            if !instead.starts_with('"') {
                assert_eq!(difference(&instead), None, "{instead}");
                let value = |text| match Number::parse(text) {
                    Some(Number::Signed(value)) => value.to_string(),
                    Some(Number::Float(value)) => value.to_string(),
                    _ => String::new(),
                };
                assert_eq!(value(text), value(&instead));
            }
        }
    }

    #[test]
    fn keys_and_what_has_a_tag_of_its_own() {
        let head = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: a\nsteps: {a: {cmd: 'true'}}\n";
        let found = |line: &str| {
            let all = crate::rules::testing::found(&format!("{head}{line}\n"));
            let own = all.into_iter().filter(|(rule, ..)| *rule == "document/yaml11-value");
            own.map(|(_, place, message)| (place, message)).collect::<Vec<_>>()
        };
        let refuses = "is text in YAML 1.2, and PyYAML, which reads YAML 1.1, refuses the whole file for it";
        assert_eq!(found("x-a: ="), [("=".to_owned(), format!("= {refuses}"))]);
        assert_eq!(found("x-a: [<<, a]"), [("<<".to_owned(), format!("<< {refuses}"))]);
        assert_eq!(found("x-a: {NO: 1, deep: [{12:30: 1}]}").len(), 2);
        assert_eq!(
            found("x-a: {? 010 : 1}"),
            [("010".to_owned(), "010 is a number in YAML 1.2, and 8 in YAML 1.1, which PyYAML reads".to_owned())]
        );
        for line in
            ["x-a: {=: 1, '=': '=', \"NO\": '<<', !!str on: !!str =}", "x-a: ==", "x-b: &b {c: 1}\nx-a: {<<: *b}"]
        {
            assert_eq!(found(line), [], "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_difference_is_missed_by_the_first_look(text in "[-+]?[0-9.]{0,4}[-0-9._:eEboxXinfa]{0,6}") {
            proptest::prop_assert!(may_differ(text.as_bytes()) || difference(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_both_read_alike_is_left_alone() {
        for text in [
            "0",
            "-1",
            "1.5",
            "1.",
            ".5",
            "1.0e-3",
            "-1.5E+10",
            ".inf",
            "-.inf",
            ".nan",
            "0x1F",
            "true",
            "null",
            "1.2.3",
            "v1",
            "2026-06-09",
            "2026-06-09T06:11:30Z",
            "nothing",
            "onnx",
            "10:70",
            "s3://a/b:1",
            "1e",
            "08:15:99",
            "08:15",
            "12:60.5",
            "12:30.a",
            "+5",
            "123456789",
        ] {
            assert_eq!(difference(text), None, "{text}");
        }
    }
}
