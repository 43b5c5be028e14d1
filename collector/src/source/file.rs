//! The counters in a file like `/proc/net/dev`: a container's, or another machine's that is copied here again and again.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use stats::{Interface, Monotonic, Reading, clean};

use super::roster::Roster;
use super::{ReadError, Snapshot, Source, proc_net_dev};
use crate::selection::Selection;
use crate::{clock, open};

/// A file with the text of `/proc/net/dev`.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
    /// For how long it may stay as it is, where nothing is known of how often it is written.
    patience: Duration,
    roster: Roster,
    last: Option<Last>,
}

/// The text that was read last.
#[derive(Debug)]
struct Last {
    modified: SystemTime,
    /// When that was found. By this machine's clock: whatever copies the file may have copied its time too.
    found: Monotonic,
    /// How long it had stayed as it was before. Of the first text that was read: how old that was.
    distance: Duration,
    snapshot: Snapshot,
}

impl File {
    /// The kernel's table is of some kilobytes.
    const MOST: u64 = 1 << 20;

    /// So old a text is not of a file that is still written.
    const OLDEST: Duration = Duration::from_mins(10);

    /// The chosen interfaces in the file at `path`, which will be read that often.
    pub(crate) fn new(path: &Path, interval: Duration, selection: Selection) -> Self {
        let patience = (interval * 3).max(Duration::from_secs(10));
        Self { path: path.to_owned(), patience, roster: Roster::new(selection), last: None }
    }
}

impl Source for File {
    fn read(&mut self) -> Result<Snapshot, ReadError> {
        let path = self.path.display().to_string();
        let unreachable = |error| ReadError::Unreachable { what: format!("cannot read {path}: {error}") };
        let file = open::without_waiting(&self.path).map_err(unreachable)?;
        let about = file.metadata().map_err(unreachable)?;
        if !about.is_file() {
            // A pipe or a device may never come to an end.
            return Err(ReadError::Unreachable { what: format!("{path} is no file: name one like /proc/net/dev") });
        }
        // What the kernel makes when it is read has no length, and is of now. Any other file is of when it was written,
        // and is no new reading where it was not written since.
        let modified = if about.len() == 0 { None } else { about.modified().ok() };
        // It says what was waited for, which stays the same: other words are news for the log each time.
        let stale = |waited: Duration| {
            let waited = humantime::format_duration(Duration::from_secs(waited.as_secs()));
            let what = format!("{path} was not written for more than {waited}: see to whatever writes it");
            Err(ReadError::Unreachable { what })
        };
        if let Some(last) = self.last.as_ref().filter(|last| Some(last.modified) == modified) {
            let patience = self.patience.max(last.distance * 3);
            let is_alive = clock::monotonic().since(last.found) <= patience;
            return if is_alive { Ok(last.snapshot.clone()) } else { stale(patience) };
        }
        let age = modified.map(clock::age).unwrap_or_default();
        let oldest = self.patience.max(Self::OLDEST);
        if self.last.is_none() && age > oldest {
            return stale(oldest);
        }
        let mut text = Vec::new();
        file.take(Self::MOST).read_to_end(&mut text).map_err(unreachable)?;
        let found = clock::monotonic();
        let at = Monotonic::new(found.since_zero().saturating_sub(age));
        let bad = |what: &str| ReadError::BadAnswer { address: path.clone(), what: what.to_owned() };
        let snapshot = self.roster.snapshot(interfaces(&text, at).map_err(bad)?);
        self.last = modified.map(|modified| {
            let before = self.last.as_ref();
            let distance = before.map(|last| modified.duration_since(last.modified).unwrap_or_default());
            Last { modified, found, distance: distance.unwrap_or(age), snapshot: snapshot.clone() }
        });
        Ok(snapshot)
    }
}

