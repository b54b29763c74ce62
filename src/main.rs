//! The `mlspec-lint` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    mlspec_lint::cli::run(std::env::args_os())
}
