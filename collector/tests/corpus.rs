//! The seeds of the fuzzer that are stats files, through what the fuzzer calls. Those that come from devices are read beside
//! the code that reads them: `source::snmp::spoilt`.

use std::fs;
use std::path::Path;

#[path = "../fuzz/stats_file.rs"]
mod stats_file;

#[test]
fn every_seed_of_the_fuzzer_is_a_stats_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/stats-file");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(stats_file::stats_file(&fs::read(&path).unwrap()), "{}", path.display());
        count += 1;
    }
    assert!(count > 0);
}
