//! The boundaries between the rooms of `src`: `CONTRIBUTING.md` lists the rooms and what each may use, and the imports must comply.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the rooms in the order of the table, and what each uses.
fn table() -> Vec<(String, BTreeSet<String>)> {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let (_, table) = text.split_once("| room in `src` |").expect("the table of rooms");
    let table = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        (names(cells[1]).next().unwrap(), names(cells[3]).collect())
    };
    table.map(row).collect()
}

/// Returns the names in a cell of the table.
fn names(cell: &str) -> impl Iterator<Item = String> + '_ {
    cell.split(',').map(|name| name.trim().trim_matches('`').to_owned()).filter(|name| name != "–" && !name.is_empty())
}

/// Returns every file of `src` below a path.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Returns code without comments, strings and test modules.
fn code(text: &str) -> String {
    let is_tested = |at: &usize| {
        text[*at..]
            .lines()
            .nth(1)
            .is_some_and(|line| line.contains("mod ") || line.starts_with("pub(super) fn") || line.starts_with("fn "))
    };
    let tested = text.match_indices("#[cfg(test)]\n").map(|(at, _)| at).find(is_tested);
    let text = tested.map_or(text, |at| &text[..at]);
    let without_comment =
        |line: &str| if line.trim_start().starts_with("//") { String::new() } else { line.to_owned() };
    text.lines().map(without_comment).collect::<Vec<_>>().join("\n")
}

/// Returns the next segments of the paths in `code` that begin with `head`: `a` and `b` for `crate::{a::x, b}` and `crate::a::y`.
fn used(code: &str, head: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(head) {
        let rest = &code[at + head.len()..];
        let is_whole_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        if !is_whole_word {
            continue;
        }
        match rest.strip_prefix('{') {
            None => names.extend(word(rest)),
            Some(list) => {
                let mut depth = 0;
                let mut start = 0;
                for (end, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        ',' if depth == 0 => {
                            names.extend(word(&list[start..]));
                            start = end + 1;
                        }
                        '}' if depth == 0 => {
                            names.extend(word(&list[start..end]));
                            break;
                        }
                        '}' => depth -= 1,
                        _ => {}
                    }
                }
            }
        }
    }
    names
}

fn word(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty() && word != "self").then_some(word)
}

/// Returns the dependencies between rooms, each with a file that contains it.
fn arrows(rooms: &BTreeSet<&str>) -> BTreeMap<(String, String), String> {
    let source = root().join("src");
    let mut arrows = BTreeMap::new();
    for path in files(&source) {
        let inside = path.strip_prefix(&source).unwrap().to_string_lossy().replace('\\', "/");
        let room = inside.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        if inside == "lib.rs" || inside == "main.rs" || inside.ends_with("/tests.rs") {
            continue;
        }
        let code = code(&fs::read_to_string(&path).unwrap());
        // A path that leaves its room by `super` leads to the root of the crate as well.
        let depth = inside.trim_end_matches("/mod.rs").trim_end_matches(".rs").matches('/').count() + 1;
        let climb = "super::".repeat(depth);
        for name in ["crate::", "$crate::", climb.as_str()].iter().flat_map(|head| used(&code, head)) {
            if name != room && rooms.contains(name.as_str()) {
                arrows.entry((room.clone(), name)).or_insert_with(|| inside.clone());
            }
        }
    }
    arrows
}

