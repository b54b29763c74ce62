//! Chooses the documents that a gate judges by, in addition to those that are named.

use jiff::Timestamp;

use super::GateInputs;
use super::data_dates::data_was_there;
use super::derived::none_is_trained_on_test_data;
use super::hidden::{first_broken, is_copy, no_baseline_is_hidden, no_part_is_hidden, no_run_is_hidden, with_hidden};
use super::measuring_runs::measured_what_is_said;
use super::passed_over::none_is_passed_over;
use crate::documents::{Document, Kind};
use crate::objectives::as_of::AsOf;
use crate::objectives::measurements::instants;
use crate::objectives::policy::Policy;
use crate::objectives::verdict::InputRole;
use crate::workspace::{DocId, Index, Member};

/// A document of the workspace, and its role.
#[derive(Clone, Debug)]
pub struct ChosenDocument {
    /// The role of the document.
    pub role: InputRole,
    /// The document.
    pub document: Member,
}

/// The options of the choice.
#[derive(Debug, Default)]
pub struct GateChoice {
    /// The evidence outside of the workspace; `None` if nothing is judged.
    pub unseen: Option<UnseenEvidence>,
    /// Whether the candidate is named: nothing is added to it, then.
    pub is_candidate_named: bool,
    /// Whether the baseline is named, and not looked up.
    pub is_baseline_named: bool,
    /// The time that is asked about, if it is given.
    pub as_of: Option<AsOf>,
    /// Whether the objectives are explained: for this, the baseline is measured like the candidate.
    pub is_explained: bool,
}

/// Evidence that is not among the documents of the workspace.
#[derive(Clone, Debug, Default)]
pub struct UnseenEvidence {
    /// Documents of files that git or the configuration ignores: measurements, runs and what they produced.
    pub hidden: Vec<Member>,
    /// The first reason why the newest evaluation or test cannot be determined.
    pub doubt: Option<Doubt>,
    /// The first file that cannot be read and names the baseline.
    pub baseline_doubt: Option<Doubt>,
    /// The files that cannot be read and name, as their own name or id or as that of their experiment, what candidates are compared with.
    pub run_doubts: Vec<(String, Doubt)>,
    /// The files that cannot be read, may be runs, and name the digest of a model file.
    pub maker_doubts: Vec<(String, Doubt)>,
    /// The files that cannot be read, may be measurements, and name the digest of a model file.
    pub test_doubts: Vec<(String, Doubt)>,
}

/// A file that could hold the newest evaluation or test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Its name.
    pub file: String,
    /// Why that cannot be determined.
    pub why: String,
}

