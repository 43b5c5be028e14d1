//! Replaces files so that a reader never sees half of one, and says once when that does not work. Knows nothing of what is
//! in them.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::OFlags;

/// A directory of files that others read while they are replaced.
#[derive(Debug)]
pub(crate) struct Outlet {
    directory: PathBuf,
    /// What was last said to be wrong, with any of the files.
    trouble: Mutex<Option<io::ErrorKind>>,
}

impl Outlet {
    /// Readable for all, since the web server is somebody else; writable for the collector alone.
    const FILE_MODE: u32 = 0o644;
    const DIRECTORY_MODE: u32 = 0o755;

    /// The directory, which is made where it is not there yet.
    pub(crate) fn open(directory: &Path) -> io::Result<Self> {
        if !directory.is_dir() {
            DirBuilder::new().recursive(true).mode(Self::DIRECTORY_MODE).create(directory)?;
            // The mode that was asked for is cut by the umask.
            fs::set_permissions(directory, Permissions::from_mode(Self::DIRECTORY_MODE))?;
        }
        Ok(Self { directory: directory.to_owned(), trouble: Mutex::default() })
    }

    /// Whether the last file could not be replaced.
    pub(crate) fn has_trouble(&self) -> bool {
        self.trouble().is_some()
    }

    /// Replaces a file. Says so in the log when that begins to fail, and when it works again.
    pub(crate) fn replace(&self, name: &str, contents: &str) {
        self.replace_in_parts(name, |file| file.write_all(contents.as_bytes()));
    }

    /// The same with what `write` writes into the new file, which may be called again if the file has to be begun anew.
    pub(crate) fn replace_in_parts(&self, name: &str, write: impl FnMut(&mut File) -> io::Result<()>) {
        let path = self.directory.join(name);
        let replaced = self.try_replace(name, &path, write);
        let mut trouble = self.trouble();
        match (replaced, *trouble) {
            (Ok(()), None) => {}
            (Ok(()), Some(_)) => {
                tracing::info!("{} is written again", path.display());
                *trouble = None;
            }
            (Err(error), before) => {
                if before != Some(error.kind()) {
                    tracing::error!(
                        "cannot write {}: {error}: graphs stand still until that is mended",
                        path.display()
                    );
                }
                *trouble = Some(error.kind());
            }
        }
    }

    /// Reads a file in place of what is in `contents`, which stays empty where there is none that can be read.
    pub(crate) fn read(&self, name: &str, contents: &mut Vec<u8>) {
        const MOST: u64 = 64 << 20;

        contents.clear();
        let read = File::open(self.directory.join(name)).and_then(|file| file.take(MOST).read_to_end(contents));
        if read.is_err() {
            contents.clear();
        }
    }

    fn trouble(&self) -> MutexGuard<'_, Option<io::ErrorKind>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_replace(
        &self,
        name: &str,
        path: &Path,
        mut write: impl FnMut(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        let beside = self.directory.join(format!(".{name}.new"));
        let mut replaced = write_beside(&beside, path, &mut write);
        if matches!(&replaced, Err(error) if error.kind() == io::ErrorKind::NotFound) {
            // The directory went away, as it does when the page beside it is built anew. What it stood in is left to
            // whoever took that away: it may be a file system that is not mounted.
            DirBuilder::new().mode(Self::DIRECTORY_MODE).create(&self.directory)?;
            fs::set_permissions(&self.directory, Permissions::from_mode(Self::DIRECTORY_MODE))?;
            replaced = write_beside(&beside, path, &mut write);
        }
        if replaced.is_err() {
            // On a full disk, what was begun would only keep it full. That it may not be there is no further trouble.
            let _ = fs::remove_file(&beside);
        }
        replaced
    }
}

/// Writes a file beside the one to replace, and renames it over that. It is not synced: what it holds is of no use after a
/// crash, and memory cards wear out.
fn write_beside(beside: &Path, path: &Path, write: &mut impl FnMut(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    // Of a link that somebody else laid there, only the link is used.
    let flags = OFlags::NOFOLLOW.bits().cast_signed();
    let mut file =
        options.write(true).create(true).truncate(true).mode(Outlet::FILE_MODE).custom_flags(flags).open(beside)?;
    set_mode(&file)?;
    write(&mut file)?;
    fs::rename(beside, path)
}

fn set_mode(file: &File) -> io::Result<()> {
    // The mode that was asked for is cut by the umask.
    file.set_permissions(Permissions::from_mode(Outlet::FILE_MODE))
}

/// Whether files can be made in a directory, by making one and removing it.
pub(crate) fn probe(directory: &Path) -> io::Result<()> {
    let path = directory.join(format!(".live-interface-stats-check-{}", std::process::id()));
    File::options().write(true).create_new(true).open(&path)?;
    fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        let outlet = Outlet::open(directory.path()).unwrap();
        outlet.replace("a.json", "one, and long");
        outlet.replace("a.json", "two");
        assert_eq!(fs::read_to_string(directory.path().join("a.json")).unwrap(), "two");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn others_may_read_files_and_directory() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("www/stats");
        Outlet::open(&path).unwrap().replace("a.json", "{}");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o755);
        assert_eq!(mode(&path.join("a.json")), 0o644);
    }

    #[test]
    fn a_directory_that_vanished_is_made_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("stats");
        let outlet = Outlet::open(&path).unwrap();
        fs::remove_dir(&path).unwrap();
        outlet.replace("a.json", "{}");
        assert!(path.join("a.json").exists());
    }

    #[test]
    fn what_a_link_beside_it_points_to_is_not_written() {
        let directory = tempfile::tempdir().unwrap();
        let victim = directory.path().join("victim");
        File::create(&victim).unwrap();
        std::os::unix::fs::symlink(&victim, directory.path().join(".a.json.new")).unwrap();
        let outlet = Outlet::open(directory.path()).unwrap();
        outlet.replace("a.json", "{}");
        assert_eq!(fs::metadata(&victim).unwrap().len(), 0);
    }
}
