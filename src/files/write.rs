//! Writing files without loss: atomically, keeping owner and permissions, and never overwriting concurrent changes.

use std::fs::{Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Result as IoResult, Write};
use std::path::Path;

/// Writes a file atomically: readers see either the old content or the new one. A link stays a link, and an existing file
/// keeps its permissions; a new one gets those that the umask leaves.
///
/// # Errors
/// If the folder does not exist, or the operating system refuses.
pub fn write(path: &Path, content: &[u8]) -> IoResult<()> {
    let target = match path.canonicalize() {
        Ok(target) => target,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(error),
    };
    match std::fs::metadata(&target).ok() {
        // Such as /dev/stdout, which cannot be replaced.
        Some(metadata) if !metadata.is_file() => std::fs::write(&target, content),
        metadata => put(&target, content, metadata.as_ref()),
    }
}

/// Replaces the content of a file that was read before, unless it has changed since.
///
/// # Errors
/// If the file has changed, is read-only, or the operating system refuses. It is left unchanged then.
pub fn replace(path: &Path, before: &[u8], after: &[u8]) -> IoResult<()> {
    let target = path.canonicalize()?;
    let metadata = std::fs::metadata(&target)?;
    // The owner of a folder can replace any file in it, and root can write anything, but a read-only file is meant to stay unchanged.
    if metadata.permissions().readonly() {
        return Err(Error::new(ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let now = std::fs::read(&target)?;
    // As under another name of the same file.
    if now == after {
        return Ok(());
    }
    if now != before {
        return Err(Error::other(
            "the file changed while it was being checked and was left as it is; run the check again",
        ));
    }
    put(&target, after, Some(&metadata)).inspect_err(|_| {
        // A truncated text is worse than a file that could not be changed.
        if std::fs::read(&target).is_ok_and(|now| now != before) {
            let _ = write_in_place(&target, before);
        }
    })
}

/// Replaces a file by a new one, unless the old one has something that a new one would lack: hard links, or another owner. Such a
/// file is overwritten in place.
fn put(target: &Path, content: &[u8], old: Option<&Metadata>) -> IoResult<()> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Error::new(ErrorKind::NotFound, format!("there is no folder '{}'", folder.display())));
    }
    // The error names the temporary file, but the user only knows the target.
    let nameless = |error: Error| Error::from(error.kind());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mlspec-lint-");
    // The umask then leaves the permissions that other programs give to a new file.
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

    #[cfg(unix)]
    #[test]
    fn a_file_with_two_names_is_replaced_once() {
        let folder = tempfile::TempDir::new().unwrap();
        let (first, second) = (folder.path().join("a.yml"), folder.path().join("b.yml"));
        std::fs::write(&first, "old").unwrap();
        std::fs::hard_link(&first, &second).unwrap();
        replace(&first, b"old", b"new").unwrap();
        replace(&second, b"old", b"new").unwrap();
        assert_eq!(std::fs::read(&second).unwrap(), b"new");
        assert!(replace(&second, b"old", b"other").is_err());
    }

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