/// Why the choice of a document is not clear.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// A measurement without a date.
    #[error(
        "{file} has no date that can be read, and could be the newest {kind}; correct it, or name the {kind} that is to be judged with --{kind}"
    )]
    Undated {
        /// Its file.
        file: String,
        /// The kind of the document.
        kind: Kind,
    },
    /// A measurement whose date is not exact enough to order it.
    #[error(
        "{file} was performed on '{date}', which is no instant, and could be the newest {kind}; give the time with its zone, or name the \
         {kind} that is to be judged with --{kind}"
    )]
    Inexact {
        /// Its file.
        file: String,
        /// Its date, as it is written.
        date: String,
        /// The kind of the document.
        kind: Kind,
    },
    /// Another run has the text that names the baseline as its id.
    #[error("the baseline '{name}' is the id of a run in {file}, and the name of another one in {other_file}")]
    TwoBaselines {
        /// The text that names the baseline.
        name: String,
        /// The file of the run that has it as its id.
        file: String,
        /// The file of the run that has it as its name.
        other_file: String,
    },
    /// A measurement that is not tied to any model.
    #[error(
        "{file} does not say which model it is about, and could be the newest {kind}; give it a 'model', or name the {kind} that is to be judged with --{kind}"
    )]
    Unattributed {
        /// Its file.
        file: String,
        /// The kind of the document.
        kind: Kind,
    },
    /// The newest measurement is hidden from the workspace.
    #[error(
        "{file} is the newest {kind}, and {}; name the {kind} that is to be judged with --{kind}", ignored_by(.file)
    )]
    Hidden {
        /// Its file.
        file: String,
        /// The kind of the document.
        kind: Kind,
    },
    /// A run that belongs to the candidate is hidden from the workspace.
    #[error(
        "{file} is a run that {part}, and {}; name it with --run, or put it where it is found", ignored_by(.file)
    )]
    HiddenRun {
        /// Its file.
        file: String,
        /// What it has to do with the candidate.
        part: &'static str,
    },
    /// Another run that the objectives may mean as their baseline, or a measurement of the baseline, is hidden from the workspace.
    #[error(
        "{file} is a {kind} of the baseline '{name}', and {}: put it where it is found, or name the baseline with --baseline", ignored_by(.file)
    )]
    HiddenBaseline {
        /// Its file.
        file: String,
        /// What it is.
        kind: Kind,
        /// The text that names the baseline.
        name: String,
    },
    /// Something else that would be chosen is hidden from the workspace.
    #[error("{file} is a {kind} that {part}, and {}: put it where it is found", ignored_by(.file))]
    HiddenPart {
        /// Its file.
        file: String,
        /// What it is.
        kind: Kind,
        /// What it has to do with what is judged.
        part: &'static str,
    },
    /// A file that cannot be read could hold a run that the candidate is compared with.
    #[error("{}: {}, and could be a run that the candidate is compared with; correct it", .0.file, .0.why)]
    RunDoubt(Doubt),
    /// A file that cannot be read could hold a run that made the model.
    #[error("{}: {}, names the digest of the model that is judged, and could be a run that made it; correct it", .0.file, .0.why)]
    MakerDoubt(Doubt),
    /// A file that cannot be read could hold the baseline.
    #[error(
        "{}: {}, and could hold the baseline '{name}'; correct it, or name the baseline with --baseline", .doubt.file, .doubt.why
    )]
    BaselineDoubt {
        /// The file, and why it cannot be read.
        doubt: Doubt,
        /// The text that names the baseline.
        name: String,
    },
    /// A measurement of the same file under the name of another model.
    #[error(
        "{file} measures the file of this model under the name of another one, and is as new as the newest {kind}; correct its 'model', or name \
         the {kind} that is to be judged with --{kind}"
    )]
    OtherName {
        /// Its file.
        file: String,
        /// What it is.
        kind: Kind,
    },
    /// A test of the same file on the same data that is newer, or may be, and that nobody named.
    #[error(
        "{file} is {age} test of this model file on the same data than '{test}'; name it with --test, or say with --as-of that a day before it \
         is asked about"
    )]
    NewerTest {
        /// Its file.
        file: String,
        /// Whether it is newer, or may be.
        age: &'static str,
        /// The name or id of the test that was named.
        test: String,
    },
    /// The run that a measurement names says that it measured something else.
    #[error("{file} names the run '{run}' in {run_file}, which {what}")]
    OtherMeasurement {
        /// The file of the measurement.
        file: String,
        /// The name or id of the run.
        run: String,
        /// Its file.
        run_file: String,
        /// What it measured.
        what: String,
    },
    /// A measurement precedes the data that it names.
    #[error(
        "{file} measured on '{dataset}' before there was this data: {data_file} says {made}; name the version that was measured on"
    )]
    BeforeData {
        /// The file of the measurement.
        file: String,
        /// The data, as it names it.
        dataset: String,
        /// When the data was made.
        made: String,
        /// The file of the dataset.
        data_file: String,
    },
    /// The model was trained on what was made of the data of a test, holds it, or is in it.
    #[error("the test '{test}' confirms nothing: the run '{run}' in {run_file} read {what}")]
    MadeOfTestData {
        /// The name or id of the test.
        test: String,
        /// The name or id of the run.
        run: String,
        /// Its file.
        run_file: String,
        /// What it read.
        what: String,
    },
    /// A file that cannot be read could hold a newer test of the file that is judged.
    #[error("{}: {}, names the digest of the model that is judged, and could hold a newer test of it; correct it", .0.file, .0.why)]
    TestDoubt(Doubt),
    /// An evaluation of the same file on the data of the test.
    #[error(
        "{file} is an evaluation of this model file on the data of the test '{test}': a test confirms nothing on data that decisions were based on"
    )]
    EvaluatedOnTestData {
        /// The file of the evaluation.
        file: String,
        /// The name or id of the test.
        test: String,
    },
    /// Several documents are equally new.
    #[error("several documents are equally new, and could be meant as the {kind}: {}; name one of these files", files.join(", "))]
    Several {
        /// Their names, each with its file.
        files: Vec<String>,
        /// The kind of the documents.
        kind: Kind,
    },
    /// A file that cannot be read could hold the newest measurement.
    #[error(
        "{}: {}, and could hold the newest evaluation or test; name the evaluation and test that are to be judged with --evaluation and --test",
        .0.file, .0.why
    )]
    Doubt(Doubt),
}

