//! `init`: a minimal valid document of a kind.

use super::args::InitArgs;
use super::{Error, Exit, output};

pub(super) fn run(args: &InitArgs) -> Result<Exit, Error> {
    Exit::Clean.after(output::to_stdout_raw(|out| out.write_all(crate::schema::starter(args.kind).as_bytes())))
}
