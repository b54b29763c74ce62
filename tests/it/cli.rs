//! What a person sees at the prompt: commands and their output, recorded in `tests/cli/`.
//!
//! A `.trycmd` file holds commands with their output and exit code (`? 1`), a `.toml` file a command with its standard input. They
//! run in the folder of the same name with the extension `.in`; where there is one with `.out`, in a copy of it, which must then
//! look like that. `TRYCMD=overwrite cargo test --test it cli::` records anew: read the difference before you commit it.

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