/// Returns what keeps a file from the workspace.
fn ignored_by(file: &str) -> &'static str {
    let is_dotted = |part: &str| part.starts_with('.') && !matches!(part, "." | "..");
    match file.split('/').any(is_dotted) {
        true => "its name, or that of a folder that it is in, begins with a dot",
        false => "git or the configuration ignores it",
    }
}

/// Returns the documents of the workspace that belong to the objectives `own` and to the named documents of the `candidate`.
///
/// # Errors
/// If the candidate is to be looked up and the newest one cannot be determined.
pub fn choose(
    index: &Index,
    own: DocId,
    candidate: &[&Member],
    choice: &GateChoice,
) -> Result<Vec<ChosenDocument>, ChoiceError> {
    let workspace = index.workspace();
    let Some(inputs) = GateInputs::of(workspace, own) else { return Ok(Vec::new()) };
    let mut chosen = Chosen { documents: Vec::new(), members: candidate.iter().copied().cloned().collect() };
    if let Some(unseen) = choice.unseen.as_ref().filter(|_| !choice.is_candidate_named) {
        chosen.add_newest(index, own, unseen)?;
    }
    let objectives = workspace.member(own);
    let Some(Document::Objectives(document)) = objectives.and_then(|member| member.typed()) else {
        return Ok(Vec::new());
    };
    let policy = objectives.map(|member| Policy::of(document, &member.tree).0).unwrap_or_default();
    if choice.unseen.is_some() && !choice.is_candidate_named {
        let monitored = inputs.monitored(&policy, &chosen.members, choice.as_of);
        chosen.add(InputRole::Evaluation, monitored);
    }
    let judged = chosen.members.clone();
    if let Some(unseen) = &choice.unseen {
        no_run_is_hidden(index, &judged, &unseen.hidden)?;
        let broken = |doubts| first_broken(workspace, &judged, doubts);
        broken(&unseen.maker_doubts).map_or(Ok(()), |doubt| Err(ChoiceError::MakerDoubt(doubt)))?;
        let is_any_tested = judged.iter().any(|own| own.kind == Kind::Test);
        let tests = broken(&unseen.test_doubts).filter(|_| is_any_tested);
        tests.map_or(Ok(()), |doubt| Err(ChoiceError::TestDoubt(doubt)))?;
    }
    if !choice.is_baseline_named {
        inputs.baseline_is_one()?;
        if let Some(unseen) = &choice.unseen {
            no_baseline_is_hidden(&inputs, unseen)?;
        }
        chosen.add(InputRole::Baseline, inputs.baseline());
    }
    let known = chosen.members.clone();
    let judged = if choice.is_explained { &known } else { &judged };
    let is_new = |run: &&Member| !known.iter().any(|own| own.is(run));
    chosen.add(InputRole::History, inputs.history(&policy, judged).into_iter().filter(is_new));
    let measured = chosen.members.clone();
    if let Some(unseen) = &choice.unseen {
        let names = inputs.compared_names(&policy, judged);
        let doubt = unseen.run_doubts.iter().find(|(name, _)| names.contains(name));
        let doubt = doubt.filter(|(_, doubt)| !measured.iter().any(|own| own.file() == doubt.file));
        doubt.map_or(Ok(()), |(_, doubt)| Err(ChoiceError::RunDoubt(doubt.clone())))?;
        no_part_is_hidden(index, own, &policy, (judged, &measured), &unseen.hidden)?;
    }
    chosen.add(InputRole::Dataset, inputs.datasets(&policy, &measured));
    let compared = if choice.is_baseline_named { judged } else { &measured };
    chosen.add(InputRole::Context, inputs.context(compared, judged));
    if let Some(unseen) = &choice.unseen {
        let is_test = |own: &&Member| matches!(own.kind, Kind::Test | Kind::Evaluation) && !is_copy(workspace, own);
        let hidden: Vec<Member> = unseen.hidden.iter().filter(is_test).cloned().collect();
        let all = (!hidden.is_empty()).then(|| with_hidden(index, &hidden));
        none_is_passed_over(all.as_ref().unwrap_or(index), objectives, judged, &chosen.members, choice.as_of)?;
        data_was_there(workspace, &measured)?;
        measured_what_is_said(index, judged)?;
        none_is_trained_on_test_data(index, judged)?;
    }
    Ok(chosen.documents)
}