/// The interfaces of the text and their counters, in the order of their names.
pub(super) fn interfaces(text: &[u8], at: Monotonic) -> Result<Vec<(Interface, Reading)>, &'static str> {
    let mut interfaces: Vec<(Interface, Reading)> = proc_net_dev::parse(text)?
        .iter()
        .map(|line| {
            let interface = Interface { name: clean(line.name), ..Interface::default() };
            (interface, line.reading(at, None))
        })
        .filter(|(interface, _)| !interface.name.is_empty())
        .collect();
    interfaces.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    interfaces.dedup_by(|(a, _), (b, _)| a.name == b.name);
    Ok(interfaces)
}

#[cfg(test)]
mod tests {
    use std::fs::File as Opened;
    use std::io::Write as _;

    use stats::Counter;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn table(octets: u64) -> String {
        format!("Inter-|   Receive\n face |bytes\n  eth0: {octets} 9 1 2 0 0 0 5 7 8 3 4 0 0 0 0\n")
    }

    #[test]
    fn a_file_that_was_not_written_again_is_no_new_reading() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dev");
        let put = |octets, age| {
            let mut file = Opened::create(&path).unwrap();
            file.write_all(table(octets).as_bytes()).unwrap();
            file.set_modified(clock::system() - Duration::from_secs(age)).unwrap();
        };
        put(1_000, 30);
        let mut file = File::new(&path, SECOND, Selection::Usable);
        let mut read = || file.read().unwrap().interfaces[0].1;
        let first = read();
        assert!((29..=31).contains(&clock::monotonic().since(first.at).as_secs()), "it is of when it was written");
        assert_eq!(read(), first);
        put(5_000, 10);
        let second = read();
        assert_eq!(second.get(Counter::InOctets).unwrap().0, 5_000);
        assert!((19..=21).contains(&second.at.since(first.at).as_secs()));
    }

    #[test]
    fn a_file_that_is_not_written_any_more_is_no_reading() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dev");
        let put = |octets, age| {
            let mut file = Opened::create(&path).unwrap();
            file.write_all(table(octets).as_bytes()).unwrap();
            file.set_modified(clock::system() - Duration::from_secs(age)).unwrap();
        };
        put(1_000, 601);
        let mut file = File::new(&path, SECOND, Selection::Usable);
        let error = file.read().unwrap_err().to_string();
        assert!(error.ends_with("dev was not written for more than 10m: see to whatever writes it"), "{error}");
        // What it is from then on is told by how often it was written before.
        for (age, distance) in [(0, 10), (20, 60)] {
            put(1_000 + age, age);
            let mut file = File::new(&path, SECOND, Selection::Usable);
            file.read().unwrap();
            let found = file.last.as_ref().unwrap().found;
            let mut read_after = |seconds| {
                let long_ago = found.since_zero().saturating_sub(Duration::from_secs(seconds));
                file.last.as_mut().unwrap().found = Monotonic::new(long_ago);
                file.read().is_ok()
            };
            assert_eq!((read_after(distance - 2), read_after(distance + 2)), (true, false), "{age}");
        }
        put(9_000, 0);
        file.read().unwrap();
    }

    #[test]
    fn what_the_kernel_makes_is_of_now() {
        let mut file = File::new(Path::new("/proc/self/net/dev"), SECOND, Selection::All);
        let before = clock::monotonic();
        let snapshot = file.read().unwrap();
        assert!(
            snapshot.interfaces.iter().any(|(interface, reading)| interface.name() == "lo" && reading.at >= before)
        );
        assert!(file.read().unwrap().interfaces[0].1.at > snapshot.interfaces[0].1.at);
    }

    #[test]
    fn what_cannot_be_read_gets_a_sentence() {
        let error = |path: &str| File::new(Path::new(path), SECOND, Selection::All).read().unwrap_err().to_string();
        assert!(error("/nowhere/dev").starts_with("cannot read /nowhere/dev: No such file"));
        assert!(error("/dev/null").starts_with("/dev/null is no file: name one"));
        assert!(error("/proc/version").contains("not what /proc/net/dev looks like"));
    }
}
