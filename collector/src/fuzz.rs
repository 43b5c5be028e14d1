//! What the fuzzer calls: the modules that understand what comes from devices, as a library, which the collector has not.
//! Belongs to `collector/fuzz`; the program knows nothing of it.

#![allow(dead_code, unused_imports, reason = "the rest of the program is what uses the other half of these modules")]

mod max;
mod open;
mod pulse;
mod selection;
mod source;
mod target;

#[path = "../fuzz/stats_file.rs"]
mod stats_file;

/// One that goes by how often it is looked at, so that the same octets always find the same.
mod clock {
    use std::cell::Cell;
    use std::time::Duration;

    use stats::{Monotonic, Timestamp};

    thread_local! {
        static LOOKS: Cell<u64> = const { Cell::new(0) };
    }

    pub(super) fn begin() {
        LOOKS.set(0);
    }

    pub(crate) fn monotonic() -> Monotonic {
        LOOKS.set(LOOKS.get() + 1);
        Monotonic::new(
            Duration::from_hours(1) + Duration::from_micros(500) * u32::try_from(LOOKS.get()).unwrap_or(u32::MAX),
        )
    }

    pub(crate) fn wall() -> Timestamp {
        Timestamp::from_micros(1_790_000_000_000_000)
    }

    pub(crate) fn age(_: std::time::SystemTime) -> Duration {
        Duration::ZERO
    }
}

/// Takes octets for a datagram with an answer.
pub fn answer(octets: &[u8]) {
    source::snmp::spoilt::answer(octets);
}

/// Takes octets for the answers to a first reading.
pub fn walk(octets: &[u8]) {
    clock::begin();
    source::snmp::spoilt::walk(octets);
}

/// Takes octets for the answers to later readings.
pub fn counters(octets: &[u8]) {
    clock::begin();
    source::snmp::spoilt::counters(octets);
}

/// Takes octets for a stats file.
pub fn stats_file(octets: &[u8]) {
    stats_file::stats_file(octets);
}
