//! Detection of a replaced SQLite database file.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// An open database file and its identity. SQLite continues to write to a file that was deleted or moved, where the
/// next start would not find the writes.
#[derive(Debug)]
pub(crate) struct OpenFile {
    path: PathBuf,
    identity: Identity,
}

/// The device and the inode of a file.
type Identity = (u64, u64);

impl OpenFile {
    /// Records the identity of the file that was just opened at a path.
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            identity: identity(path)?,
        })
    }

    /// Checks that the same file is still at the path.
    pub(super) fn check(&self) -> io::Result<()> {
        if identity(&self.path).is_ok_and(|identity| identity == self.identity) {
            return Ok(());
        }
        Err(io::Error::new(
            io::ErrorKind::NotFound,
            "the database file was moved, deleted or replaced while in use; put it back, or restart the server",
        ))
    }
}

fn identity(path: &Path) -> io::Result<Identity> {
    fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino()))
}
