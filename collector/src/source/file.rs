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
    roster: Roster,
    last: Option<Last>,
}

/// The text that was read last.
#[derive(Debug)]
struct Last {
    modified: SystemTime,
    snapshot: Snapshot,
}

impl File {
    /// The kernel's table is of some kilobytes.
    const MOST: u64 = 1 << 20;

    /// The chosen interfaces in the file at `path`.
    pub(crate) fn new(path: &Path, selection: Selection) -> Self {
        Self { path: path.to_owned(), roster: Roster::new(selection), last: None }
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
        if let Some(last) = self.last.as_ref().filter(|last| Some(last.modified) == modified) {
            return Ok(last.snapshot.clone());
        }
        let mut text = Vec::new();
        file.take(Self::MOST).read_to_end(&mut text).map_err(unreachable)?;
        let at = modified.map_or_else(clock::monotonic, |modified| before_now(clock::age(modified)));
        let bad = |what: &str| ReadError::BadAnswer { address: path.clone(), what: what.to_owned() };
        let snapshot = self.roster.snapshot(interfaces(&text, at).map_err(bad)?);
        self.last = modified.map(|modified| Last { modified, snapshot: snapshot.clone() });
        Ok(snapshot)
    }
}

fn before_now(age: Duration) -> Monotonic {
    Monotonic::new(clock::monotonic().since_zero().saturating_sub(age))
}

/// The interfaces of the text and their counters, in the order of their names.
pub(super) fn interfaces(text: &[u8], at: Monotonic) -> Result<Vec<(Interface, Reading)>, &'static str> {
    let counted = proc_net_dev::parse(text)?;
    let mut interfaces: Vec<(Interface, Reading)> = counted
        .0
        .iter()
        .map(|(name, status)| {
            let interface = Interface { name: clean(name), ..Interface::default() };
            (interface, proc_net_dev::reading(status, at, None))
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
        let mut file = File::new(&path, Selection::Usable);
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
    fn what_the_kernel_makes_is_of_now() {
        let mut file = File::new(Path::new("/proc/self/net/dev"), Selection::All);
        let before = clock::monotonic();
        let snapshot = file.read().unwrap();
        assert!(snapshot.interfaces.iter().any(|(interface, reading)| interface.name == "lo" && reading.at >= before));
        assert!(file.read().unwrap().interfaces[0].1.at > snapshot.interfaces[0].1.at);
    }

    #[test]
    fn what_cannot_be_read_gets_a_sentence() {
        let error = |path: &str| File::new(Path::new(path), Selection::All).read().unwrap_err().to_string();
        assert!(error("/nowhere/dev").starts_with("cannot read /nowhere/dev: No such file"));
        assert!(error("/dev/null").starts_with("/dev/null is no file: name one"));
        assert!(error("/proc/version").contains("not what /proc/net/dev looks like"));
    }
}
