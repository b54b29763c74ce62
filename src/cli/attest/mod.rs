//! `attest`: what a run of a pipeline made, of what and how, in a statement that others can verify.

mod files;
mod judge;
mod run;
mod verify;

use super::args::Global;
use super::attest_args::{AttestArgs, AttestCommand};
use super::{Error, Exit};

pub(super) fn run(args: &AttestArgs, global: &Global) -> Result<Exit, Error> {
    match &args.command {
        AttestCommand::Run(args) => run::run(args, global),
        AttestCommand::Files(args) => files::verify(args, global),
        AttestCommand::Verify(args) => verify::verify(args, global.color),
    }
}
