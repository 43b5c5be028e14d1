//! Stats files as the tests want them: made by the project's own writer, with values that can be told apart.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use stats::{
    Amounts, GapReason, History, InterfaceStats, OperStatus, Quantity, Sample, Samples, Speed, StatsFile, TargetStats,
    Timestamp, VERSION,
};

/// A second, as samples have it.
pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Now, as a collector would say it.
#[expect(clippy::disallowed_methods, reason = "a file that is written now says so")]
pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(u64::try_from(since_epoch.as_micros()).unwrap_or_default())
}

/// What passed in the sample with that number: no two of some hundred are alike, and neighbours differ much.
pub(crate) fn amounts(sequence: u64) -> Amounts {
    // The upper bits of a product with a large odd number have no pattern (Knuth's multiplicative hashing).
    let rough = |factor: u64| 20_000_000 + (sequence.wrapping_mul(factor) >> 40) % 997 * 100_000;
    Amounts::UNKNOWN
        .with(Quantity::InOctets, rough(0x9e37_79b9_7f4a_7c15))
        .with(Quantity::OutOctets, rough(0xd1b5_4a32_d192_ed03) / 2)
        .with(Quantity::InPackets, rough(0x9e37_79b9_7f4a_7c15) / 1_000)
        .with(Quantity::OutPackets, rough(0xd1b5_4a32_d192_ed03) / 2_000)
}

/// An interface with so many samples of a second, the last of which ended then.
pub(crate) fn interface(name: &str, samples: u32, end: Timestamp) -> InterfaceStats {
    let mut history = History::beginning_at(1_000, Duration::from_mins(10));
    for number in 0..samples {
        let end = end.before(SECOND * (samples - 1 - number));
        let passed = amounts(1_000 + u64::from(number));
        history.push(Sample { end, duration: SECOND, gap: None, passed });
    }
    with_history(name, &history)
}

/// The same with a gap of five seconds, half a minute ago.
pub(crate) fn interface_with_gap(name: &str, samples: u32, end: Timestamp) -> InterfaceStats {
    let mut history = History::beginning_at(1_000, Duration::from_mins(10));
    for number in 0..samples {
        let age = samples - 1 - number;
        let is_gap = (30..35).contains(&age);
        let passed = if is_gap { Amounts::UNKNOWN } else { amounts(1_000 + u64::from(number)) };
        let gap = is_gap.then_some(GapReason::NoAnswer);
        history.push(Sample { end: end.before(SECOND * age), duration: SECOND, gap, passed });
    }
    with_history(name, &history)
}

/// An interface with those samples.
pub(crate) fn with_history(name: &str, history: &History) -> InterfaceStats {
    InterfaceStats {
        name: name.to_owned(),
        speed: Some(Speed::from_bits_per_second(1_000_000_000)),
        oper_status: Some(OperStatus::Up),
        samples: Samples::of(history.last(usize::MAX)),
        ..InterfaceStats::default()
    }
}

/// A file of one target, written then, whose next one is due a second later.
pub(crate) fn file(interfaces: Vec<InterfaceStats>, written: Timestamp) -> StatsFile {
    StatsFile {
        version: VERSION,
        written: Some(written),
        due: Some(written.after(SECOND)),
        targets: vec![TargetStats {
            name: "router".to_owned(),
            sys_name: Some("gw1.example.net".to_owned()),
            source: Some("SNMP v2c".to_owned()),
            run: 1,
            interval: Some(SECOND),
            refresh: None,
            counts: None,
            problem: None,
            answered: None,
            interfaces,
        }],
    }
}
