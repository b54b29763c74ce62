//! `governance/approval-of-other-content`

use std::borrow::Cow;

use crate::digest::content_digest_without;
use crate::documents::Kind;
use crate::documents::roles::FieldRole;
use crate::rules::reproducibility::digest_disagrees::disagrees;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An approval must be about what is there.
    ///
    /// The `digest` of an approval says what was approved: the file of a model, or what objectives say without their approvals. If
    /// it is another one, the document was changed since, and nobody has approved what it says now.
    ///
    /// ## Fails
    /// ```yaml base:credit-model
    /// modelDigest: sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d
    /// approvals:
    ///   - {by: model-risk@contoso.com, approvedOn: 2026-08-25, digest: "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"}
    /// ```
    ///
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// approvals:
    ///   - {by: model-risk@contoso.com, approvedOn: 2026-07-01, digest: "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-model
    /// modelDigest: sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d
    /// approvals:
    ///   - {by: model-risk@contoso.com, approvedOn: 2026-08-25, digest: "sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d"}
    /// ```
    pub APPROVAL_OF_OTHER_CONTENT = {
        id: "governance/approval-of-other-content",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, “Prove that the model you used was (a) not tampered with”; step 1, “minimum success criteria for launching in code”",
        kinds: with [Approval],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let approvals = cx.fields(FieldRole::Approval);
    let stated: Vec<_> = approvals.into_iter().filter_map(|approval| cx.find(approval, &["digest"])).collect();
    if stated.is_empty() {
        return;
    }
    let own = match cx.kind {
        Kind::Objectives => Some(Cow::Owned(content_digest_without(cx.tree, cx.root, "approvals"))),
        _ => cx.find(cx.root, &["modelDigest"]).and_then(|node| cx.tree.string(node)).map(Cow::Borrowed),
    };
    let Some(own) = own else { return };
    for node in stated {
        let Some(digest) = cx.tree.string(node).filter(|_| !cx.is_faulty(node)) else { continue };
        if disagrees(digest, &own) {
            let message = "what was approved is not what is here";
            let help = format!("what is here has the digest {own}; have it approved");
            out.push(cx.at_value(&APPROVAL_OF_OTHER_CONTENT, node, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, lint_text};
    use crate::rules::testing::found;

    #[test]
    fn an_approval_holds_until_the_objectives_change() {
        let base = include_str!("../bases/credit-launch.yml").replace("0.1.0", "0.2.0");
        let with = |digest: &str| {
            format!("{base}approvals: [{{by: b@contoso.com, approvedOn: 2026-07-01, digest: '{digest}'}}]\n")
        };
        let rule = super::APPROVAL_OF_OTHER_CONTENT.id;
        let report = lint_text("a.yml", &with(&format!("sha256:{}", "0".repeat(64))), &Options::default());
        let finding = report.findings.iter().find(|own| own.rule.id == rule).unwrap();
        let help = finding.help.as_deref().unwrap();
        let digest = help.split_whitespace().find(|word| word.starts_with("sha256:")).unwrap().trim_end_matches(';');
        let is_found = |text: &str| found(text).iter().any(|(own, ..)| *own == rule);
        assert!(!is_found(&with(digest)));
        // Another approval, or another layout, changes nothing.
        assert!(!is_found(&with(digest).replace("[{by", "[{by: c@contoso.com, approvedOn: 2026-07-02}, {by")));
        assert!(!is_found(
            &with(digest).replace("recall >= 65%", "'recall >= 65%").replace("1000 examples", "1000 examples'")
        ));
        assert!(is_found(&with(digest).replace("65%", "60%")));
    }
}
