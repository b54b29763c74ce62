//! `governance/license-not-spdx`

use spdx::{Expression, ParseMode};

use crate::diagnostics::{Applicability, Fix};
use crate::documents::Kind;
use crate::rules::document::placeholder_value::is_placeholder;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::{NodeId, edit};

declare_rule! {
    /// A license must be an SPDX expression, such as `Apache-2.0` or `MIT OR Apache-2.0`.
    ///
    /// "Apache 2.0", "Apache License v2" and "ASL" are one license to a person and three strings to a machine. Catalogues
    /// filter by license, and compliance tools decide by it whether a model may be shipped; what they cannot read they
    /// reject, or let pass. SPDX gives each license one identifier.
    ///
    /// A license that has none is written `LicenseRef-` and a name of your own. `NONE` and `NOASSERTION` are accepted, and
    /// so are identifiers that SPDX has since replaced, such as `GPL-3.0`.
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
    /// `--fix` writes the identifier where a spelling can mean one license only. `--unsafe-fixes` also writes the most likely
    /// one, such as `Apache-2.0` for "Apache".
    pub LICENSE_NOT_SPDX = {
        id: "governance/license-not-spdx",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "model_packaging/model_packaging.yaml, “Apache 2.0”; ISO/IEC 5962 (SPDX), annex D",
        kinds: [Model, ModelCard],
        check: Any(check),
    }
}

/// Expressions as SPDX defines them, and what it has replaced since.
const MODE: ParseMode = ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };

/// Where a license stands.
const OF_A_MODEL: &[&[&str]] = &[&["license"], &["data", "license"]];
const OF_A_CARD: &[&[&str]] = &[&["custom", "license"], &["custom", "metadata", "license"]];

/// No identifier or expression of use is longer; what is, is the text of a license.
const LONGEST: usize = 200;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let places = if cx.kind == Kind::ModelCard { OF_A_CARD } else { OF_A_MODEL };
    for node in places.iter().filter_map(|keys| cx.find(cx.root, keys)) {
        let Some(text) = cx.tree.string(node) else { continue };
        let is_later = text.trim().is_empty() || is_placeholder(text) || text.contains(['$', '{', '<']);
        if is_later || cx.is_faulty(node) || is_expression(text) {
            continue;
        }
        let message = format!("{} is not an SPDX license identifier", cx.shown(node));
        let finding = cx.at_value(&LICENSE_NOT_SPDX, node, message);
        out.push(match meant(text) {
            Some((id, applicability)) => {
                finding.help(format!("did you mean '{id}'?")).fix(fix(cx, node, &id, applicability))
            }
            None => finding
                .help("use an identifier of https://spdx.org/licenses, or LicenseRef-… for a license of your own"),
        });
    }
}

fn fix(cx: &Context<'_>, node: NodeId, id: &str, applicability: Applicability) -> Option<Fix> {
    let edits = edit::replace_scalar(cx.tree, cx.tree.resolve(node), id)?;
    Some(Fix { title: format!("use '{id}'"), applicability, edits })
}

fn is_expression(text: &str) -> bool {
    matches!(text, "NONE" | "NOASSERTION") || (text.len() <= LONGEST && Expression::parse_mode(text, MODE).is_ok())
}

/// Spellings of one license that its identifier does not resemble, as the words that [`words`] leaves.
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

