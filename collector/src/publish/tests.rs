//! Which files there are after some rounds, and what is in them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use stats::{Counter, Interface, Monotonic, Reading};

use super::*;
use crate::source::{ReadError, Snapshot};
use crate::timeline::Timeline;

fn moment(second: u64) -> Now {
    Now {
        monotonic: Monotonic::new(Duration::from_secs(second)),
        wall: Timestamp::from_micros(second * 1_000_000 + 1_000_000_000_000_000),
    }
}

fn watch(name: &str) -> Watch {
    Watch::new(name.to_owned(), "test".to_owned(), Duration::from_secs(1), Timeline::beginning(moment(0)))
}

fn take(watch: &mut Watch, interfaces: usize, second: u64) {
    let interfaces = (0..interfaces).map(|number| {
        let interface = Interface { name: format!("port {number}"), ..Interface::default() };
        let reading = Reading::new(moment(second).monotonic, None).with(Counter::InOctets, second * 100);
        (Arc::new(interface), reading)
    });
    let snapshot = Snapshot { sys_name: None, interfaces: interfaces.collect(), missing: Arc::default() };
    watch.take(Ok(snapshot), moment(second));
}

fn fail(watch: &mut Watch, second: u64) {
    let error = ReadError::NoAnswer {
        address: "192.0.2.1:161".to_owned(),
        waited: Duration::from_secs(1),
        doubt: "the community",
    };
    watch.take(Err(error), moment(second));
}

fn publisher(directory: &Path, names: &[&str]) -> Publisher {
    Publisher::new(Outlet::open(directory).unwrap(), names, Duration::from_secs(1))
}

fn files(directory: &Path) -> BTreeMap<String, StatsFile> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    let parse = |entry: std::fs::DirEntry| {
        let file = StatsFile::parse(&std::fs::read(entry.path()).unwrap()).unwrap();
        (entry.file_name().into_string().unwrap(), file)
    };
    entries.map(parse).collect()
}

