//! Files that every later version must still read. What is in `golden/` is never changed, only added to.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use stats::{
    AdminStatus, Amounts, Counts, Draft, GapReason, History, InterfaceStats, Links, Maxima, OperStatus, Quantity,
    Sample, Samples, Speed, StatsFile, TargetStats, Timestamp, VERSION,
};

const SECOND: Duration = Duration::from_secs(1);

fn time(seconds: u64) -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000).after(SECOND * u32::try_from(seconds).unwrap())
}

fn sample(second: u64, gap: Option<GapReason>, passed: &[(Quantity, u64)]) -> Sample {
    let passed = passed.iter().fold(Amounts::UNKNOWN, |all, (quantity, amount)| all.with(*quantity, *amount));
    Sample { end: time(second), duration: SECOND, gap, passed }
}

/// What `golden/v1-full.json` says.
fn full() -> StatsFile {
    let mut history = History::beginning_at(41, SECOND * 600);
    let octets = |amount| [(Quantity::InOctets, amount), (Quantity::OutOctets, 5), (Quantity::InErrors, 0)];
    history.push(sample(1, None, &octets(125_000_000)));
    history.push(sample(2, None, &[(Quantity::OutOctets, 5), (Quantity::InErrors, 0)]));
    history.push(sample(3, Some(GapReason::NoAnswer), &[]));
    history.push(sample(4, Some(GapReason::NoAnswer), &octets(u64::MAX)));
    history.push(sample(5, Some(GapReason::Other("eaten by the dog".to_owned())), &[]));
    StatsFile {
        version: VERSION,
        written: Some(time(5)),
        due: Some(time(6)),
        targets: vec![
            TargetStats {
                name: "router".to_owned(),
                sys_name: Some("gw1.example.net".to_owned()),
                source: Some("SNMP v2c".to_owned()),
                run: 7,
                interval: Some(SECOND),
                refresh: None,
                counts: None,
                problem: None,
                answered: None,
                interfaces: vec![
                    InterfaceStats {
                        name: "ge-0/0/0 (#501)".to_owned(),
                        if_name: Some("ge-0/0/0".to_owned()),
                        if_alias: Some("上联 <b>\"uplink\"</b>".to_owned()),
                        if_descr: Some("Gigabit Ethernet".to_owned()),
                        if_index: Some(501),
                        speed: Some(Speed::from_bits_per_second(1_000_000_000)),
                        admin_status: Some(AdminStatus::Up),
                        oper_status: Some(OperStatus::LowerLayerDown),
                        max: Some(Box::new(Maxima {
                            in_octets: Some(12_500_000),
                            out_octets: Some(5_000_000),
                            ..Maxima::default()
                        })),
                        live: Some("router-1.live.json".to_owned()),
                        recent: Some("router-1.recent.json".to_owned()),
                        samples: Samples::of(history.last(usize::MAX)),
                    },
                    InterfaceStats { name: "new".to_owned(), ..InterfaceStats::default() },
                ],
            },
            TargetStats {
                name: "dead".to_owned(),
                sys_name: None,
                source: None,
                run: 0,
                interval: None,
                refresh: None,
                counts: Some(Box::new(Counts {
                    unit: Some("requests".to_owned()),
                    inbound: Some("answered".to_owned()),
                    outbound: None,
                })),
                problem: Some("no answer from 192.0.2.1:161".to_owned()),
                answered: None,
                interfaces: Vec::new(),
            },
        ],
    }
}

#[test]
fn a_full_file_of_version_1_is_read() {
    assert_eq!(StatsFile::parse(include_bytes!("golden/v1-full.json")).unwrap(), full());
}

#[test]
fn a_full_file_is_written_as_it_was() {
    assert_eq!(full().to_json(), include_str!("golden/v1-full.json"));
}

