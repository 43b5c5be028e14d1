//! Where secrets come from: the config, a file of their own or the environment, never the command line. And who else can
//! read them there.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{getegid, getgroups};
use serde::de::{self, Deserialize, Deserializer};

use crate::open;

/// A word that nobody else should know, and is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    word: String,
    /// The file whose first line it was.
    file: Option<PathBuf>,
}

/// Why there is no secret where one was said to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    /// The file can't be read.
    #[error("cannot read the {what} file {file}: {error}")]
    File {
        /// What kind of secret it should be.
        what: &'static str,
        /// Its path.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// What the environment has is no text.
    #[error("the variable {0} is not in UTF-8: write it in ASCII or UTF-8, or unset it")]
    Variable(&'static str),
}

impl Secret {
    /// The first line of a file. Those that can be read by too many get a line in the log.
    pub(crate) fn from_file(what: &'static str, path: &Path) -> Result<Self, SecretError> {
        let word = first_line(path);
        let word = word.map_err(|error| SecretError::File { what, file: path.display().to_string(), error })?;
        warn_of_readers(path, what);
        Ok(Self { word, file: Some(path.to_owned()) })
    }

    /// What an environment variable says; an empty one says nothing.
    pub(crate) fn from_environment(variable: &'static str) -> Result<Option<Self>, SecretError> {
        let Some(word) = std::env::var_os(variable).filter(|word| !word.is_empty()) else { return Ok(None) };
        // Another secret in its place would be one that nobody chose.
        let word = word.into_string().map_err(|_| SecretError::Variable(variable))?;
        Ok(Some(Self { word, file: None }))
    }

    /// Makes of it what it should be. What is wrong with it is said with the file that it came from.
    pub(crate) fn parse<T, E: fmt::Display>(
        &self,
        what: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, String> {
        parse(&self.word).map_err(|error| match &self.file {
            Some(file) => format!("the first line of the {what} file {}: {error}", file.display()),
            None => error.to_string(),
        })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A number or a date would be repeated in the error that serde makes of it.
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(word) => Ok(Self { word, file: None }),
            _ => Err(de::Error::custom("a secret is a text: put it between quotes")),
        }
    }
}

/// What was said of files with secrets that too many can read.
static EXPOSED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What was said in the log of files with secrets that too many can read.
pub(crate) fn exposed() -> Vec<String> {
    EXPOSED.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Says in the log that a file with a secret can be read by others than it is for. What can't be looked at can't be read
/// either, which is said elsewhere.
pub(crate) fn warn_of_readers(path: &Path, what: &str) {
    let Ok(metadata) = fs::metadata(path) else { return };
    let file = path.display();
    if let Some((readers, remedy)) = readers(&metadata, is_our_group) {
        let sentence = format!("{file} holds a {what} and {readers} can read it: chmod {remedy} {file}");
        tracing::warn!("{sentence}");
        EXPOSED.lock().unwrap_or_else(PoisonError::into_inner).push(sentence);
    }
}

/// Who can read a file, beside its owner and whoever it may be meant for, and how that is changed.
///
/// A file that its group can read is how a service of that group gets a file of root's. If the group is neither ours nor
/// root's, it is for somebody else.
fn readers(metadata: &Metadata, is_ours: impl Fn(u32) -> bool) -> Option<(&'static str, &'static str)> {
    let mode = metadata.permissions().mode();
    if !metadata.is_file() {
        None
    } else if mode & 0o004 != 0 {
        Some(("everybody", "o-r"))
    } else if mode & 0o040 != 0 && !is_ours(metadata.gid()) {
        Some(("a group that we are not in", "g-r"))
    } else {
        None
    }
}

fn is_our_group(group: u32) -> bool {
    let is_it = |ours: u32| ours == group;
    group == 0
        || is_it(getegid().as_raw())
        || getgroups().is_ok_and(|groups| groups.into_iter().any(|ours| is_it(ours.as_raw())))
}

/// Without its end. A secret is short, and what is given may be no file at all.
fn first_line(path: &Path) -> io::Result<String> {
    const MOST: u64 = 4_096;

    let file = open::without_waiting(path)?;
    if file.metadata()?.file_type().is_fifo() {
        // As of `--community-file <(…)`: whoever writes into it may need a moment.
        ensure_written_into(&file)?;
        fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    }
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text)?;
    text.truncate(text.lines().next().unwrap_or_default().len());
    Ok(text)
}

/// Waits for a pipe's first octet or its end, which there may never be.
fn ensure_written_into(pipe: &File) -> io::Result<()> {
    const PATIENCE: Timespec = Timespec { tv_sec: 10, tv_nsec: 0 };

    match poll(&mut [PollFd::new(pipe, PollFlags::IN)], Some(&PATIENCE))? {
        0 => Err(io::Error::new(io::ErrorKind::TimedOut, "it is a pipe that nobody writes into")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use tempfile::NamedTempFile;

    use super::*;

    #[track_caller]
    fn check_readers(mode: u32, is_ours: bool, expected: Option<&str>) {
        let file = NamedTempFile::new().unwrap();
        fs::set_permissions(file.path(), Permissions::from_mode(mode)).unwrap();
        let readers = readers(&fs::metadata(file.path()).unwrap(), |_| is_ours);
        assert_eq!(readers.map(|(_, remedy)| remedy), expected, "{mode:o}");
    }

    #[test]
    fn a_file_that_others_can_read_is_known() {
        check_readers(0o600, false, None);
        check_readers(0o640, true, None);
        check_readers(0o640, false, Some("g-r"));
        check_readers(0o644, true, Some("o-r"));
        check_readers(0o604, true, Some("o-r"));
    }

    #[test]
    fn a_secret_is_the_first_line_and_is_not_shown() {
        let file = NamedTempFile::new().unwrap();
        io::Write::write_all(&mut file.as_file(), b"first word\r\nsecond\n").unwrap();
        let secret = Secret::from_file("community", file.path()).unwrap();
        assert_eq!(secret.word, "first word");
        assert!(!format!("{secret:?}").contains("word"));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        let error = toml::from_str::<toml::map::Map<String, toml::Value>>("a = s3cret").unwrap_err();
        assert!(!error.message().contains("s3cret"), "{}", error.message());
        for wrong in ["a = 123456", "a = 2001-02-03", "a = [\"s3cret\"]"] {
            let error = toml::from_str::<std::collections::HashMap<String, Secret>>(wrong).unwrap_err();
            assert_eq!(error.message(), "a secret is a text: put it between quotes");
        }
    }
}
