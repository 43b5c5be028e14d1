//! Recordings of real devices: each interface that has counters is there, under a name of its own.
//!
//! The reduced ones in `tests/devices` hold the few rows that show what is odd about a device. Where the full ones are at
//! hand, beside the repository, they are read too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use stats::Width;

use super::*;

/// The reduced recordings.
fn reduced(device: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/devices").join(device).with_extension("snmprec");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The full recordings that are at hand.
fn full() -> Vec<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/devices");
    let named = env::var_os("DEVICE_RECORDINGS").map(PathBuf::from);
    let entries = fs::read_dir(named.as_ref().unwrap_or(&beside)).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "snmprec")).collect();
    assert!(named.is_none() || !paths.is_empty(), "there are no recordings in {named:?}");
    paths
}

/// What the recording says of the octets that came in, by ifIndex: of 64 bits where it has them and they count.
fn octets(recording: &Recording) -> BTreeMap<u32, u64> {
    let column = |prefix: &str| {
        let prefix = name(prefix);
        let below = recording.iter().filter(move |(name, _)| name.starts_with(&prefix));
        below.map(|(name, value)| (*name.last().unwrap(), value.clone())).collect::<Vec<_>>()
    };
    let all = column("1.3.6.1.2.1.2.2.1.10").into_iter().chain(column("1.3.6.1.2.1.31.1.1.1.6"));
    let number = |(index, value)| match value {
        Value::Counter32(value) => (index, u64::from(value)),
        Value::Counter64(value) => (index, value),
        other => panic!("{other:?} is no counter"),
    };
    let mut octets = BTreeMap::new();
    for (index, value) in all.map(number) {
        let octets = octets.entry(index).or_insert(value);
        *octets = if value > 0 { value } else { *octets };
    }
    octets
}

#[track_caller]
fn check_is_whole(text: &str) {
    let recording = recording(text);
    let expected = octets(&recording);
    let mut scene = Scene::with(recording, Selection::All);
    if expected.is_empty() {
        return scene.check_error("answers, but shows no interfaces");
    }
    // Twice, since the second time all is known.
    for _ in 0..2 {
        let interfaces = scene.read();
        let octets = interfaces
            .iter()
            .map(|(interface, reading)| (interface.if_index().unwrap(), reading.get(Counter::InOctets).unwrap().0));
        assert_eq!(octets.collect::<BTreeMap<_, _>>(), expected);
        let names: BTreeSet<&str> = interfaces.iter().map(|(interface, _)| interface.name()).collect();
        assert_eq!(names.len(), interfaces.len(), "{names:?}");
        for name in names {
            assert!(!name.is_empty() && stats::clean(name) == name, "{name:?}");
        }
    }
}

#[test]
fn every_interface_of_the_full_recordings_is_there() {
    for path in full() {
        eprintln!("{}", path.display());
        check_is_whole(&fs::read_to_string(path).unwrap());
    }
}

/// How wide each counter is, in the order of `Counter::ALL`, in units of 32 bits; 0 where there is none.
fn widths(reading: &Reading) -> [u8; Counter::ALL.len()] {
    Counter::ALL.map(|counter| match reading.get(counter) {
        None => 0,
        Some((_, Width::Bits32)) => 1,
        Some((_, Width::Bits64)) => 2,
    })
}

#[track_caller]
fn check(device: &str, expected: &[(&str, Option<u64>, [u8; Counter::ALL.len()])]) {
    let text = reduced(device);
    check_is_whole(&text);
    let interfaces = Scene::of(&text).read();
    let seen = interfaces.iter().map(|(interface, reading)| {
        let megabits = interface.speed().map(|speed| speed.bits_per_second() / 1_000_000);
        (interface.name(), megabits, widths(reading))
    });
    assert_eq!(seen.collect::<Vec<_>>(), expected);
}

/// All counters, those that there are with 64 bits in these.
const WIDE: [u8; 12] = [2, 2, 2, 2, 1, 1, 2, 2, 2, 2, 1, 1];
/// `ifTable` alone, where packets that are not unicast are not counted.
const NARROW_UNICAST: [u8; 12] = [1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1];
/// `ifTable` alone: what is not unicast is counted together.
const NARROW: [u8; 12] = [1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1];

#[test]
fn a_switch_with_64_bits_on_some_interfaces_and_not_of_every_kind() {
    check(
        "cisco-c3560",
        &[
            ("Vl1", Some(1_000), [2, 2, 0, 0, 1, 1, 2, 2, 0, 0, 1, 1]),
            ("Gi0/1", Some(10), WIDE),
            ("Nu0", Some(10_000), NARROW_UNICAST),
        ],
    );
    check("cisco-unmarked-0", &[("Fa0/1", Some(100), NARROW), ("Vl1", Some(1_000), WIDE)]);
}