#[test]
fn a_file_that_is_written_straight_is_the_same() {
    let full = full();
    let mut draft = Draft::default();
    // What was begun before leaves nothing behind.
    draft.begin(None, None);
    draft.target(&full.targets[1]);
    draft.begin(full.written, full.due);
    for target in &full.targets {
        draft.target(target);
        for stats in &target.interfaces {
            let links = Links { live: stats.live.as_deref(), recent: stats.recent.as_deref() };
            let mut history = History::beginning_at(stats.samples.first().unwrap_or(0), SECOND * 600);
            stats.samples.to_vec().into_iter().for_each(|sample| history.push(sample));
            draft.interface(&stats.interface(), links, &history, 16);
        }
    }
    assert_eq!(draft.end(), include_str!("golden/v1-full.json"));
}

/// The same where the device that does not answer once did, as later collectors say.
fn silent() -> StatsFile {
    let mut file = full();
    file.targets[1].answered = Some(time(1));
    file
}

#[test]
fn a_file_says_when_a_silent_device_last_answered() {
    assert_eq!(StatsFile::parse(include_bytes!("golden/v1-silent.json")).unwrap(), silent());
    assert_eq!(silent().to_json(), include_str!("golden/v1-silent.json"));
}

#[test]
fn the_least_file_of_version_1_is_read() {
    let file = StatsFile::parse(include_bytes!("golden/v1-least.json")).unwrap();
    let interface = &file.targets[0].interfaces[0];
    assert_eq!(interface.samples.first(), None);
    let samples = interface.samples.to_vec();
    let expected = Sample {
        end: Timestamp::from_micros(1_790_000_000_000_000),
        duration: SECOND * 2,
        gap: None,
        passed: Amounts::UNKNOWN.with(Quantity::InOctets, 12_345).with(Quantity::OutOctets, 678),
    };
    assert_eq!(samples, [expected]);
}

#[test]
fn fields_and_words_of_the_future_are_ignored() {
    let file = StatsFile::parse(include_bytes!("golden/v1-extended.json")).unwrap();
    let interface = &file.targets[0].interfaces[0];
    assert_eq!(interface.oper_status, Some(OperStatus::Unknown));
    assert_eq!(interface.admin_status, Some(AdminStatus::Unknown));
    assert_eq!(interface.samples.to_vec().len(), 2);
}

