//! What `once` keeps for its next call: the last readings and samples, in a file that only its user can read.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};
use stats::{Reading, TargetStats, file_stem};

use crate::publish::AllCounted;
use crate::replace;
use crate::timeline::{Now, Timeline};

/// What one call of `once` keeps for the next.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct State {
    /// Which start of the machine this is from: its monotonic clock begins anew with each.
    pub(crate) boot: String,
    /// When this was written.
    pub(crate) saved: Now,
    /// What was known of the targets, by their names.
    pub(crate) targets: HashMap<String, TargetState>,
}

/// What was known of one target.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TargetState {
    pub(crate) timeline: Timeline,
    pub(crate) stats: TargetStats,
    /// The group of each of its interfaces.
    #[serde(default)]
    pub(crate) groups: Vec<u16>,
    pub(crate) readings: HashMap<String, Reading>,
    /// What was counted for others.
    #[serde(default)]
    pub(crate) counted: AllCounted,
}

/// The state file, locked: two calls at a time would count the same octets twice.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    _lock: File,
}

impl StateFile {
    const LARGEST: u64 = 1 << 30;

    /// Opens the file at `path`, or the one that belongs to the directory of the stats files.
    pub(crate) fn open(path: Option<PathBuf>, out: &Path) -> anyhow::Result<Self> {
        let path = match path {
            Some(path) => path,
            None => usual_path(out)?,
        };
        let explain = || format!("cannot keep state in {}: name another file with --state", path.display());
        // It will be replaced, whatever it is: a device must not be, and whoever is root could.
        match fs::metadata(&path) {
            Ok(there) => ensure!(
                there.is_file(),
                "cannot keep state in {}, which is no file: name another file with --state",
                path.display()
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(explain),
        }
        if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
            DirBuilder::new().recursive(true).mode(0o700).create(directory).with_context(explain)?;
        }
        // Of a pipe or a link that lies there nothing is waited for, and nothing is followed.
        let flags = (OFlags::NONBLOCK | OFlags::NOFOLLOW).bits().cast_signed();
        let mut options = OpenOptions::new();
        let options = options.create(true).append(true).mode(0o600).custom_flags(flags);
        let lock = options.open(beside(&path, ".lock")).with_context(explain)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(fs::TryLockError::WouldBlock) => {
                bail!("another `once` with the state file {} is still at work: call it less often", path.display())
            }
            Err(fs::TryLockError::Error(error)) => Err(error).with_context(explain),
        }
    }

    /// What the call before kept. A file that can't be read is as good as none: what it holds can be had again.
    pub(crate) fn load(&self) -> Option<State> {
        let mut text = Vec::new();
        match File::open(&self.path).and_then(|file| file.take(Self::LARGEST).read_to_end(&mut text)) {
            Ok(_) => match serde_json::from_slice(&text) {
                Ok(state) => Some(state),
                Err(error) => {
                    tracing::warn!("begins anew: the state file {} is damaged: {error}", self.path.display());
                    None
                }
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!("begins anew: cannot read the state file {}: {error}", self.path.display());
                None
            }
        }
    }

    /// Keeps this for the next call. Synced, since a half one after a crash would cost what passed since the last call.
    pub(crate) fn save(&self, state: &State) -> anyhow::Result<()> {
        let save = || -> io::Result<()> {
            let beside = beside(&self.path, ".new");
            let mut file = replace::create(&beside, 0o600)?;
            file.write_all(&serde_json::to_vec(state)?)?;
            file.sync_all()?;
            fs::rename(beside, &self.path)
        };
        save().with_context(|| format!("cannot keep state in {}", self.path.display()))
    }
}

/// Which start of the machine this is.
pub(crate) fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

fn usual_path(out: &Path) -> anyhow::Result<PathBuf> {
    let from = |variable: &str| std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let directory = from("STATE_DIRECTORY")
        .or_else(|| from("XDG_STATE_HOME").map(|home| home.join("live-interface-stats")))
        .or_else(|| from("HOME").map(|home| home.join(".local/state/live-interface-stats")))
        .context("there is no place to keep state in: name a file with --state")?;
    // A file for each directory that is written to, wherever this is called from.
    let out = std::path::absolute(out).context("cannot tell which directory --out is")?;
    Ok(directory.join(format!("once-{}.json", file_stem(&out.to_string_lossy()))))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
