//! `inference/chain-broken`

use crate::diagnostics::Finding;
use crate::digest::content_digest;
use crate::rules::reproducibility::digest_disagrees::disagrees;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// Each record of a chain must name the digest of the record before it.
    ///
    /// Each record of a log names the one before by the digest of what it says, so that nobody can change, add or leave out a record
    /// unnoticed: the digest in the next one no longer fits. The record before is the one before it in the same file, and its `sequence`
    /// is one less. `mlspec-lint digest` computes the digest, which no change of layout changes.
    ///
    /// A chain begins with record 1, which names no other, and ends with its file: a file that begins with a later record has lost those
    /// before it, and a record without a place in the chain must not stand between two that have one. Where logs are rotated, each file
    /// has a chain of its own; that no file was removed, and nothing
    /// from the end of one, only a seal of the logs tells (`mlspec-lint logs seal`).
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.2.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-09-01T08:00:03Z}
    /// modelInfo: {models: [credit-default/2.1.0]}
    /// provenance: {datasetDigest: "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5"}
    /// chain: {sequence: 1}
    /// ---
    /// kind: inference-log
    /// mlSpecVersion: 0.2.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 1c8f9a53-93cf-4c0a-9c0e-6a4b7d1f2e91, requestTimestamp: 2026-09-01T08:00:04Z}
    /// modelInfo: {models: [credit-default/2.1.0]}
    /// provenance: {datasetDigest: "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5"}
    /// chain: {sequence: 2, previous: "sha256:5026bf3cc2b0b164c6ca70a6dc2a68dda62a39c0be7b73258ac3b17b59155df0"}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.2.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90, requestTimestamp: 2026-09-01T08:00:03Z}
    /// modelInfo: {models: [credit-default/2.1.0]}
    /// provenance: {datasetDigest: "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5"}
    /// chain: {sequence: 1}
    /// ---
    /// kind: inference-log
    /// mlSpecVersion: 0.2.0
    /// applicationInfo: {applicationId: credit-portal}
    /// requestInfo: {requestId: 1c8f9a53-93cf-4c0a-9c0e-6a4b7d1f2e91, requestTimestamp: 2026-09-01T08:00:04Z}
    /// modelInfo: {models: [credit-default/2.1.0]}
    /// provenance: {datasetDigest: "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5"}
    /// chain: {sequence: 2, previous: "sha256:5c28c6bab590ca4e82a8dc767c81fed577711e025b16f312faf5c0f5a21b03ab"}
    /// ```
    pub CHAIN_BROKEN = {
        id: "inference/chain-broken",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 13, “including a cryptographically secure record of the version of the pipeline (including features) and data used to train”",
        kinds: [InferenceLog, InferencePrediction, InferenceRequest],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(chain) = chain_of(cx, cx.root) else { return };
    let position = (cx.document as usize).checked_sub(1);
    let before = position.and_then(|before| cx.tree.documents().get(before)?.root);
    let start = cx.tree.span(cx.root).start;
    let is_next = |root: &NodeId| cx.tree.source().are_next(cx.tree.span(*root).start, start);
    let Some(before) = before.filter(is_next) else {
        if position.is_none() && cx.tree.source().is_beginning(start) {
            out.extend(later_than_first(cx, chain, "is of none in this file"));
        }
        return;
    };
    let Some(linked) = chain_of(cx, before) else {
        let found = later_than_first(
            cx,
            chain,
            "is not that of the one before it in this file, which has no place in the chain",
        );
        out.extend(found.map(|found| found.related(cx.tree.span(cx.tree.resolve(before)), "the record before")));
        return;
    };
    let sequence = |chain| cx.find(chain, &["sequence"]).and_then(|node| Some((node, whole(cx, node)?)));
    if let (Some((node, own)), Some((place, earlier))) = (sequence(chain), sequence(linked))
        && earlier.checked_add(1) != Some(own)
        && !cx.is_faulty(node)
    {
        let message = format!("record {own} follows record {earlier}: one is missing, or stands elsewhere");
        let finding = cx.at_value(&CHAIN_BROKEN, node, message);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(place)), "the record before"));
        return;
    }
    let Some(node) = cx.find(chain, &["previous"]).filter(|node| !cx.tree.is_null(*node)) else {
        let message = "it does not name the digest of the record before it";
        out.push(cx.at_key(&CHAIN_BROKEN, chain, message).help("add 'previous', as `mlspec-lint digest` computes it"));
        return;
    };
    let Some(previous) = cx.tree.string(node).filter(|_| !cx.is_faulty(node)) else { return };
    if !is_sha256(previous) {
        let message =
            format!("{} is no SHA-256 digest, so that nothing shows what the record before said", cx.shown(node));
        out.push(cx.at_value(&CHAIN_BROKEN, node, message).help("`mlspec-lint digest` computes it"));
        return;
    }
    let computed = content_digest(cx.tree, before);
    if disagrees(previous, &computed) {
        let message = "the record before has another digest: one of the two was changed, or stands elsewhere";
        let finding =
            cx.at_value(&CHAIN_BROKEN, node, message).help(format!("what it says now has the digest {computed}"));
        out.push(finding.related(cx.tree.span(cx.tree.resolve(linked)), "the record before"));
    }
}

