//! Documents that declare one kind and have the fields of another.

use crate::diagnostics::{Finding, Fix, Part, Place, Severity};
use crate::documents::Kind;
use crate::rules::document::{misplaced_field, missing_required, unknown_field, unknown_kind};
use crate::schema;
use crate::yaml::{NodeId, Tree, edit};

/// With fewer unknown or missing fields, the kind is taken to be right and the fields wrong.
const MANY: usize = 3;

/// With fewer fields that its own kind does not have, a document is taken to be unfinished.
const FEW: usize = 2;

/// Returns the only finding for a document whose fields are those of another kind. `findings` are those of its own kind's schema.
#[must_use]
pub fn of_other_kind(kind: Kind, tree: &Tree, root: NodeId, document: u32, findings: &[Finding]) -> Option<Finding> {
    let is_strange = |finding: &&Finding| {
        [&unknown_field::UNKNOWN_FIELD, &missing_required::MISSING_REQUIRED, &misplaced_field::MISPLACED_FIELD]
            .iter()
            .any(|rule| *finding.rule == ***rule)
    };
    let strange = findings.iter().filter(is_strange).count();
    if strange < MANY {
        return None;
    }
    let declared = tree.get(root, "kind").filter(|entry| tree.string(entry.value) == Some(kind.name()))?;
    let knows = |kind: Kind, key: &str| {
        let properties = schema::schema_of(kind).get("properties");
        key.starts_with("x-") || properties.is_some_and(|properties| properties.get(key).is_some())
    };
    let foreign = tree.entries(root).filter(|entry| !knows(kind, tree.field_name(entry.key))).count();
    if foreign < FEW {
        return None;
    }
    let knows_all = |other: Kind| tree.entries(root).all(|entry| knows(other, tree.key_name(entry.key)));
    let faults = |other: Kind| {
        let found = super::findings(other, tree, root, document);
        let counts =
            |finding: &&Finding| finding.severity > Severity::Info && finding.place.span != tree.span(declared.value);
        found.iter().filter(counts).count()
    };
    let others = Kind::ALL.iter().copied().filter(|other| *other != kind && knows_all(*other));
    let mut fits: Vec<(usize, Kind)> = others.map(|other| (faults(other), other)).collect();
    fits.sort_unstable_by_key(|(faults, _)| *faults);
    let (least, other) = *fits.first()?;
    let is_only = fits.get(1).is_none_or(|(next, _)| *next > least);
    if !is_only || least + MANY > strange {
        return None;
    }
    let message = format!("the document is called '{kind}' and has the fields of '{other}'");
    let fix = edit::replace_scalar(tree, declared.value, other.name());
    let fix = fix.map(|edits| Fix::needs_review(format!("use '{other}'"), edits));
    let place = Place::of(tree, document, declared.value, Part::Value);
    Some(
        Finding::new(&unknown_kind::UNKNOWN_KIND, place, message)
            .help("its fields are checked once its kind is right")
            .fix(fix),
    )
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, fix_text, lint_text};
    use crate::diagnostics::Applicability;

    const DATASET: &str = "mlSpecVersion: 0.1.0\nkind: run\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: loans\nstate: Active\n\
                           version: 1.0.0\nlocation: s3://credit/loans.csv\n\
                           digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n";

    #[test]
    fn a_wrong_kind_is_one_finding() {
        let report = lint_text("a.yml", DATASET, &Options::default());
        let found: Vec<_> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(found, ["the document is called 'run' and has the fields of 'dataset'"]);
        let fixed = fix_text("a.yml", DATASET, &Options::default(), Applicability::Unsafe);
        assert_eq!(fixed.text, DATASET.replace("kind: run", "kind: dataset"));
        assert!(fixed.report.findings.is_empty(), "{:?}", fixed.report.findings);
    }

    #[test]
    fn a_document_that_lacks_nearly_all_fields_keeps_its_kind() {
        for text in
            ["kind: dataset\nmlSpecVersion: 0.1.0\nname:\n", "kind: evaluation\nmlSpecVersion: 0.1.0\nsteps: {}\n"]
        {
            let report = lint_text("a.yml", text, &Options::default());
            assert!(report.findings.iter().all(|finding| !finding.message.contains("has the fields of")), "{text}");
            assert!(report.findings.iter().any(|finding| finding.message.contains("is missing")), "{text}");
        }
    }

    #[test]
    fn a_document_with_wrong_fields_keeps_its_kind() {
        let text = DATASET.replace("kind: run", "kind: dataset").replace("state", "stat").replace("location", "place");
        let report = lint_text("a.yml", &text, &Options::default());
        assert!(report.findings.iter().all(|finding| !finding.message.contains("has the fields of")));
        assert!(report.findings.len() > 1);
    }
}
