//! The counters of this machine, from the kernel: `/proc/net/dev` for the numbers, `/sys/class/net` for the names and
//! states. Knows nothing of what is done with them.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use stats::{AdminStatus, Interface, KeptInterface, Monotonic, OperStatus, Reading, Speed, Uptime, clean};

use super::proc_net_dev::{self, Line};
use super::{ReadError, Snapshot, Source};
use crate::clock;
use crate::selection::{Candidate, Selection};

/// This machine's kernel.
#[derive(Debug)]
pub(crate) struct Local {
    selection: Selection,
    host_name: Option<Arc<str>>,
    /// What the interfaces are called and are, in the order of the kernel's table; looked up anew now and then, and when
    /// others appear.
    described: Vec<Described>,
    described_at: Option<Monotonic>,
    missing: Arc<[crate::selection::Missing]>,
    counters: ProcNetDev,
}

#[derive(Debug)]
struct Described {
    /// As the kernel has it.
    name: String,
    interface: KeptInterface,
    /// When all was read that is told of it, and not just its state.
    read_at: Monotonic,
    /// Once chosen, an interface stays, whatever becomes of its state.
    chosen: bool,
}

impl Local {
    /// States change seldom, and each costs some system calls.
    const DESCRIBE_EVERY: Duration = Duration::from_secs(10);
    /// An alias does so more seldom still, and a speed when the state does.
    const READ_EVERY: Duration = Duration::from_mins(1);

    /// The chosen interfaces of this machine.
    pub(crate) fn new(selection: Selection) -> Self {
        let host_name = fs::read_to_string("/proc/sys/kernel/hostname").ok().map(|name| clean(&name));
        Self {
            selection,
            host_name: host_name.filter(|name| !name.is_empty()).map(Arc::from),
            described: Vec::new(),
            described_at: None,
            missing: Arc::default(),
            counters: ProcNetDev::default(),
        }
    }

    /// Makes what is told of the interfaces that of these lines, one for one.
    fn describe(&mut self, lines: &[Line<'_>], at: Monotonic) {
        let is_recent = self.described_at.is_some_and(|described| at.since(described) < Self::DESCRIBE_EVERY);
        let are_the_same = lines.iter().map(|line| line.name).eq(self.described.iter().map(|one| one.name.as_str()));
        if is_recent && are_the_same {
            return;
        }
        let before = std::mem::take(&mut self.described).into_iter();
        let mut before: HashMap<String, Described> = before.map(|one| (one.name.clone(), one)).collect();
        let described = lines.iter().map(|Line { name, .. }| match before.remove(*name) {
            Some(before)
                if at.since(before.read_at) < Self::READ_EVERY && is_in_state(name, &before.interface.unpack()) =>
            {
                before
            }
            before => self.read_all(name, before, at),
        });
        self.described = described.collect();
        let all: Vec<Interface> = self.described.iter().map(|described| described.interface.unpack()).collect();
        self.missing = self.selection.unmatched(&all.iter()).into();
        self.described_at = Some(at);
    }

    fn read_all(&self, name: &str, before: Option<Described>, at: Monotonic) -> Described {
        let (interface, loopback) = describe(name);
        let chosen = before.as_ref().is_some_and(|before| before.chosen)
            || self.selection.admits(Candidate { interface: &interface, loopback });
        let interface = KeptInterface::from(interface);
        let interface =
            before.map(|before| before.interface).filter(|before| *before == interface).unwrap_or(interface);
        Described { name: name.to_owned(), interface, read_at: at, chosen }
    }
}

impl Source for Local {
    fn read(&mut self) -> Result<Snapshot, ReadError> {
        let unreadable = |why: &dyn std::fmt::Display| ReadError::Unreachable {
            what: format!("cannot read this machine's counters: {why}"),
        };
        let text = self.counters.read().map_err(|error| unreadable(&error))?;
        let at = clock::monotonic();
        let lines = proc_net_dev::parse(&text).map_err(|error| unreadable(&error))?;
        self.describe(&lines, at);
        let uptime = Some(uptime(at));
        let chosen = lines.iter().zip(&self.described).filter(|(_, described)| described.chosen);
        let with_counters = chosen.map(|(line, described)| (described.interface.clone(), line.reading(at, uptime)));
        let mut interfaces: Vec<(KeptInterface, Reading)> = with_counters.collect();
        interfaces.sort_by(|(a, _), (b, _)| (a.if_index(), a.name()).cmp(&(b.if_index(), b.name())));
        self.counters.text = text;
        Ok(Snapshot { sys_name: self.host_name.clone(), interfaces, missing: self.missing.clone() })
    }
}

/// `/proc/net/dev`, which stays open: the kernel makes its text anew at each read from its beginning, and to look the name
/// up costs as much as that.
#[derive(Debug, Default)]
struct ProcNetDev {
    file: Option<File>,
    text: Vec<u8>,
}

impl ProcNetDev {
    /// The text, in the memory of the one before, where that was given back.
    fn read(&mut self) -> io::Result<Vec<u8>> {
        let file = match self.file.take() {
            Some(file) => file,
            None => File::open("/proc/net/dev")?,
        };
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        while read_on(&file, &mut text)? == Rest::Unknown {}
        self.file = Some(file);
        Ok(text)
    }
}

/// Whether a file has more than was read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Nothing,
    Unknown,
}

