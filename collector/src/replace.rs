//! Replaces files so that a reader never sees half of one, and says once when that does not work. Knows nothing of what is
//! in them.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{CWD, Mode, OFlags, fchmod, openat, rename};
use rustix::io::{Errno, retry_on_intr};

use crate::open;

/// A directory of files that others read while they are replaced.
#[derive(Debug)]
pub(crate) struct Outlet {
    directory: PathBuf,
    /// Whether a file came out with the mode that it was created with: neither the umask nor an ACL of the directory cuts it.
    /// If that changes after all, others may be let to read less than they should, and nobody more.
    keeps_modes: AtomicBool,
    /// The files that could not be replaced the last time, by their names. As a rule there is none.
    troubles: Mutex<HashMap<String, Trouble>>,
}

/// Why a file could not be replaced.
#[derive(Clone, Copy, Debug)]
struct Trouble {
    kind: io::ErrorKind,
    /// Whether the log has it. A full disk is a matter of all files, and is told of one.
    is_told: bool,
}

impl Outlet {
    /// Readable for all, since the web server is somebody else; writable for the collector alone.
    const FILE_MODE: u32 = 0o644;

    /// The directory, which is made where it is not there yet.
    pub(crate) fn open(directory: &Path) -> io::Result<Self> {
        make_for_all(directory)?;
        let (keeps_modes, troubles) = (AtomicBool::new(false), Mutex::default());
        Ok(Self { directory: directory.to_owned(), keeps_modes, troubles })
    }

    /// Whether there is a file that could not be replaced the last time.
    pub(crate) fn has_trouble(&self) -> bool {
        !self.troubles().is_empty()
    }

    /// Replaces a file. Says so in the log when that begins to fail, and when it works again.
    pub(crate) fn replace(&self, name: &str, contents: &str) {
        self.replace_in_parts(name, |file| file.write_all(contents.as_bytes()));
    }

    /// The same with what `write` writes into the new file, which may be called again if the file has to be begun anew; tells
    /// whether it was replaced.
    pub(crate) fn replace_in_parts(&self, name: &str, write: impl FnMut(&mut File) -> io::Result<()>) -> bool {
        let path = self.directory.join(name);
        let replaced = self.try_replace(name, &path, write);
        let is_replaced = replaced.is_ok();
        let mut troubles = self.troubles();
        match replaced {
            // As a rule there is nothing to look for.
            Ok(()) if troubles.is_empty() => {}
            Ok(()) => {
                if let Some(Trouble { is_told: true, .. }) = troubles.remove(name) {
                    tracing::info!("{} is written again", path.display());
                }
            }
            Err(error) => {
                let kind = error.kind();
                let is_same = |trouble: &Trouble| trouble.kind == kind && trouble.is_told;
                let was_told = troubles.get(name).is_some_and(is_same);
                let is_news = !was_told && (is_of_one_file(kind) || !troubles.values().any(is_same));
                if is_news {
                    tracing::error!(
                        "cannot write {}: {error}: graphs stand still until that is mended",
                        path.display()
                    );
                }
                troubles.insert(name.to_owned(), Trouble { kind, is_told: was_told || is_news });
            }
        }
        is_replaced
    }

    /// The same with a file of which `write` tells something; `None` where it could not be replaced.
    pub(crate) fn replace_by<T>(&self, name: &str, mut write: impl FnMut(&mut File) -> io::Result<T>) -> Option<T> {
        let mut told = None;
        let is_replaced = self.replace_in_parts(name, |file| {
            told = Some(write(file)?);
            Ok(())
        });
        told.filter(|_| is_replaced)
    }

    /// Opens a file to read it.
    pub(crate) fn open_file(&self, name: &str) -> io::Result<File> {
        open::without_waiting(&self.directory.join(name))
    }

    fn troubles(&self) -> MutexGuard<'_, HashMap<String, Trouble>> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_replace(
        &self,
        name: &str,
        path: &Path,
        mut write: impl FnMut(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        let beside = self.directory.join([".", name, ".new"].concat());
        let mut replaced = self.write_beside(&beside, path, &mut write);
        if matches!(&replaced, Err(error) if error.kind() == io::ErrorKind::NotFound) {
            // The directory went away, as it does when the page beside it is built anew. What it stood in is left to
            // whoever took that away: it may be a file system that is not mounted.
            make_one_for_all(&self.directory)?;
            self.keeps_modes.store(false, Ordering::Relaxed);
            replaced = self.write_beside(&beside, path, &mut write);
        }
        if replaced.is_err() {
            // On a full disk, what was begun would only keep it full. That it may not be there is no further trouble.
            let _ = fs::remove_file(&beside);
        }
        replaced
    }