/// For each file, how many interfaces it holds and how many samples each of them has.
#[track_caller]
fn check_files(directory: &Path, expected: &[(&str, usize, usize)]) {
    let files = files(directory);
    let told: Vec<(&str, usize, usize)> = files
        .iter()
        .map(|(name, file)| {
            let interfaces: Vec<_> = file.targets.iter().flat_map(|target| &target.interfaces).collect();
            (name.as_str(), interfaces.len(), interfaces.first().map_or(0, |stats| stats.samples.len()))
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn few_interfaces_need_one_file_at_most_intervals() {
    let directory = tempfile::tempdir().unwrap();
    let (mut watch, mut publisher) = (watch("router"), publisher(directory.path(), &["router"]));
    for second in 0..=25 {
        take(&mut watch, 3, second);
        publisher.publish(0, &watch, second, moment(second));
    }
    // Written with the first reading, and then every ten samples.
    check_files(directory.path(), &[("index.json", 3, 16), ("router-1.recent.json", 3, 20)]);
}

#[test]
fn many_interfaces_share_files_and_the_index_is_short() {
    let directory = tempfile::tempdir().unwrap();
    let (mut watch, mut publisher) = (watch("switch"), publisher(directory.path(), &["switch"]));
    for second in 0..=20 {
        take(&mut watch, 35, second);
        publisher.publish(0, &watch, second, moment(second));
    }
    check_files(
        directory.path(),
        &[
            ("index.json", 35, 2),
            ("switch-1.live.json", 16, 16),
            ("switch-1.recent.json", 16, 20),
            ("switch-2.live.json", 16, 16),
            ("switch-2.recent.json", 16, 20),
            ("switch-3.live.json", 3, 16),
            ("switch-3.recent.json", 3, 20),
        ],
    );
    let files = files(directory.path());
    for stats in &files["index.json"].targets[0].interfaces {
        let names = |file: &str| files[file].targets[0].interfaces.iter().any(|other| other.name == stats.name);
        assert!(names(stats.live.as_deref().unwrap()) && names(stats.recent.as_deref().unwrap()));
    }
}

#[test]
fn live_and_recent_files_overlap_at_any_time() {
    let directory = tempfile::tempdir().unwrap();
    let (mut watch, mut publisher) = (watch("switch"), publisher(directory.path(), &["switch"]));
    for second in 0..=60 {
        take(&mut watch, 20, second);
        publisher.publish(0, &watch, second, moment(second));
        let files = files(directory.path());
        let ends = |file: &str| {
            let samples = files[file].targets[0].interfaces[0].samples.to_vec();
            Some((samples.first()?.start(), samples.last()?.end))
        };
        if let (Some((live_start, _)), Some((_, recent_end))) =
            (ends("switch-1.live.json"), ends("switch-1.recent.json"))
        {
            assert!(live_start <= recent_end);
        }
    }
}

#[test]
fn the_index_waits_for_all_that_answer_and_for_nobody_else() {
    let directory = tempfile::tempdir().unwrap();
    let (mut one, mut other) = (watch("one"), watch("other"));
    let mut publisher = publisher(directory.path(), &["one", "other"]);
    let index_is_at = |second| {
        let written = files(directory.path()).get("index.json").and_then(|file| file.written);
        written == Some(moment(second).wall)
    };
    take(&mut one, 1, 0);
    publisher.publish(0, &one, 0, moment(0));
    assert!(!index_is_at(0), "the other one is not there yet");
    take(&mut other, 1, 0);
    publisher.publish(1, &other, 0, moment(0));
    assert!(index_is_at(0));
    take(&mut one, 1, 1);
    publisher.publish(0, &one, 1, moment(1));
    assert!(index_is_at(0), "the other one may still answer");
    take(&mut one, 1, 2);
    publisher.publish(0, &one, 2, moment(2));
    assert!(index_is_at(2), "a round later it is given up");
    fail(&mut other, 2);
    publisher.publish(1, &other, 2, moment(2));
    for second in 3..6 {
        take(&mut one, 1, second);
        publisher.publish(0, &one, second, moment(second));
        assert!(index_is_at(second), "who does not answer costs nothing");
    }
    assert!(files(directory.path())["index.json"].targets[1].problem.is_some());
}

#[test]
fn after_the_end_nothing_is_due() {
    let directory = tempfile::tempdir().unwrap();
    let (mut watch, mut publisher) = (watch("switch"), publisher(directory.path(), &["switch"]));
    for second in 0..5 {
        take(&mut watch, 20, second);
        publisher.publish(0, &watch, second, moment(second));
    }
    assert!(files(directory.path()).values().all(|file| file.due.is_some()));
    publisher.close(0, &watch, moment(5));
    publisher.finish(moment(5).wall, Outlook::Ends);
    assert!(files(directory.path()).values().all(|file| file.due.is_none()));
    assert_eq!(files(directory.path())["switch-1.recent.json"].targets[0].interfaces[0].samples.len(), 4);
}

#[test]
fn file_names_lead_nowhere_and_differ_whatever_targets_are_called() {
    let directory = tempfile::tempdir().unwrap();
    let long = "x".repeat(300);
    let names = ["../../etc", "a/b", "a_b", "核心", "核心\0", "A", "a", &long, "index", ""];
    let mut publisher = publisher(&directory.path().join("stats"), &names);
    for (number, name) in names.iter().enumerate() {
        let mut watch = watch(name);
        take(&mut watch, 2, 0);
        publisher.publish(number, &watch, 0, moment(0));
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    let files = files(&directory.path().join("stats"));
    let lowercase: HashSet<String> = files.keys().map(|name| name.to_lowercase()).collect();
    // Twenty interfaces do not fit into the index: a live and a recent file each, once the count is known.
    assert_eq!(lowercase.len(), files.len());
    for target in &files["index.json"].targets {
        let recent = &files[target.interfaces[0].recent.as_ref().unwrap()];
        assert_eq!(recent.targets[0].name, target.name);
    }
}
