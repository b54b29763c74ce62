//! Any objectives and any evidence, the halves of a text that a line `%%` parts, give a verdict or a refusal. The gate passes only when
//! each required objective does: `cargo fuzz run gate`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlspec_lint::analysis::{Options, members};
use mlspec_lint::documents::Kind;
use mlspec_lint::objectives::admission::Terms;
use mlspec_lint::objectives::gate::{Gate, GateFile, Request, sha256};
use mlspec_lint::objectives::verdict::{self, GateMode, InputRole, ObjectiveVerdict};
use mlspec_lint::workspace::Member;

fuzz_target!(|text: &str| {
    let (objectives, evidence) = text.split_once("\n%%\n").unwrap_or((text, text));
    let all = [
        members("objectives.yml", objectives, &Options::default()),
        members("evidence.yml", evidence, &Options::default()),
    ];
    let of = |number: usize, kinds: &[Kind]| -> Vec<&Member> {
        all[number].iter().filter(|member| kinds.contains(&member.kind)).collect()
    };
    let files = [
        (InputRole::Objectives, "objectives.yml", objectives, of(0, &[Kind::Objectives])),
        (InputRole::Evaluation, "evidence.yml", evidence, of(1, &[Kind::Evaluation])),
        (InputRole::Test, "evidence.yml", evidence, of(1, &[Kind::Test])),
        (InputRole::Run, "evidence.yml", evidence, of(1, &[Kind::Run, Kind::PipelineRun])),
    ]
    .map(|(role, path, text, members)| GateFile {
        role,
        path: path.to_owned(),
        sha256: sha256(text.as_bytes()),
        members,
    });
    let terms = Terms::default();
    let Ok(gate) = Gate::open(&files, &terms) else { return };
    let request = Request { as_of: None, max_age: None, mode: GateMode::Enforce, terms };
    let Ok(verdict) = gate.verdict(&request) else { return };
    let is_met = |own: &verdict::JudgedObjective| {
        matches!(own.verdict, ObjectiveVerdict::Pass | ObjectiveVerdict::Warn | ObjectiveVerdict::Waived)
    };
    if verdict.verdict == verdict::GateVerdict::Pass {
        assert!(verdict.objectives.iter().all(is_met), "{verdict:?}");
    }
});
