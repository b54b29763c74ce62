//! The program, as a shell starts it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the program in a folder. Returns the exit code, standard output and standard error.
pub(crate) fn run(folder: &Path, arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(arguments)
        .current_dir(folder)
        .envs([("NO_COLOR", "1"), ("LC_ALL", "C.UTF-8"), ("GITHUB_ACTIONS", "false")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Who refuses its input may be gone before it is written.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let output = child.wait_with_output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), out, err)
}
