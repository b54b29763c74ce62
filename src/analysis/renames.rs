//! Fixes that give an object another name or version, which documents elsewhere refer to.

use crate::diagnostics::{Applicability, Finding};
use crate::rules::naming::name_characters::NAME_CHARACTERS;
use crate::rules::reproducibility::version_not_semver::VERSION_NOT_SEMVER;
use crate::rules::{Check, Context, Linked};
use crate::workspace::{Member, Resolution};
use crate::yaml::pointer;

/// Removes from the findings about a document the fixes that would break a reference to it, or take the name of another object. Checking a
/// document by itself does not tell.
pub(super) fn withhold(findings: &mut [Finding], context: &Context<'_>, workspace: &Linked<'_>) {
    let own = findings.iter_mut().filter(|finding| finding.place.document == context.document);
    for finding in own.filter(|finding| !finding.fixes.is_empty()) {
        let is_version = *finding.rule == *VERSION_NOT_SEMVER;
        if !is_version && *finding.rule != *NAME_CHARACTERS {
            continue;
        }
        let help = match reference_by(is_version, workspace) {
            Some(other) => format!("{} refers to it: change both", other.file()),
            None if is_taken(finding, is_version, context, workspace) => "another object has that name".to_owned(),
            None => continue,
        };
        finding.fixes.retain(|fix| fix.applicability < Applicability::Unsafe);
        finding.help = Some(finding.help.take().map_or_else(|| help.clone(), |own| format!("{own}; {help}")));
    }
}

/// Returns a document that refers to the object by its name, or by its name and version.
fn reference_by<'a>(is_version: bool, workspace: &Linked<'a>) -> Option<&'a Member> {
    workspace.references_to(workspace.id).find_map(|(document, reference)| {
        let member = workspace.member(document)?;
        let text = member.tree.text(reference.node)?;
        let is_by_name = text.contains('@') || !is_version && Some(text) != workspace.own.id();
        is_by_name.then_some(member)
    })
}

/// Returns whether an object is called as this one would be.
fn is_taken(finding: &Finding, is_version: bool, context: &Context<'_>, workspace: &Linked<'_>) -> bool {
    let rule = if is_version { &VERSION_NOT_SEMVER } else { &NAME_CHARACTERS };
    let Check::Schema(Some(mend)) = rule.check else { return false };
    let node = pointer::follow(context.tree, context.root, &finding.place.pointer).map(|(node, _)| node);
    let Some((mended, _)) = node.and_then(|node| context.tree.string(node)).and_then(mend) else { return false };
    let name = match (is_version, workspace.own.name()) {
        (true, Some(name)) => format!("{name}@{mended}"),
        (true, None) => return false,
        (false, _) => mended,
    };
    matches!(workspace.lookup(&name, &[context.kind]), Resolution::Found(_) | Resolution::Ambiguous(_))
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, fix_text};
    use crate::diagnostics::Applicability;

    fn dataset(number: u32, name: &str, version: &str) -> String {
        format!(
            "kind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c1{number}\nname: {name}\nstate: Active\n\
             version: \"{version}\"\nlocation: s3://credit/{number}.csv\n"
        )
    }

    fn pipeline(data: &str) -> String {
        format!(
            "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\ndata: {{a: {data}}}\nsteps: {{fit: {{cmd: fit, inputs: {{a: {{from: data.a}}}}}}}}\n"
        )
    }

    /// The text after unsafe fixes.
    fn fixed(documents: &[String]) -> String {
        fix_text("a.yml", &documents.join("---\n"), &Options::default(), Applicability::Unsafe).text
    }

    #[test]
    fn what_others_refer_to_keeps_its_name() {
        let renamed = "name: credit-lake\n";
        let lake = || dataset(1, "credit lake", "1.0.0");
        assert!(fixed(&[lake()]).contains(renamed));
        // By its id, it is still found.
        assert!(fixed(&[lake(), pipeline("3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11")]).contains(renamed));
        for reference in ["credit lake", "credit lake@1.0.0"] {
            assert!(!fixed(&[lake(), pipeline(reference)]).contains(renamed), "{reference}");
        }
        assert!(
            !fixed(&[lake(), dataset(2, "credit-lake", "1.0.0")])
                .contains("credit-lake\nstate: Active\nversion: \"1.0.0\"\nlocation: s3://credit/1")
        );
    }

    #[test]
    fn what_others_refer_to_keeps_its_version() {
        let renamed = "version: \"1.0.0\"\nlocation: s3://credit/1";
        let loans = || dataset(1, "loans", "1.0");
        assert!(fixed(&[loans()]).contains(renamed));
        assert!(fixed(&[loans(), pipeline("loans")]).contains(renamed));
        assert!(!fixed(&[loans(), pipeline("loans@1.0")]).contains(renamed));
        assert!(!fixed(&[loans(), dataset(2, "loans", "1.0.0")]).contains(renamed));
        assert!(fixed(&[loans(), dataset(2, "loans", "2.0.0")]).contains(renamed));
    }
}
