//! File discovery: which files are found, their names, and the messages about those that cannot be read.

use std::fs;
use std::path::{Path, PathBuf};

use assert_fs::TempDir;
use assert_fs::prelude::*;
use mlspec_lint::config::{Config, TomlKind};
use mlspec_lint::files::{
    DiscoverOptions, Discovery, FileProblemKind, FileToCheck, PassedOver, discover, passed_over, read,
};

/// Returns a folder with these files, each with its own name as content, and its real path, so that names can be compared.
fn folder(files: &[&str]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    for file in files {
        folder.child(file).write_str(file).unwrap();
    }
    let path = folder.path().canonicalize().unwrap();
    (folder, path)
}

fn options(config: &Config) -> DiscoverOptions<'_> {
    DiscoverOptions {
        config,
        respect_gitignore: true,
        hidden_files: false,
        force_exclude: false,
        compressed_logs: false,
    }
}

fn find(paths: &[impl AsRef<Path>]) -> Discovery {
    let paths: Vec<_> = paths.iter().map(|path| path.as_ref().to_owned()).collect();
    discover(&paths, &options(&Config::default()))
}

/// Returns the names below `root`, with a `!` after those that were named explicitly.
fn names(found: &Discovery, root: &Path) -> Vec<String> {
    let root = format!("{}/", root.to_str().unwrap());
    let mark = |file: &FileToCheck| if file.explicit { "!" } else { "" };
    found.files.iter().map(|file| format!("{}{}", file.name.replace(&root, ""), mark(file))).collect()
}

fn problems(found: &Discovery, root: &Path) -> Vec<String> {
    let root = format!("{}/", root.to_str().unwrap());
    found.problems.iter().map(|problem| problem.to_string().replace(&root, "")).collect()
}

fn config(root: &Path, text: &str) -> Config {
    Config::parse(text, &root.join("mlspec-lint.toml"), TomlKind::Standalone).unwrap()
}

fn candidate(path: impl Into<PathBuf>) -> FileToCheck {
    FileToCheck { name: "x".to_owned(), path: path.into(), explicit: true }
}

#[test]
fn documents_are_found_by_extension_and_sorted_by_name() {
    let (_guard, root) =
        folder(&["b.yml", "a/z.yaml", "a.yml", "c.JSON", "d.jsonl", "e.NdJson", "readme.md", "yml", "f.py"]);
    assert_eq!(names(&find(&[&root]), &root), ["a.yml", "a/z.yaml", "b.yml", "c.JSON", "d.jsonl", "e.NdJson"]);
}

#[test]
fn a_file_that_is_named_may_have_any_extension() {
    let (_guard, root) = folder(&["MLmodel", "a.txt"]);
    let found = find(&[root.join("a.txt"), root.join("MLmodel")]);
    assert_eq!(names(&found, &root), ["MLmodel!", "a.txt!"]);
    assert_eq!(found.problems, []);
}

#[test]
fn no_file_is_found_twice() {
    let (_guard, root) = folder(&["a.yml", "sub/b.yml"]);
    let twice = [root.join("sub"), root.clone(), root.join("sub/b.yml"), root.join("./sub/../a.yml"), root.join("sub")];
    let found = find(&twice);
    assert_eq!(names(&found, &root), ["sub/../a.yml!", "sub/b.yml!"]);
    assert_eq!(found.problems, []);
}

#[test]
fn names_are_the_paths_that_were_given() {
    let (_guard, root) = folder(&["sub/a.yml"]);
    // From the current folder up to the root, and down to the file.
    let up = "../".repeat(std::env::current_dir().unwrap().components().count() - 1);
    let relative = format!("{up}{}", root.join("sub").to_str().unwrap().trim_start_matches('/'));
    let found = find(&[PathBuf::from(format!("./{relative}/"))]);
    assert_eq!(found.files[0].name, format!("{relative}/a.yml"));
    assert_eq!(read(&found.files[0], 100), Ok(b"sub/a.yml".to_vec()));

    let found = find(&["./Cargo.toml", "src/../Cargo.toml"]);
    assert_eq!(found.files.iter().map(|file| &*file.name).collect::<Vec<_>>(), ["Cargo.toml"]);
}