/// The documents chosen so far; the members begin with those that are named.
struct Chosen {
    documents: Vec<ChosenDocument>,
    members: Vec<Member>,
}

impl Chosen {
    fn add<'a>(&mut self, role: InputRole, members: impl IntoIterator<Item = &'a Member>) {
        for member in members {
            self.documents.push(ChosenDocument { role, document: member.clone() });
            self.members.push(member.clone());
        }
    }

    /// Adds the newest evaluation and the newest test. Hidden documents are only checked for being newer.
    fn add_newest(&mut self, seen: &Index, own: DocId, unseen: &UnseenEvidence) -> Result<(), ChoiceError> {
        let with_hidden = (!unseen.hidden.is_empty()).then(|| with_hidden(seen, &unseen.hidden));
        let all = with_hidden.as_ref().unwrap_or(seen);
        let own = seen.workspace().member(own).and_then(|own| all.id_of(own));
        let Some(inputs) = own.and_then(|own| GateInputs::of(all.workspace(), own)) else { return Ok(()) };
        for (role, kind) in [(InputRole::Evaluation, Kind::Evaluation), (InputRole::Test, Kind::Test)] {
            self.add(role, newest(&inputs, kind, unseen)?);
        }
        unseen.doubt.clone().map_or(Ok(()), |doubt| Err(ChoiceError::Doubt(doubt)))
    }
}

/// Returns the newest document of a kind; an error if it cannot be determined.
fn newest<'a>(inputs: &GateInputs<'a>, kind: Kind, unseen: &UnseenEvidence) -> Result<Option<&'a Member>, ChoiceError> {
    let file = |member: &Member| member.file().to_owned();
    let all = inputs.measured(kind);
    if let Some((_, undated)) = all.iter().find(|(date, _)| date.is_none()) {
        return Err(ChoiceError::Undated { file: file(undated), kind });
    }
    let newest: Option<Timestamp> = all.iter().filter_map(|(date, _)| *date).max();
    let mut unattributed = inputs.unattributed(kind).into_iter();
    let could_be_newest = |(date, _): &(Option<Timestamp>, &Member)| date.is_none() || *date >= newest;
    if let Some((_, other)) = unattributed.find(could_be_newest) {
        return Err(ChoiceError::Unattributed { file: file(other), kind });
    }
    let newest: Vec<&'a Member> =
        all.into_iter().filter(|(date, _)| *date == newest).map(|(_, member)| member).collect();
    if let Some(hidden) = newest.iter().find(|member| unseen.hidden.iter().any(|hidden| hidden.is(member))) {
        return Err(ChoiceError::Hidden { file: file(hidden), kind });
    }
    if let Some(other) = newest.first().and_then(|own| inputs.same_file_by_another_name(own, kind)) {
        return Err(ChoiceError::OtherName { file: file(other), kind });
    }
    let candidates = inputs.measured(kind).into_iter().chain(inputs.unattributed(kind)).map(|(_, member)| member);
    if let Some((other, date)) = newest.first().and_then(|own| could_be_newer(candidates, own)) {
        return Err(ChoiceError::Inexact { file: file(other), date: date.to_owned(), kind });
    }
    match newest.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        several => Err(ChoiceError::Several {
            files: several.iter().map(|member| format!("'{}' in {}", member.label(), member.file())).collect(),
            kind,
        }),
    }
}

/// Returns an inexact date by which another measurement could be newer than the newest, and its document. Two days, or two times without a
/// zone, are compared as they are written.
fn could_be_newer<'a>(
    candidates: impl Iterator<Item = &'a Member>,
    newest: &'a Member,
) -> Option<(&'a Member, &'a str)> {
    let date_of = |member: &'a Member| {
        let (text, _) = member.recorded_on()?;
        Some((text, instants(text)?))
    };
    let (own, (earliest, own_latest)) = date_of(newest)?;
    let is_own_exact = earliest == own_latest;
    candidates.filter(|other| !other.is(newest)).find_map(|other| {
        let (text, (first, latest)) = date_of(other)?;
        let is_exact = first == latest;
        let is_in_doubt = latest > earliest && is_exact != is_own_exact;
        is_in_doubt.then_some(if is_own_exact { (other, text) } else { (newest, own) })
    })
}
