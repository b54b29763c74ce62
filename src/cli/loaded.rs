//! The documents of files and folders, beside each other, for commands that ask about them and check nothing.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;

use super::args::{FileArgs, Global};
use super::inputs::{exclude, inputs, load_config};
use super::{Error, output};
use crate::analysis::{self, Options, Unchecked};
use crate::config::Overrides;
use crate::files;
use crate::text::visible;
use crate::workspace::{Index, Member};

/// Reads the documents of the paths. What cannot be read is said on standard error: an answer that rests on less than all is no answer.
pub(super) fn load(args: &FileArgs, global: &Global) -> Result<Index, Error> {
    let overrides = Overrides { exclude: exclude(args)?, ..Overrides::default() };
    let config = load_config(global, args)?.overridden(overrides);
    let inputs = inputs(args, &config)?;
    if inputs.absent > 0 {
        return Err(Error::Usage("a path that is named does not exist".to_owned()));
    }
    let options = Options { config: &config, kind: args.kind, explicit: false, ..Options::default() };
    let read = |file: &files::FileToCheck| {
        let bytes = files::read(file, args.max_file_size).map_err(|problem| problem.kind.to_string())?;
        let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
        Ok(analysis::unchecked(&file.name, &text, &options))
    };
    let read: Vec<Result<Unchecked, String>> = inputs.files.par_iter().map(read).collect();
    let mut members: Vec<Member> = Vec::new();
    for (file, read) in inputs.files.iter().zip(read) {
        match read {
            Ok(text) => add(text, &mut members),
            Err(why) if file.explicit => {
                output::notice(format_args!("note: {} was not read: {why}", visible(&file.name)))
            }
            // A folder may hold anything.
            Err(_) => {}
        }
    }
    for problem in &inputs.problems {
        output::notice(format_args!("note: {} was not read: {}", visible(&problem.name), problem.kind));
    }
    if let Some(bytes) = inputs.stdin {
        let text = String::from_utf8(bytes).map_err(|_| Error::Usage("standard input is not UTF-8".to_owned()))?;
        add(analysis::unchecked(&args.stdin_filename, &text, &options), &mut members);
    }
    Ok(Index::of(members, false))
}

fn add(text: Unchecked, members: &mut Vec<Member>) {
    if let Some(source) = text.unread {
        let name = visible(source.name()).into_owned();
        output::notice(format_args!(
            "note: {name} has documents that could not be read; `mlspec-lint check` shows where"
        ));
    }
    members.extend(text.members);
}

/// Refuses an output that is one of the documents that are read.
pub(super) fn refuse_documents(output: &Path, index: &Index) -> Result<(), Error> {
    let read: BTreeSet<&Path> = index.members().map(|(_, member)| Path::new(member.file())).collect();
    output::refuse_overwriting(&[output], read)
}
