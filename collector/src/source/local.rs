//! The counters of this machine, from the kernel: `/proc/net/dev` for the numbers, `/sys/class/net` for the names and
//! states. Knows nothing of what is done with them.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use procfs::net::{DeviceStatus, InterfaceDeviceStatus};
use procfs::{FromBufRead, ProcResult};
use stats::{AdminStatus, Interface, Monotonic, OperStatus, Reading, Speed, Uptime, clean};

use super::{ReadError, Snapshot, Source, proc_net_dev};
use crate::clock;
use crate::selection::{Candidate, Selection};

/// This machine's kernel.
#[derive(Debug)]
pub(crate) struct Local {
    selection: Selection,
    host_name: Option<Arc<str>>,
    /// What the interfaces are called and are; looked up anew now and then, and when others appear.
    described: HashMap<String, Described>,
    described_at: Option<Monotonic>,
    missing: Arc<[crate::selection::Missing]>,
    counters: ProcNetDev,
}

#[derive(Debug)]
struct Described {
    interface: Arc<Interface>,
    /// Once chosen, an interface stays, whatever becomes of its state.
    chosen: bool,
}

impl Local {
    /// States and aliases change seldom, and each costs some system calls.
    const DESCRIBE_EVERY: Duration = Duration::from_secs(10);

    /// The chosen interfaces of this machine.
    pub(crate) fn new(selection: Selection) -> Self {
        let host_name = fs::read_to_string("/proc/sys/kernel/hostname").ok().map(|name| clean(&name));
        Self {
            selection,
            host_name: host_name.filter(|name| !name.is_empty()).map(Arc::from),
            described: HashMap::new(),
            described_at: None,
            missing: Arc::default(),
            counters: ProcNetDev::default(),
        }
    }

    fn describe(&mut self, counted: &HashMap<String, DeviceStatus>, at: Monotonic) {
        let is_recent = self.described_at.is_some_and(|described| at.since(described) < Self::DESCRIBE_EVERY);
        let are_the_same =
            counted.len() == self.described.len() && counted.keys().all(|k| self.described.contains_key(k));
        if is_recent && are_the_same {
            return;
        }
        let mut before = std::mem::take(&mut self.described);
        for name in counted.keys() {
            let (interface, loopback) = describe(name);
            let before = before.remove(name);
            let chosen = before.as_ref().is_some_and(|before| before.chosen)
                || self.selection.admits(Candidate { interface: &interface, loopback });
            let interface = match before {
                Some(before) if *before.interface == interface => before.interface,
                _ => Arc::new(interface),
            };
            self.described.insert(name.clone(), Described { interface, chosen });
        }
        let all = self.described.values().map(|described| &*described.interface);
        self.missing = self.selection.unmatched(&all).into();
        self.described_at = Some(at);
    }
}