#[test]
fn rooms_use_what_the_table_says_and_only_rooms_above_them() {
    let table = table();
    let order: Vec<&str> = table.iter().map(|(room, _)| room.as_str()).collect();
    let rooms: BTreeSet<&str> = order.iter().copied().collect();
    let on_disk: BTreeSet<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned())
        .filter(|name| name != "lib" && name != "main")
        .collect();
    assert_eq!(
        on_disk.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        rooms,
        "the rooms of the table are those of src"
    );
    let mut wrong = Vec::new();
    for (index, (room, uses)) in table.iter().enumerate() {
        for other in uses.iter().filter(|other| !order[..index].contains(&other.as_str())) {
            wrong.push(format!("the table lets {room} use {other}, which is not above it"));
        }
    }
    let arrows = arrows(&rooms);
    let allowed = |room: &str, other: &str| table.iter().any(|(name, uses)| name == room && uses.contains(other));
    for ((room, other), file) in &arrows {
        if !allowed(room, other) {
            wrong.push(format!("{file} uses {other}, which the table does not let {room} do"));
        }
    }
    for (room, uses) in &table {
        for other in uses.iter().filter(|other| !arrows.contains_key(&(room.clone(), (*other).clone()))) {
            wrong.push(format!("the table says that {room} uses {other}, which it does not"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// rustfmt does not see modules that a macro declares.
#[test]
fn every_file_is_reachable_by_rustfmt() {
    let source = root().join("src");
    let mut seen = BTreeSet::from([source.join("lib.rs"), source.join("main.rs")]);
    let mut open: Vec<PathBuf> = seen.iter().cloned().collect();
    while let Some(file) = open.pop() {
        let text = fs::read_to_string(&file).unwrap();
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = file.parent().unwrap();
        let folder =
            if matches!(stem.as_str(), "mod" | "lib" | "main") { folder.to_owned() } else { folder.join(stem) };
        for line in text.lines() {
            // Indented lines belong to a macro, or to an inline module.
            let declared = line.strip_suffix(';').and_then(|line| line.split_once("mod "));
            let Some((visibility, name)) =
                declared.filter(|(before, _)| before.is_empty() || before.starts_with("pub"))
            else {
                continue;
            };
            assert!(!visibility.starts_with(' '));
            for path in [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")] {
                if path.is_file() && seen.insert(path.clone()) {
                    open.push(path);
                }
            }
        }
    }
    let unseen: Vec<_> = files(&source).into_iter().filter(|file| !seen.contains(file)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

#[test]
fn imports_are_found_however_they_are_written() {
    let found = |text: &str| used(&code(text), "crate::").into_iter().collect::<Vec<_>>();
    assert_eq!(found("use crate::yaml::Tree;\nlet a = crate::text::x();\n// crate::cli\n"), ["text", "yaml"]);
    assert_eq!(
        found("use crate::{a::{b, c}, d, e::f};\n#[cfg(test)]\nmod tests {\n use crate::z;\n}"),
        ["a", "d", "e"]
    );
    assert_eq!(used("super::super::a::b", "super::super::").into_iter().collect::<Vec<_>>(), ["a"]);
}

/// The files that may declare the same names, for two stages of the language: as it is written, and after resolution.
const IN_TWO_STAGES: [&str; 3] =
    ["src/objectives/syntax/ast/mod.rs", "src/objectives/syntax/ast/claim.rs", "src/objectives/hir.rs"];

/// Returns the public types of a file, with any visibility.
fn types_declared(code: &str) -> impl Iterator<Item = String> + '_ {
    code.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix("pub")?;
        let rest =
            rest.strip_prefix('(').map_or(rest, |rest| rest.split_once(')').map_or("", |(_, rest)| rest)).trim_start();
        let name = ["struct ", "enum ", "trait ", "type "].iter().find_map(|keyword| rest.strip_prefix(keyword))?;
        word(name)
    })
}

#[test]
fn a_type_name_means_one_thing() {
    let mut declared: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files(&root().join("src")) {
        let file = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        for name in types_declared(&code(&fs::read_to_string(&path).unwrap())) {
            declared.entry(name).or_default().insert(file.clone());
        }
    }
    assert!(declared.len() > 300, "types are found: {}", declared.len());
    declared.retain(|_, files| files.len() > 1 && !files.iter().all(|file| IN_TWO_STAGES.contains(&file.as_str())));
    assert!(declared.is_empty(), "{declared:#?}");
}