/// Spellings that leave open which version, or whether later ones are meant.
const LIKELY: &[(&str, &str)] = &[
    ("agpl", "AGPL-3.0-only"),
    ("agpl-3", "AGPL-3.0-only"),
    ("agpl-3.0", "AGPL-3.0-only"),
    ("agpl3", "AGPL-3.0-only"),
    ("agplv3", "AGPL-3.0-only"),
    ("apache", "Apache-2.0"),
    ("apache-software", "Apache-2.0"),
    ("asl", "Apache-2.0"),
    ("bsd", "BSD-3-Clause"),
    ("cc-by", "CC-BY-4.0"),
    ("cc-by-nc", "CC-BY-NC-4.0"),
    ("cc-by-nc-sa", "CC-BY-NC-SA-4.0"),
    ("cc-by-sa", "CC-BY-SA-4.0"),
    ("gnu-general-public-2", "GPL-2.0-only"),
    ("gnu-general-public-2.0", "GPL-2.0-only"),
    ("gnu-general-public-3", "GPL-3.0-only"),
    ("gnu-general-public-3.0", "GPL-3.0-only"),
    ("gnu-gpl-2", "GPL-2.0-only"),
    ("gnu-gpl-3", "GPL-3.0-only"),
    ("gpl-2", "GPL-2.0-only"),
    ("gpl-2.0", "GPL-2.0-only"),
    ("gpl-3", "GPL-3.0-only"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("gpl2", "GPL-2.0-only"),
    ("gpl3", "GPL-3.0-only"),
    ("gplv2", "GPL-2.0-only"),
    ("gplv3", "GPL-3.0-only"),
    ("lgpl-2.1", "LGPL-2.1-only"),
    ("lgpl-3", "LGPL-3.0-only"),
    ("lgpl-3.0", "LGPL-3.0-only"),
    ("lgplv3", "LGPL-3.0-only"),
    ("mpl", "MPL-2.0"),
];

/// The expression that a text most likely means.
fn meant(text: &str) -> Option<(String, Applicability)> {
    if text.len() > LONGEST {
        return None;
    }
    if let Some(id) = of_url(text) {
        return Some((id.to_owned(), Applicability::Safe));
    }
    let words = words(text);
    let in_table = |table: &[(&str, &'static str)]| table.iter().find(|(own, _)| *own == words).map(|(_, id)| *id);
    if let Some(id) = identifier(&words).or_else(|| in_table(SPELLINGS)).or_else(|| creative_commons(&words)) {
        return Some((id.to_owned(), Applicability::Safe));
    }
    if let Some(id) = in_table(LIKELY) {
        return Some((id.to_owned(), Applicability::Unsafe));
    }
    either(text).or_else(|| {
        let near = crate::text::nearest(text, spdx::identifiers::LICENSES.iter().map(|license| license.name))?;
        Some((near.to_owned(), Applicability::Unsafe))
    })
}

/// `MIT/Apache-2.0`, as Cargo once wrote it.
fn either(text: &str) -> Option<(String, Applicability)> {
    let ids: Option<Vec<&str>> = text.split('/').map(|part| identifier(part.trim())).collect();
    let ids = ids.filter(|ids| ids.len() > 1)?;
    Some((ids.join(" OR "), Applicability::Unsafe))
}

/// The identifier that differs from a text in case only, unless SPDX has replaced it.
fn identifier(text: &str) -> Option<&'static str> {
    let mut licenses = spdx::identifiers::LICENSES.iter().filter(|license| license.name.eq_ignore_ascii_case(text));
    licenses
        .find(|license| !spdx::license_id(license.name).is_some_and(spdx::LicenseId::is_deprecated))
        .map(|license| license.name)
}

/// What is left of a spelling without the words that all of them have, in lower case, with hyphens between.
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

/// `creative-commons-attribution-noncommercial-4.0-international`: the parts, in the order of the identifier.
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

/// The license whose text is at a URL.
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
        for (spelling, id) in SPELLINGS.iter().chain(LIKELY) {
            assert_eq!(identifier(id), Some(*id), "{spelling}");
            assert_eq!(words(spelling), *spelling);
            assert_eq!(identifier(spelling), None, "{spelling} needs no entry");
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
            assert_eq!(meant(text), Some((id.to_owned(), Applicability::Safe)), "{text}");
        }
        for (text, id) in [
            ("Apache", "Apache-2.0"),
            ("GPLv3", "GPL-3.0-only"),
            ("BSD", "BSD-3-Clause"),
            ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
        ] {
            assert_eq!(meant(text), Some((id.to_owned(), Applicability::Unsafe)), "{text}");
        }
        for text in
            ["proprietary", "see the file LICENSE of the repository", "https://contoso.com/license", &"a".repeat(5000)]
        {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