impl Source for Local {
    fn read(&mut self) -> Result<Snapshot, ReadError> {
        let counted = self.counters.read().map_err(|error| ReadError::Unreachable {
            what: format!("cannot read this machine's counters: {error}"),
        })?;
        let at = clock::monotonic();
        self.describe(&counted.0, at);
        let chosen = self.described.iter().filter(|(_, described)| described.chosen);
        let with_counters = chosen.filter_map(|(name, described)| {
            let reading = proc_net_dev::reading(counted.0.get(name)?, at, Some(uptime(at)));
            Some((described.interface.clone(), reading))
        });
        let mut interfaces: Vec<(Arc<Interface>, Reading)> = with_counters.collect();
        interfaces.sort_by(|(a, _), (b, _)| (a.if_index, &a.name).cmp(&(b.if_index, &b.name)));
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
    fn read(&mut self) -> ProcResult<InterfaceDeviceStatus> {
        let file = match self.file.take() {
            Some(file) => file,
            None => File::open("/proc/net/dev")?,
        };
        self.text.clear();
        while read_on(&file, &mut self.text)? > 0 {}
        let counted = InterfaceDeviceStatus::from_buf_read(self.text.as_slice())?;
        self.file = Some(file);
        Ok(counted)
    }
}

/// Adds what of the file follows after `text`.
fn read_on(file: &File, text: &mut Vec<u8>) -> io::Result<usize> {
    const PIECE: usize = 4096;

    let begin = text.len();
    text.resize(begin + PIECE, 0);
    let read = file.read_at(&mut text[begin..], begin as u64);
    text.truncate(begin + read.as_ref().copied().unwrap_or_default());
    read
}

/// The counters begin at 0 when the machine starts, which the clock tells that they are read by.
fn uptime(at: Monotonic) -> Uptime {
    #[expect(clippy::cast_possible_truncation, reason = "an uptime wraps, as RFC 3418 has it")]
    Uptime::from_ticks((at.since_zero().as_millis() / 10) as u32)
}

/// What the kernel says of an interface, and whether it is a loopback.
fn describe(name: &str) -> (Interface, bool) {
    let directory = SysClassNet::of(name);
    let flags = directory.number_in_hex("flags");
    let is_set = |flag: u32| flags.map(|flags| flags & flag != 0);
    let interface = Interface {
        name: clean(name),
        if_alias: directory.text("ifalias").map(|alias| clean(&alias)).filter(|alias| !alias.is_empty()),
        if_index: directory.text("ifindex").and_then(|index| index.parse().ok()),
        speed: directory.speed(),
        admin_status: is_set(IFF_UP).map(|up| if up { AdminStatus::Up } else { AdminStatus::Down }),
        oper_status: directory.text("operstate").map(|state| oper_status(&state, directory.carrier())),
        ..Interface::default()
    };
    (interface, is_set(IFF_LOOPBACK).unwrap_or(name == "lo"))
}

// Of linux/if.h.
const IFF_UP: u32 = 1;
const IFF_LOOPBACK: u32 = 1 << 3;

/// The kernel's word (RFC 2863's, in other letters) as a status. Loopbacks, tunnels and PPP leave it at `unknown`, and say
/// by their carrier whether they run.
fn oper_status(word: &str, carrier: Option<bool>) -> OperStatus {
    match word {
        "up" => OperStatus::Up,
        "down" => OperStatus::Down,
        "testing" => OperStatus::Testing,
        "dormant" => OperStatus::Dormant,
        "notpresent" => OperStatus::NotPresent,
        "lowerlayerdown" => OperStatus::LowerLayerDown,
        _ if carrier == Some(true) => OperStatus::Up,
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

    fn number_in_hex(&self, file: &str) -> Option<u32> {
        u32::from_str_radix(self.text(file)?.strip_prefix("0x")?, 16).ok()
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

    use super::*;

    #[test]
    fn this_machine_has_a_loopback_that_is_left_out_unless_it_is_asked_for() {
        let names = |selection| {
            let snapshot = Local::new(selection).read().unwrap();
            let names = snapshot.interfaces.iter().map(|(interface, _)| interface.name.clone());
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
            while read_on(&file, &mut text).unwrap() > 0 {}
            assert_eq!(text, written);
        }
    }

    #[test]
    fn counters_are_counted_on_while_their_file_stays_open() {
        let mut counters = ProcNetDev::default();
        let before = counters.read().unwrap().0["lo"].recv_packets;
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.send_to(b"x", socket.local_addr().unwrap()).unwrap();
        assert!(counters.read().unwrap().0["lo"].recv_packets > before);
    }

    #[test]
    fn an_interface_with_a_carrier_and_no_state_is_up() {
        assert_eq!(oper_status("unknown", Some(true)), OperStatus::Up);
        assert_eq!(oper_status("unknown", Some(false)), OperStatus::Unknown);
        assert_eq!(oper_status("lowerlayerdown", Some(false)), OperStatus::LowerLayerDown);
    }
}
