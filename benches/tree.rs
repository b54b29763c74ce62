//! Runs `mlspec-lint check` over a workspace of 10,000 documents that refer to each other, compared with merely parsing the same files with
//! the same parser; over twice as many; and against a revision that nothing has changed since.
//!
//! ```text
//! cargo bench --features jemalloc --bench tree [-- ROUNDS]
//! ```
//!
//! The targets: at most 1.5 times the processor time of the bare parse, faster on more cores, less than 200 MB, one small file in less
//! than 10 ms from start to exit, and against a revision at most 1.2 times a plain check.

#[path = "support/generate.rs"]
mod generate;
#[path = "support/measure.rs"]
mod measure;
#[path = "support/parser.rs"]
mod parser;

use std::fs;
use std::path::Path;
use std::process::Command;

use measure::{Contestant, peak_memory, ratio, rounds, start_to_exit, table};

const COUNT: u64 = 10_000;

/// The argument with which this program starts itself for the bare parse.
const BARE_PARSE: &str = "--bare-parse";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, folder] if flag == BARE_PARSE => println!("{} events", bare_parse(Path::new(folder))),
        // `cargo test` runs benchmarks without this flag, to check that they compile.
        arguments if !arguments.iter().any(|argument| argument == "--bench") => {}
        arguments => compare(arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(9)),
    }
}

/// Reads and parses every file of a tree; returns the number of events.
fn bare_parse(folder: &Path) -> u64 {
    let entries =
        fs::read_dir(folder).expect("the folder can be read").map(|entry| entry.expect("it can be read").path());
    let events = |path: std::path::PathBuf| match path.is_dir() {
        true => bare_parse(&path),
        false => parser::events(&fs::read_to_string(path).expect("the file can be read")),
    };
    entries.map(events).sum()
}

fn compare(count: usize) {
    let tree = tempfile::tempdir().expect("a folder can be made");
    let folder = tree.path().to_str().expect("its name is UTF-8");
    let bytes = generate::write_tree(tree.path(), COUNT).expect("the folder can be written to");
    let this = std::env::current_exe().expect("this program has a path");
    let this = this.to_str().expect("its name is UTF-8");
    let check = |threads| {
        [env!("CARGO_BIN_EXE_mlspec-lint"), "check", "--isolated", "--format", "concise", "--threads", threads, folder]
    };
    let contestants = [
        Contestant::new("bare parse", &[this, BARE_PARSE, folder]),
        Contestant::new("check, 1 thread", &check("1")),
        Contestant::new("check, 2 threads", &check("2")),
    ];
    println!(
        "{COUNT} files, {:.1} MB; {count} rounds; multiples of the bare parse: median (least … most)",
        bytes as f64 / 1e6
    );
    let costs = rounds(&contestants, count);
    print!("{}", table(&contestants, &costs));
    let (speed_up, ..) = ratio(&costs[1], &costs[2], |cost| cost.wall);
    println!("2 threads are {speed_up:.2} times as fast as 1");
    for contestant in &contestants {
        let command: Vec<&str> = contestant.commands[0].iter().map(String::as_str).collect();
        if let Some(megabytes) = peak_memory(&command) {
            println!("{}: at most {megabytes:.0} MB of memory", contestant.name);
        }
    }
    growth(tree.path(), folder, count);
    against(tree.path(), folder, count);
    one_file(folder);
}

/// Compares a check against a revision that nothing has changed since with a plain one.
fn against(tree: &Path, folder: &str, count: usize) {
    let author = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
    let commands: [&[&str]; 3] = [&["init", "--quiet"], &["add", "--all"], &["commit", "--quiet", "--message", "all"]];
    for command in commands {
        let done = Command::new("git").arg("-C").arg(tree).args(author).args(command).status();
        assert!(done.is_ok_and(|status| status.success()), "git {command:?} works");
    }
    let check = |more: &[&'static str]| {
        let plain = [env!("CARGO_BIN_EXE_mlspec-lint"), "check", "--isolated", "--format", "concise", "--threads", "1"];
        [&plain[..], more, &[folder]].concat()
    };
    let contestants = [
        Contestant::new("check", &check(&[])),
        Contestant::new("check --against HEAD", &check(&["--against", "HEAD"])),
    ];
    print!("\n{}", table(&contestants, &rounds(&contestants, count)));
}

/// Compares twice the documents with the documents.
fn growth(tree: &Path, folder: &str, count: usize) {
    let twice = tree.with_extension("twice");
    fs::create_dir(&twice).expect("a folder can be made");
    generate::write_tree(&twice, 2 * COUNT).expect("the folder can be written to");
    let check = |folder| {
        [env!("CARGO_BIN_EXE_mlspec-lint"), "check", "--isolated", "--format", "concise", "--threads", "1", folder]
    };
    let contestants = [
        Contestant::new("documents", &check(folder)),
        Contestant::new("twice the documents", &check(twice.to_str().expect("its name is UTF-8"))),
    ];
    print!("\n{}", table(&contestants, &rounds(&contestants, count)));
    fs::remove_dir_all(&twice).expect("the folder can be removed");
}

/// Compares a check of one file, from start to exit, with a process that does nothing.
fn one_file(folder: &str) {
    let is_small = |document: &generate::Generated| document.kind == "run" && document.fault.is_none();
    let Some(document) = (0..COUNT).map(generate::document).find(is_small) else { return };
    let file = format!("{folder}/{}", document.path);
    let nothing = start_to_exit(&["true"], 100);
    let check = start_to_exit(&[env!("CARGO_BIN_EXE_mlspec-lint"), "check", &file], 100);
    println!(
        "one file of {} bytes: {:.2} times a process that does nothing ({check:.1} ms here)",
        document.text.len(),
        check / nothing
    );
}
