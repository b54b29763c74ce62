//! `reproducibility/malformed-digest`

use crate::documents::Document;
use crate::rules::{Bytes, Context, Findings, declare_rule};

declare_rule! {
    /// A digest must name its algorithm and be complete: `sha256:` and 64 hexadecimal digits.
    ///
    /// A digest exists to prove that the content is still the same. A shortened one proves little, since other content can be found that
    /// begins with the same seven digits, and one without its algorithm cannot be checked at all. `sha512:` with 128 digits and `sha1:`
    /// with 40 are accepted too.
    ///
    /// A digest of zeros stands for one that somebody wanted to fill in, and that of an empty file says that nothing was read.
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
    /// digest: 9f86d08
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
    /// ```
    pub MALFORMED_DIGEST = {
        id: "reproducibility/malformed-digest",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, “signed datasets”; digests in official samples are cut to 7 digits",
        kinds: [],
        check: SchemaAndTyped(check),
    }
}

/// Digests that are none of any data: those of nothing, by algorithm, in lower case.
const OF_NOTHING: &[&str] = &[
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
];

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    for (node, text) in cx.strings_with(Bytes::COLON).filter(|(node, _)| !cx.is_faulty(*node)) {
        let is_digest = || cx.key_name(node).to_ascii_lowercase().ends_with("digest");
        let digits = ["sha256:", "sha1:", "sha512:"].iter().find_map(|algorithm| text.strip_prefix(algorithm));
        let Some(digits) = digits.filter(|_| is_digest()) else { continue };
        let problem = if digits.bytes().all(|digit| digit == b'0') {
            "stands in the place of a digest"
        } else if OF_NOTHING.iter().any(|digest| digest.eq_ignore_ascii_case(text)) {
            "is the digest of an empty file"
        } else {
            continue;
        };
        let message = format!("{} {problem}", cx.shown(node));
        out.push(cx.at_value(&MALFORMED_DIGEST, node, message).help("compute it from the content"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn the_digest_of_nothing_is_none_of_data() {
        let about = |digest: &str| {
            let text = format!(
                "kind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: loans\nstate: Active\n\
                 version: 1.0.0\nlocation: s3://credit/loans.csv\ndigest: {digest}\n"
            );
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::MALFORMED_DIGEST.id);
            own.count()
        };
        let zeros = format!("sha256:{}", "0".repeat(64));
        let upper = super::OF_NOTHING[0].replace("sha256:e3b0", "sha256:E3B0");
        for digest in super::OF_NOTHING.iter().copied().chain([zeros.as_str(), upper.as_str()]) {
            assert_eq!(about(digest), 1, "{digest}");
        }
        assert_eq!(about("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"), 0);
    }
}
