//! `man`: the manual, a page per command.

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::ManArgs;
use super::output::write_atomically;
use super::{Cli, Error, Exit, output};

pub(super) fn run(args: &ManArgs) -> Result<Exit, Error> {
    let mut program = Cli::command();
    // Names and options of the whole are those of its parts, too.
    program.build();
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).map_err(|source| Error::File { path: folder.display().to_string(), source })?;
        let pages = pages(&program)?;
        for (name, page) in &pages {
            write_atomically(&folder.join(name), page)?;
        }
        output::notice(format_args!("Wrote {} pages to {}.", pages.len(), folder.display()));
        return Ok(Exit::Clean);
    }
    let command = named(&program, &args.command)?;
    let page = page(command)?;
    Exit::Clean.after(output::to_stdout_raw(|out| out.write_all(&page)))
}

/// Returns the command of this name, which is that of the program if the name is empty.
fn named<'c>(program: &'c Command, name: &[String]) -> Result<&'c Command, Error> {
    name.iter().try_fold(program, |command, part| {
        command.find_subcommand(part).filter(|own| is_shown(own)).ok_or_else(|| {
            let names = command.get_subcommands().filter(|own| is_shown(own)).map(Command::get_name);
            let hint = match crate::text::nearest(part, names) {
                Some(near) => format!("did you mean '{near}'?"),
                None => "`mlspec-lint help` lists them".to_owned(),
            };
            Error::Usage(format!("there is no command '{part}'; {hint}"))
        })
    })
}

fn is_shown(command: &Command) -> bool {
    !command.is_hide_set() && command.get_name() != "help"
}

/// Returns the names of the files of the pages, and the pages: that of the program, and of each command below it.
fn pages(command: &Command) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let mut pages = vec![(format!("{name}.1"), page(command)?)];
    for below in command.get_subcommands().filter(|below| is_shown(below)) {
        pages.extend(self::pages(below)?);
    }
    Ok(pages)
}

fn page(command: &Command) -> Result<Vec<u8>, Error> {
    let mut page = Vec::new();
    let program = concat!("mlspec-lint ", env!("CARGO_PKG_VERSION"));
    Man::new(command.clone()).source(program).manual("User Commands").render(&mut page)?;
    Ok(page)
}