/// Reports a record that has no record of its chain before it, and is not the first one. `where_it_is` says of the digest that it names what
/// it is not the digest of.
fn later_than_first(cx: &Context<'_>, chain: NodeId, where_it_is: &str) -> Option<Finding> {
    let named = |name: &str| cx.find(chain, &[name]).filter(|node| !cx.tree.is_null(*node) && !cx.is_faulty(*node));
    let help = "put the records before it back; a chain begins with record 1, which names no other";
    if let Some(node) = named("previous") {
        let message = format!("the digest of the record before {where_it_is}");
        return Some(cx.at_value(&CHAIN_BROKEN, node, message).help(help));
    }
    let node = named("sequence")?;
    let message = match whole(cx, node)? {
        1 => return None,
        0 => "record 0 is none: a chain begins with record 1".to_owned(),
        number => format!("record {number} follows no record of its chain"),
    };
    Some(cx.at_value(&CHAIN_BROKEN, node, message).help(help))
}

fn is_sha256(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, own)| {
        algorithm.eq_ignore_ascii_case("sha256") && own.len() == 64 && own.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn chain_of(cx: &Context<'_>, root: NodeId) -> Option<NodeId> {
    cx.find(root, &["chain"]).filter(|chain| !cx.tree.is_null(*chain))
}

fn whole(cx: &Context<'_>, node: NodeId) -> Option<u64> {
    cx.tree.text(node)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::digest::content_digest;
    use crate::rules::testing::found;
    use crate::yaml;

    fn record(number: u64, previous: &str) -> String {
        format!(
            "kind: inference-log\nmlSpecVersion: 0.2.0\nrequestInfo: {{requestId: r-{number}, requestTimestamp: 2026-09-01T08:00:00Z}}\n\
             chain: {{sequence: {number}{previous}}}\n"
        )
    }

    fn digest(text: &str) -> String {
        let source = std::sync::Arc::new(crate::text::Source::new("a.yml", text));
        let tree = yaml::parse(source, yaml::Limits::default(), yaml::Framing::Stream);
        content_digest(&tree, tree.documents()[0].root.unwrap())
    }

    #[test]
    fn a_record_that_is_changed_or_left_out_breaks_the_chain() {
        let first = record(1, "");
        let second = record(2, &format!(", previous: '{}'", digest(&first)));
        let third = record(3, &format!(", previous: '{}'", digest(&second)));
        let count = |texts: &[&str]| {
            let found = found(&texts.join("---\n"));
            found.iter().filter(|(rule, ..)| *rule == "inference/chain-broken").count()
        };
        assert_eq!(count(&[&first, &second, &third]), 0);
        // The layout does not matter.
        let respelt = first.replace("chain: {sequence: 1}", "chain:\n  sequence: 1 # the first");
        assert_eq!(count(&[&respelt, &second, &third]), 0);
        assert_eq!(count(&[&first, &third]), 1);
        assert_eq!(count(&[&second, &first]), 2);
        assert_eq!(count(&[&first.replace("08:00:00Z", "08:00:01Z"), &second, &third]), 1);
        assert_eq!(count(&[&first, &record(2, "")]), 1);
        for none in
            ["none", "md5:900150983cd24fb0d6963f7d28e17f72", "sha256:ab", &digest(&first).replace("sha256:", "")]
        {
            assert_eq!(count(&[&first, &record(2, &format!(", previous: '{none}'"))]), 1, "{none}");
        }
    }

    #[test]
    fn a_chain_begins_with_its_first_record_and_has_no_gaps() {
        let without = record(1, "").replace("chain: {sequence: 1}", "applicationInfo: {applicationId: a}");
        let (first, later) = (record(1, ""), record(7, ""));
        let naming = record(1, &format!(", previous: '{}'", digest(&without)));
        let second = record(2, &format!(", previous: '{}'", digest(&first)));
        let count = |texts: &[&str]| {
            let found = found(&texts.join("---\n"));
            found.iter().filter(|(rule, ..)| *rule == "inference/chain-broken").count()
        };
        assert_eq!(count(&[&later]), 1);
        assert_eq!(count(&[&record(0, "")]), 1);
        assert_eq!(count(&[&naming]), 1);
        assert_eq!(count(&[&second]), 1);
        assert_eq!(count(&[&without, &first, &second]), 0);
        assert_eq!(count(&[&without, &naming]), 1);
        assert_eq!(count(&[&first, &without, &second]), 1);
        let null = first.replace("{sequence: 1}", "~");
        assert_eq!(count(&[&first, &null, &second]), 1);
    }
}
