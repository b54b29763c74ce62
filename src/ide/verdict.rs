//! The verdict of the gate on objectives, as the documents of the workspace stand, while they are written.

use rustc_hash::FxHashSet;

use crate::analysis::Analysis;
use crate::diagnostics::Severity;
use crate::objectives::admission::Terms;
use crate::objectives::as_of::AsOf;
use crate::objectives::gate::{Gate, GateFile, Request, sha256};
use crate::objectives::gate_inputs::{GateChoice, UnseenEvidence, choose};
use crate::objectives::measurements::instant;
use crate::objectives::verdict::{GateMode, InputRole, Verdict};
use crate::text::visible;
use crate::workspace::{DocId, Member};

/// Judges a document of objectives by the newest evaluation and test of the workspace. Files that git or the settings ignore are not looked
/// at: the gate itself, which looks at them, may refuse what is judged here.
///
/// # Errors
/// Why nothing is judged.
pub fn verdict(analysis: &mut Analysis<'_>, own: DocId) -> Result<Verdict, String> {
    let choice = GateChoice { unseen: Some(UnseenEvidence::default()), ..GateChoice::default() };
    let said = |error: &dyn std::fmt::Display| visible(&error.to_string()).into_owned();
    let chosen = choose(analysis.index(), own, &[], &choice).map_err(|error| said(&error))?;
    let member = analysis.index().workspace().member(own).cloned().ok_or("it is not there any more")?;
    let documents: Vec<(InputRole, Member)> = std::iter::once((InputRole::Objectives, member))
        .chain(chosen.into_iter().map(|chosen| (chosen.role, chosen.document)))
        .collect();
    let mut seen = FxHashSet::default();
    for (_, member) in documents.iter().filter(|(_, member)| seen.insert(member.file().to_owned())) {
        let report = analysis.report(member.file());
        let has_errors = |report: &crate::analysis::FileReport| {
            report.findings.iter().any(|finding| finding.severity == Severity::Error)
        };
        if report.is_some_and(has_errors) {
            return Err(format!("'{}' has errors", visible(member.file())));
        }
    }
    let files: Vec<GateFile<'_>> = documents
        .iter()
        .map(|(role, member)| GateFile {
            role: *role,
            path: member.file().to_owned(),
            sha256: sha256(member.tree.source().text().as_bytes()),
            members: vec![member],
            log: None,
        })
        .collect();
    let terms = Terms { subject: Vec::new(), is_digest_required: false, may_override_baseline: false };
    let gate = Gate::open(&files, &terms).map_err(|error| said(&error))?;
    let newest = || {
        let dates = analysis.index().members().filter_map(|(_, member)| instant(member.recorded_on()?.0));
        dates.max().map(AsOf::Newest)
    };
    let as_of = if gate.policy().asks_age() { newest() } else { None };
    let request = Request { as_of, max_age: None, mode: GateMode::Enforce, terms };
    gate.verdict(&request).map_err(|error| said(&error))
}
