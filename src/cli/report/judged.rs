//! What the gate says of each document of objectives: the same documents are chosen, and refused for the same reasons.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::read::ReadDocuments;
use crate::analysis::{Examined, FileReport, conclude, examine, refuses, refuses_data};
use crate::cli::Error;
use crate::cli::gate::{Wanted, gate_file, strict, unseen};
use crate::cli::lineage_args::ReportArgs;
use crate::config::Config;
use crate::diagnostics::Finding;
use crate::documents::Kind;
use crate::governance::{JudgedObjectives, judge};
use crate::objectives::admission::CANDIDATE;
use crate::objectives::as_of::AsOf;
use crate::objectives::gate::GateFile;
use crate::objectives::gate_inputs::{
    ChosenDocument, GateChoice, GateInputs, UnseenEvidence, choose, compared_names, documents_of_data, model_files,
};
use crate::objectives::measurements::instant;
use crate::objectives::verdict::InputRole;
use crate::text::visible;
use crate::workspace::{DocId, Index, Member};

/// Judges all objectives of a workspace.
pub(super) fn judge_all(
    args: &ReportArgs,
    config: &Config,
    index: &Index,
    read: &ReadDocuments,
) -> Result<FxHashMap<DocId, JudgedObjectives>, Error> {
    let objectives: Vec<DocId> = index.workspace().of_kind(Kind::Objectives).collect();
    if objectives.is_empty() {
        return Ok(FxHashMap::default());
    }
    let newest = newest(index);
    let hidden = Hidden::of(args, config, index, &objectives)?;
    // The choice of each, and then one strict check of all chosen files, as the gate checks those that it is given.
    let choice = |own: &DocId| (*own, chosen(args, index, *own, &hidden));
    let choices: Vec<(DocId, Result<Vec<ChosenDocument>, String>)> = objectives.par_iter().map(choice).collect();
    let settings = config.kinds_only();
    let strict = StrictCheck::of(&choices, index, read, &settings);
    let judged = choices.par_iter().map(|(own, chosen)| {
        let judged = match chosen {
            Err(why) => JudgedObjectives::refused(why),
            Ok(chosen) => strict.judge(index, *own, chosen, args.as_of, newest),
        };
        (*own, judged)
    });
    Ok(judged.collect::<Vec<_>>().into_iter().collect())
}

/// Returns the instant of the newest record, from which the age of evidence is counted.
fn newest(index: &Index) -> Option<AsOf> {
    let dates = index.members().filter_map(|(_, member)| instant(member.recorded_on()?.0));
    dates.max().map(AsOf::Newest)
}

fn chosen(args: &ReportArgs, index: &Index, own: DocId, hidden: &Hidden) -> Result<Vec<ChosenDocument>, String> {
    let choice = GateChoice { unseen: Some(hidden.of_objectives(own)), as_of: args.as_of, ..GateChoice::default() };
    choose(index, own, &[], &choice).map_err(|error| visible(&error.to_string()).into_owned())
}

/// Evidence that is not among the documents, such as files that git ignores.
struct Hidden {
    of_all: UnseenEvidence,
    /// For each document of objectives, what a search for its baseline alone finds; empty if a search for all baselines finds nothing.
    of_each: FxHashMap<DocId, UnseenEvidence>,
}

impl Hidden {
    fn of(args: &ReportArgs, config: &Config, index: &Index, objectives: &[DocId]) -> Result<Self, Error> {
        let workspace = index.workspace();
        let models = model_files(workspace);
        let names = |own: DocId| -> BTreeSet<String> {
            let names = GateInputs::of(workspace, own).map(|inputs| inputs.baseline_names()).unwrap_or_default();
            names.into_iter().map(|name| name.trim().to_lowercase()).collect()
        };
        let files = &args.files;
        let all: BTreeSet<String> = objectives.iter().flat_map(|own| names(*own)).collect();
        let compared = compared_names(workspace);
        let found = |baseline: &BTreeSet<String>| {
            unseen(files, None, config, &Wanted { baseline, compared: &compared, models: &models })
        };
        let of_all = found(&all)?;
        let mut of_each = FxHashMap::default();
        if of_all.baseline_doubt.is_some() {
            for own in objectives {
                of_each.insert(*own, found(&names(*own))?);
            }
        }
        Ok(Self { of_all, of_each })
    }

    fn of_objectives(&self, own: DocId) -> UnseenEvidence {
        self.of_each.get(&own).unwrap_or(&self.of_all).clone()
    }
}

