//! Judges documents that are given as texts.

use std::sync::Arc;

use mlspec_lint::documents::{Document, Kind};
use mlspec_lint::objectives::evaluate::{Refusal, VerdictContext, judge, waivers};
use mlspec_lint::objectives::measurements::{Evidence, Measurements};
use mlspec_lint::objectives::policy::Policy;
use mlspec_lint::objectives::verdict::{GateMode, JudgedObjective, Verdict};
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{Framing, Limits, Tree, parse};

/// The role of a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum As {
    Candidate,
    Baseline,
    History,
}

/// A document and its text as a tree.
pub struct Read {
    pub tree: Tree,
    pub document: Document,
}

pub fn read(name: &str, text: &str) -> Read {
    let tree = parse(Arc::new(Source::new(name, text)), Limits::default(), Framing::Stream);
    let root = tree.documents()[0].root.expect("a document");
    let kind = tree.find(root, &["kind"]).and_then(|node| tree.text(node)).and_then(Kind::by_name);
    let document = Document::read(kind.expect("a kind"), &tree, root).expect("a mapping").0;
    Read { tree, document }
}

/// Returns the verdict on objectives, as of the newest day of the inputs unless another is given.
pub fn verdict_on(objectives: &str, given: &[(As, &str)], as_of: Option<&str>) -> Result<Verdict, Refusal> {
    judged(objectives, given, as_of).map(|(verdict, _)| verdict)
}

/// Returns the number of parts of expressions that are evaluated to judge objectives.
pub fn steps(objectives: &str, given: &[(As, &str)]) -> u64 {
    judged(objectives, given, None).unwrap().1
}

fn judged(objectives: &str, given: &[(As, &str)], as_of: Option<&str>) -> Result<(Verdict, u64), Refusal> {
    let policy = read("objectives.yml", objectives);
    let Document::Objectives(document) = &policy.document else { panic!("{objectives}") };
    let (conditions, faults) = Policy::of(document, &policy.tree);
    let documents: Vec<_> =
        given.iter().enumerate().map(|(index, (_, text))| read(&format!("{index}.yml"), text)).collect();
    let mut evidence = Evidence::default();
    for (source, ((role, _), read)) in given.iter().zip(&documents).enumerate() {
        let into = match role {
            As::Candidate => &mut evidence.candidate,
            As::Baseline => evidence.baseline.get_or_insert_with(Measurements::default),
            As::History => {
                evidence.history.push(Measurements::default());
                evidence.history.last_mut().unwrap()
            }
        };
        into.add(source, &read.document, &read.tree, &key_of);
    }
    let as_of = as_of.map(|day| day.parse().unwrap()).or_else(|| evidence.newest());
    let waivers = waivers(document);
    let judgement = judge(&conditions, &waivers, &evidence, &key_of, as_of, None)
        .inspect_err(|_| eprintln!("{:?}", faults.iter().map(|fault| &fault.message).collect::<Vec<_>>()))?;
    let steps = judgement.steps();
    let about = VerdictContext {
        mode: GateMode::Enforce,
        inputs: Vec::new(),
        log: None,
        subject: Vec::new(),
        concerns: Vec::new(),
    };
    Ok((judgement.verdict(&policy.tree, about), steps))
}

/// Like [`verdict_on`], for objectives that can be judged.
pub fn verdict(objectives: &str, given: &[(As, &str)]) -> Verdict {
    verdict_on(objectives, given, None).unwrap_or_else(|refusal| panic!("{refusal}\n{objectives}"))
}

/// Returns the key of a dataset without a workspace, for two ways to write one.
fn key_of(reference: &str) -> String {
    match reference {
        "b6f1c1de-0000-4000-8000-000000000001" => "credit-holdback@1.0.0".to_owned(),
        other => other.to_lowercase(),
    }
}

/// Returns the first objective of a verdict.
pub fn first(verdict: &Verdict) -> &JudgedObjective {
    &verdict.objectives[0]
}

/// Returns the JSON text of a name.
pub fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap_or("-").to_owned()
}