#[test]
fn an_interface_that_is_in_ifxtable_only() {
    check("dcrs-5980-28t-dc", &[("Ethernet1/0/1", None, WIDE), ("Vlan2", None, [2, 2, 2, 2, 0, 0, 2, 2, 2, 2, 0, 0])]);
}

#[test]
fn counters_of_64_bits_that_stand_still_where_those_of_32_bits_count() {
    let narrow = [1; 12];
    check("dlink-des3038", &[("1/2", Some(100), narrow), ("1/4", None, narrow), ("1/22", None, narrow)]);
}

#[test]
fn counters_of_64_bits_that_begin_to_count_are_read_from_the_next_description_on() {
    let mut scene = Scene::of(&reduced("dlink-des3038"));
    scene.read();
    scene.set("1.3.6.1.2.1.31.1.1.1.6.2", Value::Counter64(1 << 40));
    scene.let_a_minute_pass();
    scene.read();
    let octets: Vec<_> = scene.read().iter().map(|(_, reading)| reading.get(Counter::InOctets).unwrap()).collect();
    assert_eq!(octets[..2], [(1 << 40, Width::Bits64), (105_479, Width::Bits32)]);
}

#[test]
fn counters_of_64_bits_that_turn_out_to_stand_still_only_once_something_passes_are_given_up_too() {
    let mut scene = Scene::with(test_agent::switch(2, test_agent::Port::Wide), Selection::All);
    scene.read();
    scene.set("1.3.6.1.2.1.2.2.1.10.2", Value::Counter32(500));
    scene.let_a_minute_pass();
    scene.read();
    let octets: Vec<_> = scene.read().iter().map(|(_, reading)| reading.get(Counter::InOctets).unwrap()).collect();
    assert_eq!(octets, [(0, Width::Bits64), (500, Width::Bits32)]);
}

#[test]
fn names_without_counters_of_64_bits() {
    check("brocade-ds-5100b", &[("eth0", Some(100), [1; 12]), ("lo", None, [1; 12])]);
}

#[test]
fn counters_of_64_bits_in_iftable_and_a_speed_in_megabits() {
    let widths = NARROW.map(|width| width * 2);
    check("topsec-ngfw4000-uf", &[("bond0", None, widths), ("feth10", Some(10_000), widths)]);
}

#[test]
fn equal_names_and_equal_descriptions() {
    check(
        "hpe-procurve-516733-b21",
        &[("1", Some(10_000), WIDE), ("lo0 (#4170)", None, WIDE), ("lo0 (#4179)", None, WIDE)],
    );
    check(
        "sangfor-wac",
        &[("eth0", Some(10), NARROW), ("eth3 (#4)", Some(10), NARROW), ("eth3 (#13)", Some(10), NARROW)],
    );
}

#[test]
fn descriptions_that_are_shared_or_empty_beside_names_that_differ() {
    check("aruba-7210", &[("GE0/0/2", Some(1_000), WIDE), ("vlan 100", None, WIDE), ("vlan 4095", None, WIDE)]);
    check(
        "fortinet-xcu",
        &[
            ("port2", None, WIDE),
            ("ssl.root", None, WIDE),
            ("vlan701", Some(10_000), WIDE),
            ("Aggr_01", Some(40_000), WIDE),
        ],
    );
}

#[test]
fn rows_without_any_counter_are_no_interfaces() {
    check(
        "cisco-c3750",
        &[("StackPort1", None, NARROW_UNICAST), ("Gi1/0/12", Some(1_000), WIDE), ("Nu0", Some(10_000), NARROW_UNICAST)],
    );
}

#[test]
fn links_that_are_too_fast_for_iftable() {
    // At least as fast as that: of those that are faster it tells how soon their counters wrap.
    check(
        "netapp-fas3270",
        &[("e1a", Some(4_294), NARROW), ("MGMT_PORT_ONLY e0M", Some(100), NARROW), ("e2a-256", Some(4_294), NARROW)],
    );
}

#[test]
fn net_snmp_and_the_speeds_that_it_makes_up() {
    check("linux-unknown-003", &[("lo", Some(10), WIDE), ("eth0", Some(1_000), WIDE), ("bond0", Some(10), WIDE)]);
}

#[test]
fn names_that_end_in_a_nul() {
    check(
        "windows-xp",
        &[
            ("MS TCP Loopback interface", Some(10), NARROW),
            ("Bluetooth Device (Personal Area Network)", Some(1), NARROW),
        ],
    );
    check("cts-media-converter", &[("port0", Some(100), WIDE), ("port1", Some(100), WIDE)]);
}

#[test]
fn aliases_in_chinese() {
    let interfaces = Scene::of(&reduced("paloalto-pa-5000")).read();
    assert_eq!(interfaces[1].0.unpack().if_alias.as_deref(), Some("内网服务器上行"));
}

#[test]
fn a_device_that_says_it_has_interfaces_and_shows_none() {
    check_is_whole(&reduced("camera-hikvision-network-video-recorder"));
}