#[test]
fn all_golden_files_fit_the_schema() {
    let schema = serde_json::from_str(include_str!("../../docs/stats-file.schema.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let [full, silent] = [include_str!("golden/v1-full.json"), include_str!("golden/v1-silent.json")];
    for text in [full, silent, include_str!("golden/v1-least.json")] {
        let file = serde_json::from_str(text).unwrap();
        let errors: Vec<String> = validator.iter_errors(&file).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
    }
}

#[test]
fn the_schema_refuses_what_is_no_stats_file() {
    let schema = serde_json::from_str(include_str!("../../docs/stats-file.schema.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let with_samples = |samples: &str| {
        let interface = format!(r#"{{"name":"eth0","samples":{samples}}}"#);
        format!(r#"{{"version":1,"targets":[{{"name":"t","interfaces":[{interface}]}}]}}"#)
    };
    assert!(validator.is_valid(&serde_json::from_str(&with_samples(r#"{"end":9,"duration":1}"#)).unwrap()));
    for samples in [
        r#"{"end":9}"#,
        r#"{"end":9,"duration":1.5}"#,
        r#"{"end":9,"duration":[1],"inOctets":["1"]}"#,
        r#"{"end":9,"duration":1,"inOctets":-1}"#,
        r#"{"end":9,"duration":1,"gaps":[{"at":0}]}"#,
    ] {
        assert!(!validator.is_valid(&serde_json::from_str(&with_samples(samples)).unwrap()), "{samples}");
        assert!(StatsFile::parse(with_samples(samples).as_bytes()).is_err(), "{samples}");
    }
}

#[track_caller]
fn check_refused(text: &str, says: &str) {
    let error = StatsFile::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
    assert!(!error.contains('\n'), "{error}");
}

#[test]
fn a_newer_version_is_refused_whatever_else_it_holds() {
    check_refused(
        r#"{"version":3,"targets":[]}"#,
        "version 3 is newer than this page understands (1): reload the page",
    );
    check_refused(r#"{"version":2,"devices":{}}"#, "version 2 is newer");
    check_refused(r#"{"version":99999999999}"#, "version 99999999999 is newer");
}

#[test]
fn what_is_no_stats_file_is_refused_in_a_sentence() {
    check_refused("", "not a stats file: it ends too soon, in line 1");
    check_refused("<html>404</html>", "not a stats file: no JSON in line 1, column 1");
    check_refused(r#"{"version":1,"targets":[{"name":"a","interf"#, "not a stats file: it ends too soon, in line 1");
    check_refused("0 100 5 100 7 10 1 10 2", "not a stats file");
    check_refused("[]", "not a stats file: it is no JSON object");
    check_refused(r#"{"version":1,"targets":[{"interfaces":[]}]}"#, "`name` is missing");
    check_refused(r#"{"version":1,"targets":[{"name":"a","run":-1}]}"#, "`run` is not a whole number");
    check_refused(r#"{"version":1,"targets":[7]}"#, "`targets` is not an array of objects");
    check_refused(r#"{"version":1,"targets":[{"name":"a","interfaces":[["eth0"]]}]}"#, "not an array of objects");
    check_refused(r#"{"version":1,"targets":[{"name":"a","interfaces":[{"name":"b","samples":3}]}]}"#, "not an object");
}

#[test]
fn columns_that_do_not_fit_each_other_are_refused() {
    let file = |samples: &str| {
        format!(r#"{{"version":1,"targets":[{{"name":"t","interfaces":[{{"name":"eth0","samples":{samples}}}]}}]}}"#)
    };
    check_refused(&file(r#"{"end":9,"duration":[1,1],"inOctets":[1]}"#), "eth0: its columns are not of one length");
    check_refused(&file(r#"{"end":9,"count":3,"duration":[1,1]}"#), "not of one length");
    check_refused(&file(r#"{"inOctets":[1]}"#), "no `end`");
    check_refused(&file(r#"{"end":9,"inOctets":1}"#), "no `duration`");
    check_refused(&file(r#"{"end":9,"duration":10}"#), "before `end`");
    check_refused(&file(r#"{"end":9,"duration":1,"gaps":[{"at":1,"reason":"x"}]}"#), "its gaps");
    check_refused(
        &file(r#"{"end":9,"count":3,"duration":1,"gaps":[{"at":0,"count":2,"reason":"x"},{"at":1,"reason":"x"}]}"#),
        "its gaps overlap",
    );
}

#[test]
fn a_sequence_number_that_nothing_could_follow_is_refused() {
    let file = |first: u64| {
        let samples = format!(r#"{{"first":{first},"end":9,"count":2,"duration":1}}"#);
        format!(r#"{{"version":1,"targets":[{{"name":"t","interfaces":[{{"name":"eth0","samples":{samples}}}]}}]}}"#)
    };
    assert!(StatsFile::parse(file(1 << 53).as_bytes()).is_ok());
    check_refused(&file(u64::MAX - 1), "eth0: its sequence numbers are too large");
}

#[test]
fn a_short_text_cannot_ask_for_much_memory() {
    let one = r#"{"name":"eth0","samples":{"end":4000000000,"duration":1,"count":999999}}"#;
    let file = |interfaces: &str| format!(r#"{{"version":1,"targets":[{{"name":"t","interfaces":[{interfaces}]}}]}}"#);
    assert!(StatsFile::parse(file(one).as_bytes()).is_ok());
    check_refused(&file(&format!("{one},{one}")), "too many samples");
    check_refused(&file(&one.replace("999999", "4000000000")), "more samples than a file may hold");
}
