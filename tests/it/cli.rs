//! The command line as users see it: commands and their output, recorded in `tests/cli/`.
//!
//! A `.trycmd` file contains commands with their output and exit code (`? 1`), a `.toml` file a command with its standard input. They run
//! in the folder of the same name with the extension `.in`; if there is one with `.out`, in a copy of it, which must be equal to that
//! afterwards. `TRYCMD=overwrite cargo test --test it cli::` records anew: read the difference before you commit it.

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        // Neither the terminal nor the CI system that runs this test may change what is printed.
        .env("GITHUB_ACTIONS", "false")
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .env("COLUMNS", "80")
        .case("tests/cli/*.trycmd")
        .case("tests/cli/*.toml");
}