/// The files that verdicts rest on, checked without anything that hides findings.
struct StrictCheck {
    examined: FxHashMap<String, Examined>,
    reports: FxHashMap<String, FileReport>,
}

impl StrictCheck {
    fn of(
        choices: &[(DocId, Result<Vec<ChosenDocument>, String>)],
        index: &Index,
        read: &ReadDocuments,
        settings: &Config,
    ) -> Self {
        let own = choices.iter().filter_map(|(own, _)| index.workspace().member(*own).cloned());
        let chosen = choices.iter().filter_map(|(_, chosen)| chosen.as_ref().ok());
        let of_data = chosen.clone().flat_map(|chosen| of_data(index, chosen)).cloned();
        let mut seen: FxHashSet<String> = FxHashSet::default();
        let members: Vec<Member> = own
            .chain(chosen.flatten().map(|chosen| chosen.document.clone()))
            .chain(of_data)
            .filter(|member| seen.insert(member.file().to_owned()))
            .collect();
        let options = crate::analysis::Options { partial: read.partial, ..strict(settings) };
        let text = |member: &Member| examine(member.file(), member.tree.source().text(), &options);
        let examined: Vec<Examined> = members.par_iter().map(text).collect();
        let context: Vec<Member> =
            read.members.iter().filter(|member| !seen.contains(member.file())).cloned().collect();
        let reports = conclude(&examined, &context, &options);
        Self {
            reports: reports.into_iter().map(|report| (report.source.name().to_owned(), report)).collect(),
            examined: examined.into_iter().map(|own| (own.source().name().to_owned(), own)).collect(),
        }
    }

    fn judge(
        &self,
        index: &Index,
        own: DocId,
        chosen: &[ChosenDocument],
        as_of: Option<AsOf>,
        newest: Option<AsOf>,
    ) -> JudgedObjectives {
        let Some(member) = index.workspace().member(own) else { return JudgedObjectives::refused("it was not judged") };
        let objectives = std::iter::once((InputRole::Objectives, member));
        let of_data = of_data(index, chosen);
        let chosen = chosen.iter().map(|chosen| (chosen.role, &chosen.document));
        let mut files: Vec<GateFile<'_>> = Vec::new();
        for (role, document) in objectives.chain(chosen) {
            let Some(examined) = self.examined.get(document.file()) else { continue };
            let mut own = examined.members().iter().filter(|member| member.position == document.position);
            match files.iter_mut().find(|file| file.role == role && file.path == document.file()) {
                Some(file) => file.members.extend(own),
                None => files.push(gate_file(role, examined, own.by_ref().collect())),
            }
        }
        let evidence: FxHashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let of_data = of_data.iter().map(|member| member.file()).filter(|file| !evidence.contains(file));
        let refusing = |file: &str, refuses: fn(&Finding) -> bool| {
            let report = self.reports.get(file)?;
            Some((report.source.name(), report.findings.iter().filter(|finding| refuses(finding)).count()))
        };
        let of_evidence = evidence.iter().filter_map(|file| refusing(file, refuses));
        let mut errors: Vec<(&str, usize)> = of_evidence
            .chain(of_data.filter_map(|file| refusing(file, refuses_data)))
            .filter(|(_, count)| *count > 0)
            .collect();
        errors.sort_unstable();
        errors.dedup();
        match errors.as_slice() {
            [] => judge(&files, as_of, newest),
            errors => JudgedObjectives::refused(&refusal(errors)),
        }
    }
}

/// Returns the documents that say how the data of a candidate was made, which are checked as the evidence is.
fn of_data<'a>(index: &'a Index, chosen: &[ChosenDocument]) -> Vec<&'a Member> {
    let candidate = chosen.iter().filter(|chosen| CANDIDATE.contains(&chosen.role));
    let candidate: Vec<Member> = candidate.map(|chosen| chosen.document.clone()).collect();
    documents_of_data(index, &candidate)
}

/// Returns why nothing is judged by files with errors.
fn refusal(errors: &[(&str, usize)]) -> String {
    let count: usize = errors.iter().map(|(_, count)| count).sum();
    let noun = if count == 1 { "an error".to_owned() } else { format!("{count} errors") };
    let files: Vec<_> = errors.iter().map(|(file, _)| visible(file)).collect();
    format!("nothing was judged: {noun} in {}", files.join(", "))
}
