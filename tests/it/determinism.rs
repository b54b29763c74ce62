//! The same documents give the same bytes: on one thread or several, in any order of their paths, and in repeated runs.

use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;

use crate::support::generate;

/// The number of generated documents; enough for threads to overtake each other.
const DOCUMENTS: u64 = 500;

fn check(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--isolated", "--workspace", "."])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn threads_and_the_order_of_paths_change_nothing() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    generate::write_tree(folder, DOCUMENTS).unwrap();
    let wanted = check(folder, &["--format", "json", "-j", "1"]);
    assert!(wanted.len() > 10_000);
    for threads in ["2", "8"] {
        assert!(wanted == check(folder, &["--format", "json", "-j", threads]), "with {threads} threads");
    }

    let mut files: Vec<String> = (0..DOCUMENTS).map(|number| generate::document(number).path).collect();
    files.sort_unstable();
    files.dedup();
    // In an order different from their own.
    files.sort_by_key(|path| path.bytes().fold(17_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let named = check(folder, &[&["--format", "json"], files.as_slice()].concat());
    assert!(wanted == named, "with every file named, in another order");
    let mut folders: Vec<&str> = files.iter().filter_map(|path| path.split('/').next()).collect();
    folders.dedup();
    assert!(
        wanted == check(folder, &[&["--format", "json"], folders.as_slice()].concat()),
        "with folders and repetitions"
    );

    for format in ["human", "sarif", "junit"] {
        let [one, many] = ["1", "4"].map(|threads| check(folder, &["--format", format, "-j", threads]));
        assert!(one == many, "{format}");
    }
}
