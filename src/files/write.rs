//! Writing files so that nothing is lost: in one step, as whom and as what the file was, and never over somebody else's change.

use std::fs::{Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Result as IoResult, Write};
use std::path::Path;

/// Writes a file in one step: readers see the old content or the new one, never half of one. A link stays a link, and an existing file
/// keeps its permissions; a new one gets those that the user's mask leaves.
///
/// # Errors
/// If there is no such folder, or the system refuses.
pub fn write(path: &Path, content: &[u8]) -> IoResult<()> {
    let target = match path.canonicalize() {
        Ok(target) => target,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(error),
    };
    match std::fs::metadata(&target).ok() {
        // Such as /dev/stdout: there is nothing to replace.
        Some(metadata) if !metadata.is_file() => std::fs::write(&target, content),
        metadata => put(&target, content, metadata.as_ref()),
    }
}

/// Replaces the content of a file that was read before, and is refused if anybody has changed it since.
///
/// # Errors
/// If the file is not what was read, is read-only, or the system refuses. Then it is as it was.
pub fn replace(path: &Path, before: &[u8], after: &[u8]) -> IoResult<()> {
    let target = path.canonicalize()?;
    let metadata = std::fs::metadata(&target)?;
    // Whoever owns a folder can replace what is in it, and the administrator can write anything: neither is what a read-only file is for.
    if metadata.permissions().readonly() {
        return Err(Error::new(ErrorKind::PermissionDenied, "the file is read-only"));
    }
    if std::fs::read(&target)? != before {
        return Err(Error::other("the file was changed while it was checked, and is left as it is; check it again"));
    }
    put(&target, after, Some(&metadata)).inspect_err(|_| {
        // Half of a text in place of a whole one is worse than a file that could not be changed.
        if std::fs::read(&target).is_ok_and(|now| now != before) {
            let _ = write_in_place(&target, before);
        }
    })
}

/// Puts a new file in the place of another, unless the other has something that a new one would lack: more names, or another owner. Such a
/// file is written where it is.
fn put(target: &Path, content: &[u8], old: Option<&Metadata>) -> IoResult<()> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Error::new(ErrorKind::NotFound, format!("there is no folder '{}'", folder.display())));
    }
    // The error names the file that would have taken the place; whoever reads it knows only the place.
    let nameless = |error: Error| Error::from(error.kind());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mlspec-lint-");
    // What is left of this by the user's mask is what other programs give to a new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(nameless)?;
    if let Some(old) = old {
        if has_other_names(old) || !have_one_owner(&file.as_file().metadata()?, old) {
            return write_in_place(target, content);
        }
        file.as_file().set_permissions(old.permissions())?;
    }
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn write_in_place(target: &Path, content: &[u8]) -> IoResult<()> {
    let mut file = OpenOptions::new().write(true).open(target)?;
    file.write_all(content)?;
    file.set_len(u64::try_from(content.len()).unwrap_or(u64::MAX))?;
    file.sync_all()
}

#[cfg(unix)]
fn has_other_names(file: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(file) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn have_one_owner(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.uid(), a.gid()) == (b.uid(), b.gid())
}

#[cfg(not(unix))]
fn have_one_owner(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yml");
        std::fs::write(&path, "theirs").unwrap();
        assert!(replace(&path, b"ours", b"fixed").is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"theirs");
        replace(&path, b"theirs", b"fixed").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"fixed");
        std::fs::remove_file(&path).unwrap();
        assert!(replace(&path, b"fixed", b"again").is_err());
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_names_and_its_permissions() {
        use std::fs::Permissions;
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let folder = tempfile::tempdir().unwrap();
        let (path, other, link) =
            (folder.path().join("a.yml"), folder.path().join("b.yml"), folder.path().join("c.yml"));
        std::fs::write(&path, "before").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        std::fs::hard_link(&path, &other).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, b"before", b"after").unwrap();
        assert_eq!(std::fs::read(&other).unwrap(), b"after");
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn a_read_only_file_is_not_replaced() {
        use std::fs::Permissions;
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yml");
        std::fs::write(&path, "before").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
        assert_eq!(replace(&path, b"before", b"after").unwrap_err().kind(), ErrorKind::PermissionDenied);
        assert_eq!(std::fs::read(&path).unwrap(), b"before");
    }
}
