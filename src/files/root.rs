//! The root folder of documents that refer to each other.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::config::Config;

/// Returns the folder of the workspace that `start` belongs to: the folder of the settings, else the root of the git repository. `None` if
/// there is neither: then the checked files are the workspace.
#[must_use]
pub fn root(config: &Config, start: &Path) -> Option<PathBuf> {
    if let Some(root) = config.root() {
        return Some(root.to_owned());
    }
    repository(start)
}

/// Returns the real path of the root of the git repository that `start` belongs to.
#[must_use]
pub fn repository(start: &Path) -> Option<PathBuf> {
    let start = fs::canonicalize(start).ok()?;
    start.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// Returns whether a link leads out of the workspace that contains it. `root` is the real path of the workspace.
#[must_use]
pub fn leaves(root: &Path, link: &Path) -> bool {
    let folder = link.parent().map_or(Path::new("."), or_here);
    let lies_inside = fs::canonicalize(folder).is_ok_and(|folder| folder.starts_with(root));
    lies_inside && fs::canonicalize(link).is_ok_and(|target| !target.starts_with(root))
}

/// Returns whether a path in a document in `folder` stays inside of the workspace, both as written, whether or not such a file
/// exists, and through links. `root` is the folder of the workspace.
#[must_use]
pub fn is_inside(root: &Path, folder: &Path, named: &Path) -> bool {
    let (Ok(root), Ok(folder)) = (fs::canonicalize(or_here(root)), fs::canonicalize(or_here(folder))) else {
        return false;
    };
    leads_inside(&root, folder, named, MOST_LINKS)
}

/// The maximum number of links that are followed, as in operating systems.
const MOST_LINKS: u32 = 40;

fn leads_inside(root: &Path, mut at: PathBuf, named: &Path, links: u32) -> bool {
    for part in named.components() {
        match part {
            Component::Normal(name) => at.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                // The parent of a link is the parent of its target.
                at = fs::canonicalize(&at).unwrap_or(at);
                // Not even temporarily: the existence of files outside must not be revealed.
                if !at.starts_with(root) || !at.pop() || !at.starts_with(root) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    if !at.starts_with(root) {
        return false;
    }
    if let Ok(real) = fs::canonicalize(&at) {
        return real.starts_with(root);
    }
    // Its target if it existed: the existence of files outside must not be revealed.
    let Some((there, metadata)) = at.ancestors().find_map(|path| Some((path, fs::symlink_metadata(path).ok()?))) else {
        return false;
    };
    match (fs::canonicalize(there), fs::read_link(there)) {
        (Ok(real), _) => real.starts_with(root),
        // This many links form a loop, and all of them are inside.
        (Err(_), Ok(_)) if links == 0 => true,
        (Err(_), Ok(target)) if metadata.is_symlink() => {
            leads_inside(root, there.parent().unwrap_or(root).to_owned(), &target, links - 1)
        }
        _ => false,
    }
}

fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Returns a canonical path, equal for two paths that lead to the same file.
#[must_use]
pub fn same_file(path: &Path) -> PathBuf {
    let of_folder = || Some(fs::canonicalize(or_here(path.parent()?)).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(of_folder).unwrap_or_else(|| path.to_owned())
}

/// Returns whether two paths lead to the same file, possibly by two of its names.
#[must_use]
pub fn are_same(a: &Path, b: &Path) -> bool {
    same_file(a) == same_file(b) || inode(a).is_some_and(|inode_of_a| Some(inode_of_a) == inode(b))
}

#[cfg(unix)]
fn inode(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn inode(_: &Path) -> Option<(u64, u64)> {
    None
}

/// Returns the name of a folder in reports: relative to the working folder if one contains the other.
#[must_use]
pub fn shortened(folder: &Path) -> PathBuf {
    let Ok(here) = std::env::current_dir().and_then(fs::canonicalize) else { return folder.to_owned() };
    if let Ok(inside) = folder.strip_prefix(&here) {
        return if inside.as_os_str().is_empty() { PathBuf::from(".") } else { inside.to_owned() };
    }
    match here.strip_prefix(folder) {
        Ok(below) => below.components().map(|_| "..").collect(),
        Err(_) => folder.to_owned(),
    }
}
