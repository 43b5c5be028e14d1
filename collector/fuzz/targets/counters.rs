//! See `spoilt::counters` in the collector.

#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| fuzz::counters(octets));
