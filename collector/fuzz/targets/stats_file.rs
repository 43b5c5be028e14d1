//! See `stats_file`.

#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| fuzz::stats_file(octets));
