//! What is fetched at every interval stays small.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use stats::{
    AdminStatus, Amounts, History, InterfaceStats, OperStatus, Quantity, Sample, Samples, Speed, StatsFile,
    TargetStats, Timestamp, VERSION,
};

/// Numbers without a pattern (Knuth's linear congruential generator), the same in every run.
fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state = 1_u64;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// The live file of a 10 Gbit/s interface that is busy in both directions, and whose readings are not quite regular.
fn busy(samples: u32) -> StatsFile {
    let mut number = numbers();
    let mut history = History::beginning_at(1_234_567, Duration::from_mins(10));
    let mut end = Timestamp::from_micros(1_790_000_000_123_456);
    for _ in 0..samples {
        let duration = Duration::from_micros(999_500 + number(1_000));
        end = end.after(duration);
        let passed = Amounts::UNKNOWN
            .with(Quantity::InOctets, number(1_250_000_000))
            .with(Quantity::OutOctets, number(1_250_000_000))
            .with(Quantity::InPackets, number(1_000_000))
            .with(Quantity::OutPackets, number(1_000_000))
            .with(Quantity::InErrors, number(3))
            .with(Quantity::OutErrors, 0)
            .with(Quantity::InDiscards, number(30))
            .with(Quantity::OutDiscards, 0);
        history.push(Sample { end, duration, gap: None, passed });
    }
    let interface = InterfaceStats {
        name: "TenGigabitEthernet1/0/1".to_owned(),
        if_alias: Some("uplink to core-2, circuit 4711".to_owned()),
        if_descr: Some("Ten Gigabit Ethernet port 1 of module 0".to_owned()),
        if_index: Some(10101),
        speed: Some(Speed::from_bits_per_second(10_000_000_000)),
        admin_status: Some(AdminStatus::Up),
        oper_status: Some(OperStatus::Up),
        recent: Some("router.example.net-1.recent.json".to_owned()),
        samples: Samples::of(history.last(usize::MAX)),
        ..InterfaceStats::default()
    };
    StatsFile {
        version: VERSION,
        written: Some(end),
        due: Some(end.after(Duration::from_secs(1))),
        targets: vec![TargetStats {
            name: "router.example.net".to_owned(),
            sys_name: Some("core-1.example.net".to_owned()),
            source: Some("SNMP v2c".to_owned()),
            run: 1_790_000_000_000_000,
            interval: Some(Duration::from_secs(1)),
            refresh: None,
            counts: None,
            problem: None,
            answered: None,
            interfaces: vec![interface],
        }],
    }
}

fn gzipped(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

#[test]
fn the_live_file_of_one_busy_interface_is_below_a_kilobyte_gzipped() {
    let size = gzipped(&busy(16).to_json());
    assert!(size < 1_000, "{size} octets");
}

#[test]
fn what_is_written_is_read_again() {
    let file = busy(600);
    assert_eq!(StatsFile::parse(file.to_json().as_bytes()).unwrap(), file);
}