/// Adds what of the file follows after `text`.
fn read_on(file: &File, text: &mut Vec<u8>) -> io::Result<Rest> {
    const PIECE: usize = 4096;
    /// A line has a name of 15 characters and 16 numbers of 20 digits at most. The kernel stops where the next one does not fit:
    /// where it would have fitted, there is none, and nobody need ask.
    const LINE: usize = 512;

    let begin = text.len();
    text.resize(begin + PIECE, 0);
    let read = file.read_at(&mut text[begin..], begin as u64);
    text.truncate(begin + read.as_ref().copied().unwrap_or_default());
    let read = read?;
    Ok(if read == 0 || begin == 0 && read + LINE <= PIECE { Rest::Nothing } else { Rest::Unknown })
}

/// The counters begin at 0 when the machine starts, which the clock tells that they are read by.
fn uptime(at: Monotonic) -> Uptime {
    #[expect(clippy::cast_possible_truncation, reason = "an uptime wraps, as RFC 3418 has it")]
    Uptime::from_ticks((at.since_zero().as_millis() / 10) as u32)
}

/// Whether an interface is still on or off, and up or down, as it was said to be.
fn is_in_state(name: &str, before: &Interface) -> bool {
    let directory = SysClassNet::of(name);
    (before.admin_status, before.oper_status) == (directory.admin_status(), directory.oper_status())
}

/// What the kernel says of an interface, and whether it is a loopback.
fn describe(name: &str) -> (Interface, bool) {
    let directory = SysClassNet::of(name);
    let interface = Interface {
        name: clean(name),
        if_alias: directory.text("ifalias").map(|alias| clean(&alias)).filter(|alias| !alias.is_empty()),
        if_index: directory.text("ifindex").and_then(|index| index.parse().ok()),
        speed: directory.speed(),
        admin_status: directory.admin_status(),
        oper_status: directory.oper_status(),
        ..Interface::default()
    };
    (interface, directory.is_set(IFF_LOOPBACK).unwrap_or(name == "lo"))
}

// Of linux/if.h.
const IFF_UP: u32 = 1;
const IFF_LOOPBACK: u32 = 1 << 3;

/// The kernel's word (RFC 2863's, in other letters) as a status. Loopbacks, tunnels and PPP leave it at `unknown`, and say
/// by their carrier whether they run.
fn oper_status(word: &str, carrier: impl FnOnce() -> Option<bool>) -> OperStatus {
    match word {
        "up" => OperStatus::Up,
        "down" => OperStatus::Down,
        "testing" => OperStatus::Testing,
        "dormant" => OperStatus::Dormant,
        "notpresent" => OperStatus::NotPresent,
        "lowerlayerdown" => OperStatus::LowerLayerDown,
        _ if carrier() == Some(true) => OperStatus::Up,
        _ => OperStatus::Unknown,
    }
}

