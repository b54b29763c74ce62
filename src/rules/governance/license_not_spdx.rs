//! `governance/license-not-spdx`

use spdx::{Expression, ParseMode};

use crate::diagnostics::{Applicability, Fix};
use crate::documents::roles::FieldRole;
use crate::rules::document::placeholder_value::is_placeholder;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::{NodeId, edit};

declare_rule! {
    /// A license must be an SPDX expression, such as `Apache-2.0` or `MIT OR Apache-2.0`.
    ///
    /// "Apache 2.0", "Apache License v2" and "ASL" are one license to a person and three strings to a machine. Catalogs filter by license,
    /// and compliance tools decide by it whether a model may be shipped; what they cannot read they reject, or let pass. SPDX gives each
    /// license one identifier.
    ///
    /// A license without an identifier is written as `LicenseRef-` and a name of your own. `NONE` and `NOASSERTION` are accepted, and so
    /// are identifiers that SPDX has since replaced, such as `GPL-3.0`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// framework: {name: lightgbm, version: 4.5.0}
    /// license: "Apache 2.0"
    /// data: {source_id: loan-applications, license: 'Creative Commons Attribution 4.0 International'}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// framework: {name: lightgbm, version: 4.5.0}
    /// license: "Apache-2.0"
    /// data: {source_id: loan-applications, license: CC-BY-4.0 OR LicenseRef-Contoso-Internal}
    /// ```
    ///
    /// ## Fix
    /// `--fix` writes the identifier if a spelling can mean only one license. `--unsafe-fixes` also corrects a typo, such as "Apahce-2.0".
    /// If several licenses are possible, such as for "GPL", they are listed, and the value is left as it is.
    pub LICENSE_NOT_SPDX = {
        id: "governance/license-not-spdx",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "model_packaging/model_packaging.yaml, “Apache 2.0”; ISO/IEC 5962 (SPDX), annex D",
        kinds: with [License],
        check: Any(check),
    }
}

/// Accepts SPDX expressions, including identifiers that SPDX has since replaced.
const MODE: ParseMode = ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };

/// No useful identifier or expression is longer; a longer text is the text of a license.
const LONGEST: usize = 200;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for node in cx.fields(FieldRole::License) {
        let Some(text) = cx.tree.string(node) else { continue };
        let is_later = text.trim().is_empty() || is_placeholder(text) || text.contains(['$', '{', '<']);
        if is_later || cx.is_faulty(node) || is_expression(text) {
            continue;
        }
        let message = format!("{} is not an SPDX license identifier", cx.shown(node));
        let finding = cx.at_value(&LICENSE_NOT_SPDX, node, message);
        out.push(match meant(text) {
            Meant::One(id, applicability) => {
                finding.help(format!("did you mean '{id}'?")).fix(fix(cx, node, &id, applicability))
            }
            Meant::OneOf(ids) => finding.help(format!("say which one: {}", listed(&ids))),
            Meant::Unknown => finding
                .help("use an identifier of https://spdx.org/licenses, or LicenseRef-… for a license of your own"),
        });
    }
}

/// The maximum number of identifiers that are listed; if there are more, those of the newest versions.
const MOST_SHOWN: usize = 8;

fn listed(ids: &[&str]) -> String {
    let shown: Vec<String> =
        ids.iter().skip(ids.len().saturating_sub(MOST_SHOWN)).map(|id| format!("'{id}'")).collect();
    match shown.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => shown.concat(),
    }
}

fn fix(cx: &Context<'_>, node: NodeId, id: &str, applicability: Applicability) -> Option<Fix> {
    let edits = edit::replace_scalar(cx.tree, cx.tree.resolve(node), id)?;
    Some(Fix { title: format!("use '{id}'"), applicability, edits })
}

fn is_expression(text: &str) -> bool {
    matches!(text, "NONE" | "NOASSERTION") || (text.len() <= LONGEST && Expression::parse_mode(text, MODE).is_ok())
}