    /// Writes a file beside the one to replace, and renames it over that. It is not synced: what it holds is of no use after
    /// a crash, and memory cards wear out.
    fn write_beside(
        &self,
        beside: &Path,
        path: &Path,
        write: &mut impl FnMut(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut file = create(beside, Self::FILE_MODE)?;
        if !self.keeps_modes.load(Ordering::Relaxed) {
            if file.metadata()?.permissions().mode() & 0o7777 == Self::FILE_MODE {
                self.keeps_modes.store(true, Ordering::Relaxed);
            }
            fchmod(&file, Mode::from_raw_mode(Self::FILE_MODE))?;
        }
        write(&mut file)?;
        Ok(rename(beside, path)?)
    }
}

/// A directory that others can look into, the web server above all, and those that it stands in; where they are there,
/// they stay as they are.
pub(crate) fn make_for_all(directory: &Path) -> io::Result<()> {
    if directory.is_dir() || directory.as_os_str().is_empty() {
        return Ok(());
    }
    if let Some(parent) = directory.parent() {
        make_for_all(parent)?;
    }
    make_one_for_all(directory)
}

fn make_one_for_all(directory: &Path) -> io::Result<()> {
    const MODE: u32 = 0o755;

    DirBuilder::new().mode(MODE).create(directory)?;
    // The mode that was asked for is cut by the umask.
    fs::set_permissions(directory, Permissions::from_mode(MODE))
}

/// Whether it is a matter of the one file, and not of the directory or the disk.
fn is_of_one_file(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists)
}

/// A new file. What is there of that name is not written into: a process that was killed left it, or somebody else laid
/// it there, a link, a pipe that nobody reads, or a file that they may write into themselves.
pub(crate) fn create(path: &Path, mode: u32) -> io::Result<File> {
    // Through musl, another system call would follow, which sets again that programs that are started don't get it.
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let create = || retry_on_intr(|| openat(CWD, path, flags, Mode::from_raw_mode(mode)));
    let created = match create() {
        Err(Errno::EXIST) => {
            fs::remove_file(path)?;
            create()?
        }
        created => created?,
    };
    Ok(created.into())
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

    /// What lies where a new file is begun, laid there by `lay`: it is neither written into nor waited for.
    #[track_caller]
    fn check_in_the_way(lay: impl FnOnce(&Path, &Path)) {
        let directory = tempfile::tempdir().unwrap();
        let victim = directory.path().join("victim");
        File::create(&victim).unwrap();
        lay(&directory.path().join(".a.json.new"), &victim);
        let outlet = Outlet::open(directory.path()).unwrap();
        outlet.replace("a.json", "{}");
        assert!(!outlet.has_trouble());
        assert_eq!(fs::read_to_string(directory.path().join("a.json")).unwrap(), "{}");
        assert_eq!(fs::metadata(&victim).unwrap().len(), 0);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_lies_in_the_way_is_neither_written_into_nor_waited_for() {
        check_in_the_way(|way, victim| std::os::unix::fs::symlink(victim, way).unwrap());
        check_in_the_way(|way, victim| fs::hard_link(victim, way).unwrap());
        check_in_the_way(|way, _| drop(File::create(way).unwrap()));
        check_in_the_way(|way, _| {
            use rustix::fs::{FileType, mknodat};

            mknodat(CWD, way, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        });
    }

    #[test]
    fn a_file_that_cannot_be_replaced_is_in_trouble_until_it_can() {
        let directory = tempfile::tempdir().unwrap();
        let outlet = Outlet::open(directory.path()).unwrap();
        fs::create_dir(directory.path().join("a.json")).unwrap();
        outlet.replace("a.json", "{}");
        outlet.replace("b.json", "{}");
        assert!(outlet.has_trouble(), "that another one could be replaced changes nothing");
        fs::remove_dir(directory.path().join("a.json")).unwrap();
        outlet.replace("a.json", "{}");
        assert!(!outlet.has_trouble());
    }
}
