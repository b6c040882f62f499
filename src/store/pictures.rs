//! The bytes of the editors' pictures: one file each, named by its digest, in `pictures/` beside the journal.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::journal::sync_directory;
use super::make_private;
use crate::article::digest;

/// The pictures of a data directory.
#[derive(Debug, Clone)]
pub struct Pictures {
    folder: PathBuf,
}

impl Pictures {
    /// Those of this data directory; nothing is read or made yet.
    #[must_use]
    pub fn of(directory: &Path) -> Self {
        Self { folder: directory.join("pictures") }
    }

    /// Keeps bytes: when this returns they are on disk, whatever happens to the machine.
    ///
    /// # Errors
    /// They are not, so nothing may be written that names them.
    pub fn keep(&self, bytes: &[u8]) -> io::Result<()> {
        let sha256 = digest(bytes);
        if self.read(&sha256)?.is_some() {
            return Ok(());
        }
        make_private(&self.folder)?;
        sync_directory(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        crate::die_at!("picture-before-rename");
        let path = self.folder.join(sha256);
        file.persist(&path).map_err(|error| error.error)?;
        sync_directory(&path)?;
        crate::die_at!("picture-kept");
        Ok(())
    }

    /// The bytes of a picture; `None` where they are gone or are not those any more.
    ///
    /// # Errors
    /// The disk does not say.
    pub fn read(&self, sha256: &str) -> io::Result<Option<Vec<u8>>> {
        if !is_name(sha256) {
            return Ok(None);
        }
        match std::fs::read(self.folder.join(sha256)) {
            Ok(bytes) if digest(&bytes) == sha256 => Ok(Some(bytes)),
            Ok(_) => {
                log::warn!(target: "desk", "the picture {sha256} is damaged on the disk, so it counts as missing");
                Ok(None)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes all pictures but these; says how many. What is no picture of ours stays.
    ///
    /// # Errors
    /// The folder can't be read, or a file can't be deleted.
    pub fn sweep(&self, needed: &BTreeSet<String>) -> io::Result<usize> {
        let files = match std::fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error),
        };
        let mut swept = 0;
        for file in files {
            let file = file?;
            let name = file.file_name();
            let name = name.to_string_lossy();
            // A kill while a picture was being written leaves a file of tempfile's.
            let is_ours = is_name(&name) || name.starts_with(".tmp");
            if is_ours && !needed.contains(name.as_ref()) && file.file_type()?.is_file() {
                std::fs::remove_file(file.path())?;
                swept += usize::from(is_name(&name));
            }
        }
        if swept > 0 {
            File::open(&self.folder)?.sync_all()?;
        }
        Ok(swept)
    }
}

/// Whether this is a digest, and so no path to elsewhere.
fn is_name(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_as_they_were_or_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let pictures = Pictures::of(directory.path());
        let name = digest(b"bytes");
        assert_eq!(pictures.read(&name).unwrap(), None);
        pictures.keep(b"bytes").unwrap();
        pictures.keep(b"bytes").unwrap();
        assert_eq!(pictures.read(&name).unwrap().as_deref(), Some(&b"bytes"[..]));
        assert_eq!(pictures.read("../journal.jsonl").unwrap(), None);
        let file = directory.path().join("pictures").join(&name);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&file, b"byte").unwrap();
        assert_eq!(pictures.read(&name).unwrap(), None, "damaged");
        pictures.keep(b"bytes").unwrap();
        assert_eq!(pictures.read(&name).unwrap().as_deref(), Some(&b"bytes"[..]), "mended by the same bytes");
    }

    #[test]
    fn a_sweep_takes_what_nobody_needs_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let pictures = Pictures::of(directory.path());
        assert_eq!(pictures.sweep(&BTreeSet::new()).unwrap(), 0, "there is no folder yet");
        pictures.keep(b"needed").unwrap();
        pictures.keep(b"old").unwrap();
        let folder = directory.path().join("pictures");
        for other in ["README", ".tmpAbc123"] {
            std::fs::write(folder.join(other), "").unwrap();
        }
        let needed = BTreeSet::from([digest(b"needed")]);
        assert_eq!(pictures.sweep(&needed).unwrap(), 1);
        assert!(pictures.read(&digest(b"needed")).unwrap().is_some());
        assert!(pictures.read(&digest(b"old")).unwrap().is_none());
        assert!(folder.join("README").exists() && !folder.join(".tmpAbc123").exists());
    }
}