/// Spellings of one license that differ from its identifier, as [`words`] normalizes them.
const SPELLINGS: &[(&str, &str)] = &[
    ("apache-2", "Apache-2.0"),
    ("apache-software-2", "Apache-2.0"),
    ("apache-software-2.0", "Apache-2.0"),
    ("apache2", "Apache-2.0"),
    ("apache2.0", "Apache-2.0"),
    ("asl-2.0", "Apache-2.0"),
    ("asl2.0", "Apache-2.0"),
    ("2-clause-bsd", "BSD-2-Clause"),
    ("bsd-2clause", "BSD-2-Clause"),
    ("bsd-simplified", "BSD-2-Clause"),
    ("simplified-bsd", "BSD-2-Clause"),
    ("3-clause-bsd", "BSD-3-Clause"),
    ("bsd-3", "BSD-3-Clause"),
    ("bsd-3clause", "BSD-3-Clause"),
    ("bsd3", "BSD-3-Clause"),
    ("modified-bsd", "BSD-3-Clause"),
    ("new-bsd", "BSD-3-Clause"),
    ("revised-bsd", "BSD-3-Clause"),
    ("boost-software-1.0", "BSL-1.0"),
    ("cc0", "CC0-1.0"),
    ("cc0-1.0-universal", "CC0-1.0"),
    ("creative-commons-zero-1.0", "CC0-1.0"),
    ("creative-commons-zero-1.0-universal", "CC0-1.0"),
    ("community-data-agreement-permissive-1.0", "CDLA-Permissive-1.0"),
    ("community-data-agreement-permissive-2.0", "CDLA-Permissive-2.0"),
    ("community-data-agreement-sharing-1.0", "CDLA-Sharing-1.0"),
    ("eclipse-public-2.0", "EPL-2.0"),
    ("expat", "MIT"),
    ("mit-x11", "MIT"),
    ("mozilla-public-2.0", "MPL-2.0"),
    ("mpl2", "MPL-2.0"),
    ("open-data-commons-attribution-1.0", "ODC-By-1.0"),
    ("open-data-commons-open-database-1.0", "ODbL-1.0"),
    ("universal-permissive-1.0", "UPL-1.0"),
];

/// Spellings that may mean one of several licenses.
const SEVERAL: &[(&str, &[&str])] = &[
    ("bsd", &["BSD-2-Clause", "BSD-3-Clause"]),
    ("bsl", &["BSL-1.0", "BUSL-1.1"]),
    ("boost", &["BSL-1.0"]),
    ("boost-software", &["BSL-1.0"]),
    ("bsl-1.1", &["BUSL-1.1"]),
    ("business-source", &["BUSL-1.1"]),
    ("business-source-1.1", &["BUSL-1.1"]),
    ("creative-commons", &["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"]),
    ("cc", &["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"]),
    ("gnu", &["GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"]),
    ("gpl", &["GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"]),
    ("gnu-general-public", &["GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"]),
    ("gnu-gpl", &["GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"]),
    ("lgpl", &["LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"]),
    ("gnu-lesser-general-public", &["LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"]),
];

/// Spellings of a family of licenses, and the prefix of the family's identifiers.
const FAMILIES: &[(&str, &str)] = &[
    ("agpl-3", "agpl-3.0"),
    ("agpl3", "agpl-3.0"),
    ("agplv3", "agpl-3.0"),
    ("apache-software", "apache"),
    ("asl", "apache"),
    ("artistic-public", "artistic"),
    ("eclipse-public", "epl"),
    ("gnu-affero-general-public-3", "agpl-3.0"),
    ("gnu-affero-general-public-3.0", "agpl-3.0"),
    ("gnu-general-public-2", "gpl-2.0"),
    ("gnu-general-public-2.0", "gpl-2.0"),
    ("gnu-general-public-3", "gpl-3.0"),
    ("gnu-general-public-3.0", "gpl-3.0"),
    ("gnu-gpl-2", "gpl-2.0"),
    ("gnu-gpl-3", "gpl-3.0"),
    ("gpl-2", "gpl-2.0"),
    ("gpl-3", "gpl-3.0"),
    ("gpl2", "gpl-2.0"),
    ("gpl3", "gpl-3.0"),
    ("gplv2", "gpl-2.0"),
    ("gplv3", "gpl-3.0"),
    ("lgpl-3", "lgpl-3.0"),
    ("lgplv2.1", "lgpl-2.1"),
    ("lgplv3", "lgpl-3.0"),
    ("mozilla-public", "mpl"),
];