/// What the kernel tells of one interface, a file a fact.
struct SysClassNet(PathBuf);

impl SysClassNet {
    fn of(name: &str) -> Self {
        Self(Path::new("/sys/class/net").join(name))
    }

    fn text(&self, file: &str) -> Option<String> {
        // The kernel gives such a file in one piece, so that nobody need ask how long it is, nor whether there is more.
        let mut text = [0; 512];
        let length = File::open(self.0.join(file)).and_then(|mut file| file.read(&mut text)).ok()?;
        Some(str::from_utf8(&text[..length]).ok()?.trim().to_owned())
    }

    fn is_set(&self, flag: u32) -> Option<bool> {
        let flags = u32::from_str_radix(self.text("flags")?.strip_prefix("0x")?, 16).ok()?;
        Some(flags & flag != 0)
    }

    fn admin_status(&self) -> Option<AdminStatus> {
        self.is_set(IFF_UP).map(|up| if up { AdminStatus::Up } else { AdminStatus::Down })
    }

    fn oper_status(&self) -> Option<OperStatus> {
        self.text("operstate").map(|word| oper_status(&word, || self.carrier()))
    }

    /// Reading it fails for an interface that is off.
    fn carrier(&self) -> Option<bool> {
        self.text("carrier").map(|carrier| carrier == "1")
    }

    /// In the file it is Mbit/s, -1 where it is not known, and reading it fails where it makes no sense.
    fn speed(&self) -> Option<Speed> {
        let megabits: u64 = self.text("speed")?.parse().ok().filter(|megabits| *megabits > 0)?;
        Some(Speed::from_bits_per_second(megabits.checked_mul(1_000_000)?))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use stats::Counter;

    use super::*;

    #[test]
    fn this_machine_has_a_loopback_that_is_left_out_unless_it_is_asked_for() {
        let names = |selection| {
            let snapshot = Local::new(selection).read().unwrap();
            let names = snapshot.interfaces.iter().map(|(interface, _)| interface.name().to_owned());
            names.collect::<Vec<String>>()
        };
        assert!(names(Selection::All).contains(&"lo".to_owned()));
        assert!(names(Selection::of(vec!["l*".to_owned()]).unwrap()).contains(&"lo".to_owned()));
        assert!(!names(Selection::Usable).contains(&"lo".to_owned()));
    }

    #[test]
    fn a_long_text_is_read_again_from_its_beginning() {
        let mut file = tempfile::tempfile().unwrap();
        let written: Vec<u8> = (0..10_000).map(|at: u32| at.to_le_bytes()[0]).collect();
        file.write_all(&written).unwrap();
        for _ in 0..2 {
            let mut text = Vec::new();
            while read_on(&file, &mut text).unwrap() == Rest::Unknown {}
            assert_eq!(text, written);
        }
    }

    #[test]
    fn where_another_line_would_have_fitted_there_is_none() {
        let rest = |length: usize| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&vec![b'x'; length]).unwrap();
            read_on(&file, &mut Vec::new()).unwrap()
        };
        assert_eq!([700, 3_500, 3_600, 4_096].map(rest), [Rest::Nothing, Rest::Nothing, Rest::Unknown, Rest::Unknown]);
    }

    #[test]
    fn counters_are_counted_on_while_their_file_stays_open() {
        let mut counters = ProcNetDev::default();
        let mut packets = || {
            let text = counters.read().unwrap();
            let lines = proc_net_dev::parse(&text).unwrap();
            let reading = lines.iter().find(|line| line.name == "lo").unwrap().reading(Monotonic::default(), None);
            reading.get(Counter::InPackets).unwrap().0
        };
        let before = packets();
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.send_to(b"x", socket.local_addr().unwrap()).unwrap();
        assert!(packets() > before);
    }

    #[test]
    fn an_interface_with_a_carrier_and_no_state_is_up() {
        assert_eq!(oper_status("unknown", || Some(true)), OperStatus::Up);
        assert_eq!(oper_status("unknown", || Some(false)), OperStatus::Unknown);
        assert_eq!(oper_status("lowerlayerdown", || Some(false)), OperStatus::LowerLayerDown);
    }
}