#[test]
fn what_git_ignores_is_left_out_unless_it_is_asked_for() {
    let (_guard, root) = folder(&["a.yml", "out/b.yml", "sub/c.yml", "sub/d.yml"]);
    fs::write(root.join(".gitignore"), "out/\n").unwrap();
    fs::write(root.join("sub/.gitignore"), "/c.yml\n").unwrap();
    assert_eq!(find(&[&root]).files.len(), 4, "without a repository, there is no git to ignore anything");
    fs::create_dir(root.join(".git")).unwrap();
    assert_eq!(names(&find(&[&root]), &root), ["a.yml", "sub/d.yml"]);
    assert_eq!(names(&find(&[root.join("out"), root.join("sub/c.yml")]), &root), ["out/b.yml", "sub/c.yml!"]);

    let config = Config::default();
    let all = DiscoverOptions { respect_gitignore: false, ..options(&config) };
    assert_eq!(
        names(&discover(std::slice::from_ref(&root), &all), &root),
        ["a.yml", "out/b.yml", "sub/c.yml", "sub/d.yml"]
    );
}

#[test]
fn hidden_and_vendored_folders_are_left_out_unless_they_are_named() {
    let (_guard, root) = folder(&[
        ".hidden.yml",
        ".git/a.yml",
        ".venv/a.yml",
        "a.yml",
        "node_modules/a.yml",
        "sub/__pycache__/a.yml",
        "sub/site-packages/a.yml",
        "venv/a.yml",
    ]);
    assert_eq!(names(&find(&[&root]), &root), ["a.yml"]);
    let found = find(&[root.join("venv"), root.join(".hidden.yml"), root.join(".git")]);
    assert_eq!(names(&found, &root), [".git/a.yml", ".hidden.yml!", "venv/a.yml"]);
}

#[test]
fn exclusions_hold_for_what_is_walked_and_with_force_for_what_is_named() {
    let (_guard, root) = folder(&["a.yml", "a.gen.yml", "sub/b.gen.yml", "vendor/c.yml", "x/vendor/d.yml"]);
    let config = config(&root, "exclude = ['*.gen.yml', 'vendor/**']");
    let paths = [root.clone(), root.join("a.gen.yml"), root.join("vendor/c.yml"), root.join("vendor")];
    let found = discover(&paths, &options(&config));
    assert_eq!(names(&found, &root), ["a.gen.yml!", "a.yml", "vendor/c.yml!", "x/vendor/d.yml"]);

    let force = DiscoverOptions { force_exclude: true, ..options(&config) };
    assert_eq!(names(&discover(&paths, &force), &root), ["a.yml", "x/vendor/d.yml"]);
}

#[test]
fn what_does_not_exist_is_a_problem_and_the_rest_is_found() {
    let (_guard, root) = folder(&["a.yml"]);
    let found = find(&[root.join("none"), root.join("a.yml"), root.join("a.yml/b.yml"), root.join("none")]);
    assert_eq!(names(&found, &root), ["a.yml!"]);
    assert_eq!(problems(&found, &root), ["a.yml/b.yml: no such file or folder", "none: no such file or folder"]);
    assert_eq!(read(&candidate(root.join("none")), 10).unwrap_err().kind, FileProblemKind::NotFound);
}

#[test]
fn no_more_is_read_than_is_allowed() {
    let (_guard, root) = folder(&["a.yml"]);
    let file = candidate(root.join("a.yml"));
    assert_eq!(read(&file, 5), Ok(b"a.yml".to_vec()));
    let problem = read(&file, 4).unwrap_err();
    assert_eq!(problem.kind, FileProblemKind::TooLarge { size: 5, limit: 4 });
    assert_eq!(problem.to_string(), "x: has 5 bytes; the limit is 4");
}

#[test]
fn a_folder_is_not_read_as_a_file() {
    let (_guard, root) = folder(&[]);
    assert_eq!(read(&candidate(root), 10).unwrap_err().kind, FileProblemKind::IsAFolder);
}

