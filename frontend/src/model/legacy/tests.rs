//! Lines of the predecessor, as they come from a server.

use stats::{Amounts, GapReason, Quantity, Sample};

use super::line::QUANTITIES;
use super::*;

const SECOND: u64 = 1_000_000;

fn at(second: u64) -> Testimony {
    Testimony { modified: Some(Timestamp::from_micros(second * SECOND)), ..Testimony::default() }
}

fn sample(file: &StatsFile) -> (u64, Sample) {
    let samples = &file.targets[0].interfaces[0].samples;
    (samples.first().unwrap(), samples.to_vec().remove(0))
}

/// What the predecessor's page makes of a line: amounts a second, and the share of what counts as full.
fn rates_of_the_predecessor(line: &str) -> Vec<(f64, f64)> {
    let numbers: Vec<f64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
    let pairs = numbers[1..].chunks(2);
    pairs.map(|pair| (pair[1] / numbers[0], pair[1] / numbers[0] / pair[0])).collect()
}

#[test]
fn rates_are_those_of_the_predecessor() {
    let line = "2 12500000 4321987 5000000 21098 8333 3001 3333 77";
    let file = Legacy::default().read(line.as_bytes(), "x/live_interface_stats_ppp0.txt?y=/z", &at(1_000)).unwrap();
    let interface = &file.targets[0].interfaces[0];
    assert_eq!(interface.name, "ppp0");
    let (_, sample) = sample(&file);
    let max = interface.max.as_ref().unwrap();
    let rates = QUANTITIES.map(|quantity| {
        let rate = sample.per_second(quantity).unwrap();
        #[expect(clippy::cast_precision_loss, reason = "it is small")]
        let full = max.get(quantity).unwrap() as f64;
        (rate, rate / full)
    });
    assert_eq!(rates.to_vec(), rates_of_the_predecessor(line));
    assert_eq!(file.due, Some(Timestamp::from_micros(1_002 * SECOND)));
}

#[test]
fn a_file_that_did_not_change_is_no_new_sample() {
    let mut legacy = Legacy::default();
    let mut read = |text: &str, testimony: Testimony| sample(&legacy.read(text.as_bytes(), "a", &testimony).unwrap());
    let (line, other) = ("2 0 10 0 10 0 1 0 1\n", "2 0 20 0 10 0 1 0 1\n");
    let first = read(line, at(1_000));
    assert_eq!(read(line, at(1_000)), first);
    let second = read(line, at(1_002));
    assert_eq!((second.0, second.1.end.as_micros()), (first.0 + 1, 1_002 * SECOND), "the same numbers, written again");
    assert_ne!(read(other, at(1_002)).0, second.0, "other numbers, within the second");
    let tagged = |tag: &str| Testimony { tag: Some(super::super::testimony::tag(tag)), ..at(1_004) };
    let (one, same) = (read(line, tagged("\"a1\"")), read(line, tagged("\"a1\"")));
    assert_eq!(one, same);
    assert_ne!(read(line, tagged("\"a2\"")).0, one.0, "the same numbers within the second, and a new file");
    // Where the server tells no time, only the numbers tell.
    let (mut nameless, received) = (Testimony::default(), Timestamp::from_micros(1_010 * SECOND));
    nameless.received = received;
    let third = read(line, nameless);
    nameless.received = received.after(Duration::from_secs(2));
    assert_eq!(read(line, nameless), third);
    assert_ne!(read(other, nameless).0, third.0);
}

#[test]
fn what_was_missed_is_not_joined_and_what_drifts_is() {
    let mut legacy = Legacy::default();
    let mut number = 0;
    let mut read = |second: u64| {
        number += 1;
        let line = format!("2 0 {number} 0 10 0 1 0 1");
        let (sequence, sample) = sample(&legacy.read(line.as_bytes(), "a", &at(second)).unwrap());
        (sequence, sample.end.as_micros() / SECOND)
    };
    // A script that takes a second longer now and then.
    assert_eq!([1_000, 1_002, 1_005, 1_007].map(&mut read).map(|(sequence, _)| sequence), [0, 1, 2, 3]);
    assert_eq!(read(1_019), (5, 1_019));
    // The server's clock was set back: the rest follows evenly.
    assert_eq!([17, 19, 21].map(read), [(7, 1_021), (8, 1_023), (9, 1_025)]);
}

