//! The seeds of the fuzzer, as they are and spoilt by chance.

use std::fs;
use std::path::Path;

use super::*;
use crate::source::snmp::codec::tests::mutate;

/// What is in a folder of `fuzz/seeds`, but for v3 where that can't be spoken.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let files = fs::read_dir(&folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())
    });
    let mut seeds: Vec<_> = files.filter(|(name, _)| cfg!(feature = "v3") || !name.contains("-v3")).collect();
    seeds.sort();
    assert!(seeds.len() >= 5, "{}", folder.display());
    seeds
}

#[track_caller]
fn check_seeds(target: &str, understands: fn(&[u8]) -> bool) {
    for (name, octets) in seeds(target) {
        assert!(understands(&octets), "{target}/{name}");
    }
}

#[test]
fn every_seed_of_the_fuzzer_is_understood() {
    check_seeds("walk", walk);
    check_seeds("counters", counters);
    for (name, octets) in seeds("answer") {
        // An error may be without any varbind.
        assert!(answer(&octets) || name.starts_with("too-big"), "answer/{name}");
    }
}

#[test]
fn a_hundred_thousand_spoilt_answers_of_devices_do_no_harm() {
    let seeds = seeds("answer");
    let mut random = 3;
    let spoilt = seeds.iter().cycle().take(100_000);
    let understood = spoilt.filter(|(_, octets)| answer(&mutate(octets, &mut random))).count();
    assert!(understood > 10_000, "{understood}");
}

/// Plays conversations in which about every fourth answer is spoilt, until there were so many of these.
#[track_caller]
fn check_spoilt(target: &str, understands: fn(&[u8]) -> bool, packets: usize) {
    let mut random = 4_u64;
    let (mut spoilt, mut played, mut understood) = (0, 0, 0);
    // v3 has tests of its own: making a client takes longer than all else.
    let seeds: Vec<_> = seeds(target).into_iter().filter(|(name, _)| !name.contains("-v3")).collect();
    for (_, octets) in seeds.iter().cycle() {
        let (_, answers) = conversation(octets).unwrap();
        let mut octets = octets[..1].to_vec();
        for mut answer in answers {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            if random >> 62 == 0 {
                answer = mutate(&answer, &mut random);
                spoilt += 1;
            }
            octets.extend_from_slice(&u16::try_from(answer.len()).unwrap().to_be_bytes());
            octets.extend_from_slice(&answer);
        }
        played += 1;
        understood += usize::from(understands(&octets));
        if spoilt >= packets {
            break;
        }
    }
    // Otherwise nothing but the first answers would have been looked at.
    assert!(understood > played / 10, "{understood} of {played}");
}

#[test]
fn spoilt_answers_among_others_end_no_walk_otherwise_than_by_an_error() {
    check_spoilt("walk", walk, 30_000);
}

#[test]
fn spoilt_answers_among_others_end_no_count_otherwise_than_by_an_error() {
    check_spoilt("counters", counters, 30_000);
}
