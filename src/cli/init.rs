//! `init`: a minimal valid document of a kind.

use std::io::Write;

use super::args::InitArgs;
use super::{Error, Exit};

pub(super) fn run(args: &InitArgs) -> Result<Exit, Error> {
    let mut out = std::io::stdout().lock();
    out.write_all(crate::schema::starter(args.kind).as_bytes())?;
    out.flush()?;
    Ok(Exit::Clean)
}