/// The most likely meaning of a text.
#[derive(Debug, PartialEq, Eq)]
enum Meant {
    /// One expression.
    One(String, Applicability),
    /// One of several licenses; only the author knows which.
    OneOf(Vec<&'static str>),
    /// No known license.
    Unknown,
}

fn meant(text: &str) -> Meant {
    if text.len() > LONGEST {
        return Meant::Unknown;
    }
    if let Some(id) = of_url(text) {
        return Meant::One(id.to_owned(), Applicability::Safe);
    }
    let words = words(text);
    let spelling = || SPELLINGS.iter().find(|(own, _)| *own == words).map(|(_, id)| *id);
    if let Some(id) = identifier(&words).or_else(spelling).or_else(|| creative_commons(&words)) {
        return Meant::One(id.to_owned(), Applicability::Safe);
    }
    let several = SEVERAL.iter().find(|(own, _)| *own == words).map(|(_, ids)| ids.to_vec());
    match several.unwrap_or_else(|| family(&words)).as_slice() {
        [] => {}
        [only] => return Meant::One((*only).to_owned(), Applicability::Unsafe),
        several => return Meant::OneOf(several.to_vec()),
    }
    either(text).or_else(|| misspelt(text)).map_or(Meant::Unknown, |id| Meant::One(id, Applicability::Unsafe))
}

/// Returns the licenses of a family, sorted by version: for example `LGPL-2.1`, `LGPL-2.1-only` and `LGPL-2.1-or-later`.
fn family(words: &str) -> Vec<&'static str> {
    let name = FAMILIES.iter().find(|(own, _)| *own == words).map_or(words, |(_, family)| family);
    let rest = |id: &'static str| {
        let (start, rest) = id.split_at_checked(name.len())?;
        rest.strip_prefix('-').filter(|_| !name.is_empty() && start.eq_ignore_ascii_case(name))
    };
    let is_current = |id: &&str| !spdx::license_id(id).is_some_and(spdx::LicenseId::is_deprecated);
    let ids = spdx::identifiers::LICENSES.iter().map(|license| license.name);
    let mut ids: Vec<&str> = ids.filter(|id| rest(id).is_some()).filter(is_current).collect();
    // For `CC-BY`, its versions, but not `CC-BY-NC-4.0`.
    let is_version = |id: &&'static str| rest(id).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if ids.iter().any(is_version) {
        ids.retain(is_version);
    }
    ids.sort_unstable();
    ids
}

/// Returns the only identifier that a long one may be a typo of. Numbers are not taken for typos, and short names are similar to many
/// others.
fn misspelt(text: &str) -> Option<String> {
    const SHORTEST: usize = 6;
    /// “Not licensed” is not the same as “under the Unlicense”.
    const NO_LICENSES: &[&str] = &["unlicensed", "unlicenced", "not licensed"];
    if NO_LICENSES.iter().any(|own| text.trim().eq_ignore_ascii_case(own)) {
        return None;
    }
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if letters < SHORTEST {
        return None;
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let own = digits(text);
    let names = spdx::identifiers::LICENSES.iter().map(|license| license.name);
    let near = crate::text::nearest(text, names.filter(|name| digits(name) == own))?;
    // The name of another license is not a misspelling of this one.
    let first = |text: &str| text.chars().next().map(|c| c.to_ascii_lowercase());
    (first(near) == first(text)).then(|| near.to_owned())
}

/// Rewrites `MIT/Apache-2.0`, the notation that Cargo once used.
fn either(text: &str) -> Option<String> {
    let ids: Option<Vec<&str>> = text.split('/').map(|part| identifier(part.trim())).collect();
    let ids = ids.filter(|ids| ids.len() > 1)?;
    Some(ids.join(" OR "))
}

/// Returns the identifier that differs from a text only in case, unless SPDX has replaced it.
fn identifier(text: &str) -> Option<&'static str> {
    let mut licenses = spdx::identifiers::LICENSES.iter().filter(|license| license.name.eq_ignore_ascii_case(text));
    licenses
        .find(|license| !spdx::license_id(license.name).is_some_and(spdx::LicenseId::is_deprecated))
        .map(|license| license.name)
}

/// Normalizes a spelling: without the words that all licenses have in common, in lower case, joined by hyphens.
fn words(text: &str) -> String {
    const COMMON: &[&str] = &["the", "license", "licence", "licensed", "under", "version", "v", "ver"];
    let is_inner = |c: char| c.is_alphanumeric() || c == '.' || c == '+';
    let words = text.split(|c: char| !is_inner(c)).map(|word| word.trim_matches('.').to_lowercase());
    let kept = words.filter(|word| !word.is_empty() && !COMMON.contains(&word.as_str()));
    let numbers = kept.map(|word| match word.strip_prefix('v') {
        Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => number.to_owned(),
        _ => word,
    });
    numbers.collect::<Vec<_>>().join("-")
}

/// Returns the identifier for a spelling such as `creative-commons-attribution-noncommercial-4.0-international`.
fn creative_commons(words: &str) -> Option<&'static str> {
    const PARTS: &[(&str, &str)] = &[
        ("creative-commons", "cc"),
        ("non-commercial", "nc"),
        ("noncommercial", "nc"),
        ("share-alike", "sa"),
        ("sharealike", "sa"),
        ("no-derivatives", "nd"),
        ("noderivatives", "nd"),
        ("noderivs", "nd"),
        ("attribution", "by"),
        ("-international", ""),
        ("-unported", ""),
        ("-public", ""),
    ];
    let short = PARTS.iter().fold(words.to_owned(), |short, (part, id)| short.replace(part, id));
    short.starts_with("cc-by").then(|| identifier(&short)).flatten()
}