#[cfg(target_os = "linux")]
#[test]
fn the_length_that_the_system_reports_is_not_trusted() {
    // A regular file of length 0 that still has content, like a file that grows.
    let problem = read(&candidate("/proc/self/status"), 10).unwrap_err();
    assert_eq!(problem.kind, FileProblemKind::TooLarge { size: 11, limit: 10 });
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_fails_to_read_is_a_problem() {
    // A regular file whose first byte cannot be read, not even by root.
    let problem = read(&candidate("/proc/self/mem"), 10).unwrap_err();
    assert!(matches!(&problem.kind, FileProblemKind::Unreadable(_)), "{problem}");
    assert!(problem.to_string().starts_with("x: cannot be read: "), "{problem}");
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn a_link_to_a_file_is_followed_and_the_file_found_once() {
        let (_guard, root) = folder(&["z.yml"]);
        let (_other, elsewhere) = folder(&["out.yml"]);
        symlink("z.yml", root.join("a.yml")).unwrap();
        symlink(elsewhere.join("out.yml"), root.join("b.yml")).unwrap();
        let found = find(&[&root]);
        assert_eq!(names(&found, &root), ["z.yml"]);
        assert_eq!(problems(&found, &root), ["b.yml: link leads out of the workspace, and is not followed"]);
        assert_eq!(names(&find(&[root.join("a.yml"), root.clone()]), &root), ["a.yml!"]);
    }

    #[test]
    fn a_link_to_a_folder_is_followed() {
        let (_guard, root) = folder(&["real/a.yml"]);
        let (_other, elsewhere) = folder(&["sub/b.yml", ".hidden/c.yml"]);
        symlink(&elsewhere, root.join("link")).unwrap();
        symlink("real", root.join("alias")).unwrap();
        symlink(&elsewhere, root.join(".secret")).unwrap();
        let found = find(&[&root]);
        assert_eq!(names(&found, &root), ["real/a.yml"]);
        assert_eq!(problems(&found, &root), ["link: link to a folder outside of the workspace, which is not searched"]);
        // A link that is named explicitly is followed.
        assert_eq!(names(&find(&[root.join("link")]), &root), ["link/sub/b.yml"]);
        assert_eq!(names(&find(&[root.join("alias")]), &root), ["alias/a.yml"]);
    }

    #[test]
    fn a_link_loop_is_reported_once() {
        let (_guard, root) = folder(&["a.yml", "sub/b.yml"]);
        symlink("..", root.join("sub/up")).unwrap();
        symlink("self.yml", root.join("self.yml")).unwrap();
        let found = find(&[root.clone(), root.join("sub")]);
        assert_eq!(names(&found, &root), ["a.yml", "sub/b.yml"]);
        let message = "link leads back to itself or to a folder that contains it";
        assert_eq!(problems(&found, &root), [format!("self.yml: {message}"), format!("sub/up: {message}")]);
        assert_eq!(problems(&find(&[root.join("self.yml")]), &root), [format!("self.yml: {message}")]);
    }

    #[test]
    fn folders_full_of_links_to_each_other_are_entered_once() {
        let names_of: Vec<_> = (0..20).map(|index| format!("dir{index:02}")).collect();
        let files: Vec<_> = names_of.iter().map(|name| format!("{name}/a.yml")).collect();
        let (_guard, root) = folder(&files.iter().map(String::as_str).collect::<Vec<_>>());
        for from in &names_of {
            for to in names_of.iter().filter(|to| *to != from) {
                symlink(root.join(to), root.join(from).join(to)).unwrap();
            }
        }
        // Without a workspace, a named folder is one.
        assert_eq!(find(&[root.join("dir00")]).problems.len(), 19);
        std::fs::create_dir(root.join(".git")).unwrap();
        let found = find(&[&root]);
        assert_eq!(names(&found, &root), files);
        assert_eq!(found.problems, []);
        // The first folder is walked, the others are found through its links.
        assert_eq!(find(&[root.join("dir00")]).files.len(), 20);
    }

    #[test]
    fn a_broken_link_is_a_problem_when_it_could_be_a_document() {
        let (_guard, root) = folder(&["a.yml"]);
        symlink("gone.yml", root.join("b.yml")).unwrap();
        symlink("gone", root.join("latest")).unwrap();
        let found = find(&[&root]);
        assert_eq!(names(&found, &root), ["a.yml"]);
        assert_eq!(problems(&found, &root), ["b.yml: the link is broken"]);
        assert_eq!(problems(&find(&[root.join("latest")]), &root), ["latest: the link is broken"]);
        assert_eq!(read(&candidate(root.join("b.yml")), 10).unwrap_err().kind, FileProblemKind::BrokenLink);
    }

    #[test]
    fn a_pipe_is_not_opened() {
        let (_guard, root) = folder(&["a.yml"]);
        for pipe in ["pipe.yml", "pipe"] {
            match Command::new("mkfifo").arg(root.join(pipe)).status() {
                Ok(status) if status.success() => {}
                _ => return eprintln!("skipped: there is no mkfifo"),
            }
        }
        symlink("pipe", root.join("link.yml")).unwrap();
        let found = find(&[root.clone(), root.join("pipe")]);
        assert_eq!(names(&found, &root), ["a.yml"]);
        let expected = ["link.yml", "pipe", "pipe.yml"].map(|name| format!("{name}: not a regular file"));
        assert_eq!(problems(&found, &root), expected);
        assert_eq!(read(&candidate(root.join("pipe.yml")), 10).unwrap_err().kind, FileProblemKind::NotAFile);
    }

    #[test]
    fn a_device_is_not_opened() {
        assert_eq!(find(&["/dev/zero"]).problems[0].to_string(), "/dev/zero: not a regular file");
        assert_eq!(read(&candidate("/dev/zero"), 10).unwrap_err().kind, FileProblemKind::NotAFile);
    }

    #[test]
    fn what_may_not_be_read_is_a_problem() {
        let (_guard, root) = folder(&["a.yml", "locked/b.yml", "locked.yml"]);
        let lock = |name: &str, mode| fs::set_permissions(root.join(name), fs::Permissions::from_mode(mode)).unwrap();
        lock("locked", 0o000);
        lock("locked.yml", 0o000);
        let is_root = fs::read(root.join("locked.yml")).is_ok();
        let found = find(&[&root]);
        let unread = read(&candidate(root.join("locked.yml")), 10);
        lock("locked", 0o700);
        if is_root {
            return eprintln!("skipped: root may read everything");
        }
        assert_eq!(names(&found, &root), ["a.yml", "locked.yml"]);
        assert!(problems(&found, &root)[0].starts_with("locked: cannot be read: "), "{:?}", found.problems);
        assert!(matches!(unread.unwrap_err().kind, FileProblemKind::Unreadable(_)));
    }

    #[test]
    fn a_name_that_is_not_unicode_is_shown_as_far_as_it_can_be() {
        let (_guard, root) = folder(&[]);
        for name in [b"a\xff.yml", b"a\xfe.yml"] {
            if fs::write(root.join(OsStr::from_bytes(name)), "x").is_err() {
                return eprintln!("skipped: the file system allows only Unicode names");
            }
        }
        let found = find(&[&root]);
        assert_eq!(names(&found, &root), ["a\u{fffd}.yml", "a\u{fffd}.yml"]);
        assert_eq!(read(&found.files[0], 10), Ok(b"x".to_vec()));
        assert_ne!(found.files[0].path, found.files[1].path);
    }
}

#[test]
fn what_is_left_out_is_told_with_the_reason() {
    let folder = TempDir::new().unwrap();
    for file in [
        "a.yml",
        "notes.txt",
        ".hidden/b.yml",
        ".c.yml",
        "node_modules/d/e.yml",
        "out/f.yml",
        "out/deep/g.yml",
        "h.yml",
        "vendor/i.yml",
        "sub/j.yml",
        "sub/k.json",
    ] {
        folder.child(file).touch().unwrap();
    }
    folder.child(".gitignore").write_str("out/\nh.yml\n").unwrap();
    folder.child(".git").create_dir_all().unwrap();
    folder.child("mlspec-lint.toml").write_str("exclude = ['vendor', 'k.json']\n").unwrap();
    let config = Config::discover(folder.path()).unwrap().unwrap();
    let told = |respect_gitignore| {
        let options = DiscoverOptions {
            config: &config,
            respect_gitignore,
            hidden_files: false,
            force_exclude: false,
            compressed_logs: false,
        };
        let prefix = format!("{}/", folder.path().display());
        let told = passed_over(&discover(&[folder.path().to_owned()], &options), &config);
        told.into_iter().map(|(name, why)| (name.replace(&prefix, ""), why)).collect::<Vec<_>>()
    };
    let tell =
        |list: &[(&str, PassedOver)]| list.iter().map(|(name, why)| ((*name).to_owned(), *why)).collect::<Vec<_>>();
    use PassedOver::{Excluded, Hidden, Ignored, OfOthers};
    let without_git = [
        (".c.yml", Hidden),
        (".hidden/", Hidden),
        ("node_modules/", OfOthers),
        ("sub/k.json", Excluded),
        ("vendor/", Excluded),
    ];
    assert_eq!(told(false), tell(&without_git));
    let mut all = tell(&without_git);
    all.extend(tell(&[("h.yml", Ignored), ("out/", Ignored)]));
    all.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(told(true), all);
    // Outside of a repository, git decides nothing.
    std::fs::remove_dir(folder.child(".git").path()).unwrap();
    folder.child("sub/.ignore").write_str("j.yml\n").unwrap();
    let mut all = tell(&without_git);
    all.extend(tell(&[("sub/j.yml", PassedOver::IgnoredByFile)]));
    all.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(told(true), all);
}
