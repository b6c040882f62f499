//! The key: 256 random bits, in a file that only the bot's own user can read.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

/// Where a running bot says how it can be reached, in its data directory.
pub const FILE_NAME: &str = "http.json";

/// What opens the interface. It can be used, but neither shown nor logged.
#[derive(Clone)]
pub(super) struct Key(String);

impl Key {
    pub(super) fn random() -> io::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
        let mut hex = String::new();
        for byte in bytes {
            let _ = write!(hex, "{byte:02x}");
        }
        Ok(Self(hex))
    }

    /// Whether this is the key; how long that takes tells nothing of how much of it is right.
    pub(super) fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}

/// What the file says.
#[derive(Serialize, Deserialize)]
pub(super) struct Found {
    pub(super) url: String,
    pub(super) key: String,
}

impl Found {
    pub(super) fn read(directory: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(directory.join(FILE_NAME))?;
        serde_json::from_str(&text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

/// The file, while the bot runs. Gone with it, unless another run has put its own in its place.
#[derive(Debug)]
pub(super) struct KeyFile {
    path: PathBuf,
    url: String,
    key: Key,
}

impl KeyFile {
    /// Writes the file whole: it appears under its name with its contents, never readable for anybody else.
    pub(super) fn write(path: &Path, url: &str, key: &Key) -> io::Result<Self> {
        let directory = path.parent().unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".http");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
        let mut file = builder.tempfile_in(directory)?;
        let found = Found { url: url.to_owned(), key: key.0.clone() };
        serde_json::to_writer(&mut file, &found)?;
        file.write_all(b"\n")?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(Self { path: path.to_owned(), url: url.to_owned(), key: key.clone() })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        let directory = self.path.parent().unwrap_or(Path::new("."));
        if Found::read(directory).is_ok_and(|found| self.key.is(&found.key)) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_for_its_own_user_and_goes_with_the_bot_that_wrote_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE_NAME);
        // Left by a killed run, and readable for everybody.
        std::fs::write(&path, "{}").unwrap();
        let (one, other) = (Key::random().unwrap(), Key::random().unwrap());
        assert!(one.is(&one.0) && !one.is(&other.0) && !one.is("") && !one.is(&one.0[..63]));
        assert_eq!(one.0.len(), 64);
        let first = KeyFile::write(&path, "http://127.0.0.1:1", &one).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let second = KeyFile::write(&path, "http://127.0.0.1:2", &other).unwrap();
        drop(first);
        assert!(other.is(&Found::read(directory.path()).unwrap().key), "a later run's file stays");
        drop(second);
        assert!(!path.exists());
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "nothing else is left");
        assert!(!format!("{one:?}").contains(&one.0));
    }
}