#[test]
fn whole_seconds_of_a_server_and_a_slow_script_make_no_holes_and_hide_none() {
    for begin in [1_000_000, 1_000_400, 1_000_950] {
        let mut legacy = Legacy::default();
        let mut before = None;
        // A script that sleeps two seconds and takes 40 ms to read and to write. One of its files is not seen.
        let steps = (0..300_u64).filter(|number| *number != 200).map(|number| {
            let line = format!("2 0 {number} 0 10 0 1 0 1");
            let testimony = at((begin + number * 2_040) / 1_000);
            let (sequence, sample) = sample(&legacy.read(line.as_bytes(), "a", &testimony).unwrap());
            let error = sample.end.as_micros().abs_diff((begin + number * 2_040) * 1_000);
            assert!(error < 1_500_000, "number {number} is off by {error} us");
            sequence - before.replace(sequence).unwrap_or(sequence)
        });
        let steps: Vec<u64> = steps.collect();
        assert_eq!(steps.iter().filter(|step| **step == 1).count(), 297, "from {begin}: {steps:?}");
        assert_eq!(steps[200], 2, "from {begin}: {steps:?}");
    }
}

#[test]
fn numbers_without_bounds_are_no_samples_without_bounds() {
    let most = u64::MAX;
    let line = format!("86400 0 {most} {most}99 1 {most} {most} 0.{} 5", "9".repeat(300));
    let testimony = Testimony { modified: Some(Timestamp::from_micros(most)), ..Testimony::default() };
    for testimony in [testimony, Testimony::default()] {
        let mut legacy = Legacy::default();
        for text in [line.clone(), format!("{line} "), format!("{line}\n")] {
            let file = legacy.read(text.as_bytes(), "", &testimony).unwrap();
            let interface = &file.targets[0].interfaces[0];
            let [sample] = &interface.samples.to_vec()[..] else { panic!("one sample") };
            assert!(sample.end.since(Timestamp::default()) >= sample.duration);
            assert_eq!(sample.passed.get(Quantity::InOctets), Some(most));
            let max = interface.max.as_ref().unwrap();
            assert_eq!((max.in_octets, max.out_octets, max.out_packets), (None, None, None));
            assert_eq!(interface.name, "interface");
            assert!(StatsFile::parse(file.to_json().as_bytes()).is_ok(), "{}", file.to_json());
        }
    }
}

#[test]
fn what_fell_below_nothing_is_a_gap() {
    let line = "2 0 -4294839076 0 10 0 1 0 1";
    let (_, sample) = sample(&Legacy::default().read(line.as_bytes(), "a", &at(1)).unwrap());
    assert_eq!((sample.gap, sample.passed), (Some(GapReason::Discontinuity), Amounts::UNKNOWN));
}

#[test]
fn a_file_that_is_being_written_is_the_one_before() {
    let mut legacy = Legacy::default();
    assert_eq!(legacy.read(b"", "a", &at(1_000)), None, "there is none before");
    let first = legacy.read(b"2 0 10 0 10 0 1 0 1\n", "a", &at(1_002));
    assert!(first.is_some());
    for text in ["", "2 0 20 0", "2 0 20 0 10 0 1 0"] {
        assert_eq!(legacy.read(text.as_bytes(), "a", &at(1_004)), first, "{text}");
    }
    assert_eq!(legacy.read(b"{}", "a", &at(1_004)), None);
    let second = legacy.read(b"2 0 20 0 10 0 1 0 1\n", "a", &at(1_004)).unwrap();
    assert_eq!(sample(&second).0, 1);
}

#[test]
fn what_is_no_such_line_is_left_to_others() {
    let is_one = |text: &str| Legacy::default().read(text.as_bytes(), "a", &at(1)).is_some();
    assert!(is_one("0.500 1 1 1 1 1 1 1 1"));
    for text in [
        "",
        "{}",
        "1 2 3",
        "2 1 1 1 1 1 1 1 1 1",
        "0 1 1 1 1 1 1 1 1",
        "x 1 1 1 1 1 1 1 1",
        "2 1 1 1 1 1 1 1 1e3",
        "86401 1 1 1 1 1 1 1 1",
    ] {
        assert!(!is_one(text), "{text}");
    }
    assert!(!is_one(&format!("2 1 1 1 1 1 1 1 {}", "1".repeat(600))));
}