/// Returns the license whose text is at a URL.
fn of_url(text: &str) -> Option<&'static str> {
    let (_, rest) = text.split_once("://")?;
    let lower = rest.to_ascii_lowercase();
    let path = lower.strip_prefix("www.").unwrap_or(&lower);
    let path =
        path.trim_end_matches('/').trim_end_matches(".html").trim_end_matches(".txt").trim_end_matches("/deed.en");
    let path = path.trim_end_matches("/legalcode");
    if matches!(path, "apache.org/licenses/license-2.0") {
        return Some("Apache-2.0");
    }
    if let Some(id) = ["spdx.org/licenses/", "opensource.org/licenses/", "opensource.org/license/"]
        .iter()
        .find_map(|host| path.strip_prefix(host))
    {
        return identifier(id);
    }
    if let Some((parts, version)) =
        path.strip_prefix("creativecommons.org/licenses/").and_then(|rest| rest.split_once('/'))
    {
        return identifier(&format!("cc-{parts}-{version}"));
    }
    path.starts_with("creativecommons.org/publicdomain/zero/1.0").then_some("CC0-1.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_accepted() {
        for text in [
            "MIT",
            "Apache-2.0",
            "MIT OR Apache-2.0",
            "GPL-3.0",
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            "LicenseRef-x",
            "NONE",
            "CC-BY-4.0",
        ] {
            assert!(is_expression(text), "{text}");
        }
        for text in ["Apache 2.0", "apache-2.0", "MIT/Apache-2.0", "proprietary", "", "MIT OR", &"MIT OR ".repeat(1000)]
        {
            assert!(!is_expression(text), "{text}");
        }
    }

    #[test]
    fn every_identifier_of_the_tables_exists_and_is_not_what_spdx_replaced() {
        for (spelling, id) in SPELLINGS {
            assert_eq!(identifier(id), Some(*id), "{spelling}");
            assert_eq!(words(spelling), *spelling);
            assert_eq!(identifier(spelling), None, "{spelling} needs no entry");
        }
        for (spelling, ids) in SEVERAL {
            assert!(ids.iter().all(|id| identifier(id) == Some(*id)), "{spelling}");
            assert_eq!(words(spelling), *spelling);
        }
        for (spelling, name) in FAMILIES {
            assert!(!family(name).is_empty(), "{spelling}");
            assert_eq!(words(spelling), *spelling);
        }
    }

    #[test]
    fn spellings_mean_what_people_mean_by_them() {
        for (text, id) in [
            ("Apache 2.0", "Apache-2.0"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("apache-2.0", "Apache-2.0"),
            ("Apache License v2.0", "Apache-2.0"),
            ("ASL 2.0", "Apache-2.0"),
            ("The MIT License", "MIT"),
            ("3-clause BSD", "BSD-3-Clause"),
            ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
            ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0"),
            ("CC0", "CC0-1.0"),
            ("Mozilla Public License 2.0", "MPL-2.0"),
            ("http://www.apache.org/licenses/LICENSE-2.0.html", "Apache-2.0"),
            ("https://opensource.org/licenses/MIT", "MIT"),
            ("https://creativecommons.org/licenses/by-sa/3.0/", "CC-BY-SA-3.0"),
            ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ] {
            assert_eq!(meant(text), Meant::One(id.to_owned(), Applicability::Safe), "{text}");
        }
        for (text, id) in [
            ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
            ("Apahce-2.0", "Apache-2.0"),
            ("BSD-3-Claus", "BSD-3-Clause"),
            ("BSL 1.1", "BUSL-1.1"),
            ("PDDL", "PDDL-1.0"),
        ] {
            assert_eq!(meant(text), Meant::One(id.to_owned(), Applicability::Unsafe), "{text}");
        }
        for (text, ids) in [
            ("GPLv3", &["GPL-3.0-only", "GPL-3.0-or-later"][..]),
            ("BSD", &["BSD-2-Clause", "BSD-3-Clause"]),
            ("BSL", &["BSL-1.0", "BUSL-1.1"]),
            ("EPL", &["EPL-1.0", "EPL-2.0"]),
            ("Apache", &["Apache-1.0", "Apache-1.1", "Apache-2.0"]),
        ] {
            assert_eq!(meant(text), Meant::OneOf(ids.to_vec()), "{text}");
        }
        for text in [
            "proprietary",
            "GPL-9.0",
            "MTI",
            "UNLICENSED",
            "XPL",
            "see the file LICENSE of the repository",
            "https://contoso.com/license",
            &"a".repeat(5000),
        ] {
            assert_eq!(meant(text), Meant::Unknown, "{text}");
        }
    }
}
