//! The documents that a report is about, checked as by `check`.

use rayon::prelude::*;

use crate::analysis::{Examined, FileReport, Options, Report, Summary, conclude, examine};
use crate::cli::Error;
use crate::cli::check::base;
use crate::cli::inputs::Inputs;
use crate::cli::lineage_args::ReportArgs;
use crate::cli::named_files::Lookup;
use crate::cli::unread::{not_utf8_report, problem_report, says_version, text_of};
use crate::cli::workspace_context::{self, surroundings};
use crate::config::Config;
use crate::files::{self, FileProblemKind, FileToCheck};
use crate::governance::ReportedInput;
use crate::objectives::gate::sha256;
use crate::workspace::Member;

/// What was read and found.
pub(super) struct ReadDocuments {
    /// The documents of the paths, and those around them.
    pub members: Vec<Member>,
    /// Whether there may be more, in an unknown place.
    pub partial: bool,
    /// Whether there are none around them.
    pub is_whole: bool,
    /// What a check finds in the paths.
    pub report: Report,
    /// The files of the paths that hold documents.
    pub inputs: Vec<ReportedInput>,
}

/// A file that was checked by itself, with its digest; or the report about one that could not be.
enum ReadFile {
    At(Box<Examined>, String),
    Not(Box<FileReport>),
}

/// Reads and checks the files.
pub(super) fn read(args: &ReportArgs, config: &Config, inputs: &Inputs) -> Result<ReadDocuments, Error> {
    let options = Options { config, kind: args.files.kind, explicit: false, ..Options::default() };
    let read: Vec<ReadFile> = inputs.files.par_iter().map(|file| read_file(file, args, options)).collect();
    let root = workspace_context::root(&args.files, None, config)?;
    let mut lookup = Lookup::new(&args.files, options, root, &inputs.files);
    let mut reports: Vec<FileReport> = inputs.problems.iter().map(problem_report).collect();
    let (mut examined, mut members, mut read_files): (Vec<Box<Examined>>, Vec<Member>, Vec<ReportedInput>) =
        Default::default();
    for (file, read) in inputs.files.iter().zip(read) {
        match read {
            ReadFile::Not(report) => reports.push(*report),
            ReadFile::At(mut own, sha256) => {
                let named = lookup.of(&own, &file.path);
                own.set_named_files(named);
                if !own.members().is_empty() {
                    let kinds = own.members().iter().map(|member| member.kind.name()).collect();
                    read_files.push(ReportedInput { path: file.name.clone(), sha256, kinds });
                }
                members.extend(own.members().iter().cloned());
                examined.push(own);
            }
        }
    }
    let around = surroundings(&args.files, None, options, inputs, !members.is_empty(), None)?;
    let options = Options { partial: around.partial, unread: &around.unread, ..options };
    reports.extend(conclude(examined.iter().map(AsRef::as_ref), &around.members, &options));
    reports.sort_by(|a, b| a.source.name().cmp(b.source.name()));
    let mut summary = Summary::default();
    reports.iter().for_each(|file| summary.add(file));
    reports.retain(|file| !file.is_skipped());
    let base = base(&args.files, config);
    reports.iter_mut().for_each(|file| file.rebase(&base));
    let is_whole = around.members.is_empty();
    members.extend(around.members);
    read_files.sort_by(|a, b| a.path.cmp(&b.path));
    let report = Report { files: reports, summary, ..Report::default() };
    Ok(ReadDocuments { members, partial: around.partial, is_whole, report, inputs: read_files })
}

fn read_file(file: &FileToCheck, args: &ReportArgs, options: Options<'_>) -> ReadFile {
    let options = Options { explicit: file.explicit, ..options };
    match files::read(file, args.files.max_file_size) {
        Ok(bytes) => {
            let digest = sha256(&bytes);
            match text_of(bytes) {
                Ok(text) => ReadFile::At(Box::new(examine(&file.name, text, &options)), digest),
                Err(error) => ReadFile::Not(Box::new(not_utf8_report(&file.name, &error, &options))),
            }
        }
        Err(problem) => {
            let mut report = problem_report(&problem);
            let is_too_large = matches!(problem.kind, FileProblemKind::TooLarge { .. });
            // Data sets are larger than any document.
            if is_too_large && !file.explicit && !says_version(&file.path) {
                report.take_for_guess();
            }
            ReadFile::Not(Box::new(report))
        }
    }
}
