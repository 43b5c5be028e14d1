//! Which files there are after some rounds, and what is in them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use stats::{Counter, Interface, KeptInterface, Monotonic, Reading, StatsFile};

use super::*;
use crate::round;
use crate::source::{ReadError, Snapshot};
use crate::timeline::Timeline;

fn moment(second: u64) -> Now {
    Now {
        monotonic: Monotonic::new(Duration::from_secs(second)),
        wall: Timestamp::from_micros(second * 1_000_000 + 1_000_000_000_000_000),
    }
}

fn watch(name: &str, interval: Duration) -> Watch {
    Watch::new(name.to_owned(), "test".to_owned(), interval, Timeline::beginning(moment(0)))
}

fn take(watch: &mut Watch, interfaces: usize, second: u64) {
    let interfaces = (0..interfaces).map(|number| {
        let interface = KeptInterface::from(Interface { name: format!("port {number}"), ..Interface::default() });
        // What was described before stays the same allocation, as sources have it.
        let known =
            watch.followed().get(number).map(|known| known.interface().clone()).filter(|known| *known == interface);
        let octets = second * second * (number as u64 + 1);
        let reading = Reading::new(moment(second).monotonic, None).with(Counter::InOctets, octets);
        (known.unwrap_or(interface), reading)
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

/// A site of targets of which nothing was read yet, and their files.
struct Published {
    site: Site,
    watches: Vec<Shared<Watch>>,
    files: Vec<GroupFiles>,
}

impl Published {
    fn into(directory: &Path, names: &[&str]) -> Self {
        Self::each(Duration::from_secs(1), directory, names)
    }

    /// Of targets that keep so many samples that few interfaces are very many.
    fn in_short_memory(directory: &Path) -> Self {
        Self::each(Duration::from_millis(100), directory, &["switch"])
    }

    fn each(interval: Duration, directory: &Path, names: &[&str]) -> Self {
        let watches: Vec<_> = names.iter().map(|name| Shared::new(watch(name, interval))).collect();
        let site = Site::new(Outlet::open(directory).unwrap(), watches.clone(), interval);
        let files = names.iter().map(|_| GroupFiles::default()).collect();
        Self { site, watches, files }
    }

    /// The target has so many interfaces at that second.
    fn round(&mut self, target: usize, interfaces: usize, second: u64) {
        take(&mut self.watches[target].lock(), interfaces, second);
        self.site.publish(target, &mut self.files[target], second, moment(second));
    }

    fn failed_round(&mut self, target: usize, second: u64) {
        fail(&mut self.watches[target].lock(), second);
        self.site.publish(target, &mut self.files[target], second, moment(second));
    }
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
    let mut published = Published::into(directory.path(), &["router"]);
    for second in 0..=25 {
        published.round(0, 3, second);
    }
    // Written with the first reading, and then every ten samples.
    check_files(directory.path(), &[("index.json", 3, 16), ("router-1.recent.json", 3, 20)]);
}

#[test]
fn many_interfaces_share_files_and_the_index_is_short() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::into(directory.path(), &["switch"]);
    for second in 0..=20 {
        published.round(0, 35, second);
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
    let mut published = Published::into(directory.path(), &["switch"]);
    for second in 0..=60 {
        published.round(0, 20, second);
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
fn files_that_would_tell_the_same_are_left_until_they_are_due() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::into(directory.path(), &["switch"]);
    (0..=1).for_each(|second| published.round(0, 20, second));
    let written = || files(directory.path()).into_values().map(|file| file.written.unwrap()).max();
    let later = |millis| {
        let by = Duration::from_millis(millis);
        Now { monotonic: moment(1).monotonic.after(by), wall: moment(1).wall.after(by) }
    };
    published.site.publish(0, &mut published.files[0], 2, later(400));
    assert_eq!(written(), Some(moment(1).wall));
    published.site.publish(0, &mut published.files[0], 3, later(1_000));
    let names_of_new: Vec<String> = files(directory.path())
        .into_iter()
        .filter(|(_, file)| file.written == written())
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names_of_new, ["index.json", "switch-1.live.json", "switch-2.live.json"]);
    assert_eq!(written(), Some(moment(2).wall));
}

#[test]
fn the_index_waits_for_all_that_answer_and_for_nobody_else() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::into(directory.path(), &["one", "other"]);
    let index_is_at = |second| {
        let written = files(directory.path()).get("index.json").and_then(|file| file.written);
        written == Some(moment(second).wall)
    };
    published.round(0, 1, 0);
    assert!(!index_is_at(0), "the other one is not there yet");
    published.round(1, 1, 0);
    assert!(index_is_at(0));
    published.round(0, 1, 1);
    assert!(index_is_at(0), "the other one may still answer");
    published.round(0, 1, 2);
    assert!(index_is_at(2), "a round later it is given up");
    published.failed_round(1, 2);
    for second in 3..6 {
        published.round(0, 1, second);
        assert!(index_is_at(second), "who does not answer costs nothing");
    }
    assert!(files(directory.path())["index.json"].targets[1].problem.is_some());
}

#[test]
fn after_the_end_nothing_is_due() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::into(directory.path(), &["switch"]);
    for second in 0..5 {
        published.round(0, 20, second);
    }
    assert!(files(directory.path()).values().all(|file| file.due.is_some()));
    published.site.close(0, &mut published.files[0], moment(5));
    published.site.finish(moment(5).wall, Outlook::Ends);
    assert!(files(directory.path()).values().all(|file| file.due.is_none()));
    assert_eq!(files(directory.path())["switch-1.recent.json"].targets[0].interfaces[0].samples.len(), 4);
}

#[test]
fn file_names_lead_nowhere_and_differ_whatever_targets_are_called() {
    let directory = tempfile::tempdir().unwrap();
    let long = "x".repeat(300);
    let names = ["../../etc", "a/b", "a_b", "核心", "核心\0", "A", "a", &long, "index", ""];
    let mut published = Published::into(&directory.path().join("stats"), &names);
    for number in 0..names.len() {
        published.round(number, 2, 0);
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

/// More than 6,000 samples of each are kept of in memory.
const MANY: usize = 42;

#[test]
fn very_many_interfaces_have_their_history_in_files_and_it_is_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::in_short_memory(directory.path());
    for second in 0..=45 {
        published.round(0, MANY, second);
        let watch = published.watches[0].lock();
        assert!(watch.followed().iter().all(|followed| followed.history().len() <= 16));
    }
    check_histories(directory.path(), 34, 0);
}

#[test]
fn what_is_in_files_is_let_go_of_and_what_cannot_be_written_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::in_short_memory(directory.path());
    let kept = |published: &Published| published.watches[0].lock().followed()[0].history().len();
    (0..=25).for_each(|second| published.round(0, MANY, second));
    assert_eq!(kept(&published), 2);
    let in_the_way = directory.path().join(".switch-1.live.json.new");
    std::fs::create_dir(&in_the_way).unwrap();
    (26..=33).for_each(|second| published.round(0, MANY, second));
    assert_eq!(kept(&published), 10);
    std::fs::remove_dir(&in_the_way).unwrap();
    (34..=45).for_each(|second| published.round(0, MANY, second));
    assert_eq!(kept(&published), 2);
    check_histories(directory.path(), 34, 0);
}

/// The recent files reach to that second at the least, and go back to the first sample; live ones overlap with them.
#[track_caller]
fn check_histories(directory: &Path, at_least: u64, begin: u64) {
    let files = files(directory);
    let mut seen = 0;
    for stats in &files["index.json"].targets[0].interfaces {
        let of = |file: &str| {
            let interfaces = &files[file].targets[0].interfaces;
            interfaces.iter().find(|other| other.name == stats.name).unwrap().samples.to_vec()
        };
        let (live, recent) = (of(stats.live.as_deref().unwrap()), of(stats.recent.as_deref().unwrap()));
        let second = |time: Timestamp| time.since(moment(0).wall).as_secs();
        assert_eq!(second(recent[0].start()), begin);
        let end = second(recent.last().unwrap().end);
        assert!(end >= at_least && second(live[0].start()) <= end, "{end}");
        let number: u64 = stats.name.trim_start_matches("port ").parse().unwrap();
        for sample in &recent {
            let (before, after) = (second(sample.start()), second(sample.end));
            let expected = (after * after - before * before) * (number + 1);
            let told = sample.passed.get(stats::Quantity::InOctets);
            assert_eq!(told, sample.gap.is_none().then_some(expected), "{} at {after}", stats.name);
        }
        seen += 1;
    }
    assert_eq!(seen, MANY);
}

#[test]
fn very_many_interfaces_are_gone_on_with_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::in_short_memory(directory.path());
    (0..=45).for_each(|second| published.round(0, MANY, second));
    published.site.close(0, &mut published.files[0], moment(46));
    published.site.finish(moment(46).wall, Outlook::Ends);

    let mut published = Published::in_short_memory(directory.path());
    let earlier = Earlier::in_directory(directory.path());
    let wanted = published.site.expect(&earlier);
    assert_eq!((earlier.interfaces, wanted), (MANY, Wanted::Last));
    round::resume(&published.watches[0], &earlier, wanted, moment(50));
    (50..=70).for_each(|second| published.round(0, MANY, second));
    check_histories(directory.path(), 59, 0);
}

#[test]
fn an_interface_that_comes_later_moves_no_other_to_another_file() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::in_short_memory(directory.path());
    (0..=20).for_each(|second| published.round(0, MANY - 1, second));
    let places = |files: &BTreeMap<String, StatsFile>| {
        let interfaces = files["index.json"].targets[0].interfaces.iter();
        interfaces.map(|stats| (stats.name.clone(), stats.live.clone())).collect::<BTreeMap<_, _>>()
    };
    let before = places(&files(directory.path()));
    published.round(0, MANY, 21);
    let mut after = places(&files(directory.path()));
    assert!(after.remove("port 41").is_some());
    assert_eq!(after, before);
}

#[test]
fn what_lies_in_a_recent_file_of_somebody_else_is_not_gone_on_from() {
    let directory = tempfile::tempdir().unwrap();
    for second in 0..=3 {
        Published::in_short_memory(directory.path()).round(0, MANY, second);
    }
    let mut published = Published::in_short_memory(directory.path());
    std::fs::File::create(directory.path().join("switch-1.recent.json")).unwrap();
    (10..=45).for_each(|second| published.round(0, MANY, second));
    check_histories(directory.path(), 34, 10);
    // And one that is damaged while it is used is written anew.
    std::fs::File::create(directory.path().join("switch-1.recent.json")).unwrap();
    (46..=60).for_each(|second| published.round(0, MANY, second));
    let files = files(directory.path());
    assert!(files["switch-1.recent.json"].targets[0].interfaces[0].samples.len() >= 16);
    assert!(files["switch-2.recent.json"].targets[0].interfaces[0].samples.len() >= 39);
}

#[test]
fn a_listing_has_no_samples_and_is_to_be_expected_in_a_minute() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::into(directory.path(), &["switch"]);
    (0..=1).for_each(|second| published.round(0, 10_001, second));
    let index = &files(directory.path())["index.json"];
    assert!(index.targets[0].interfaces.iter().all(|stats| stats.samples.is_empty() && stats.live.is_some()));
    assert_eq!(index.written, Some(moment(0).wall));
    assert_eq!(index.due, Some(moment(60).wall));
}

#[test]
fn files_that_nobody_is_in_any_more_say_so_and_are_not_written_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut published = Published::into(directory.path(), &["switch"]);
    let third = ["switch-3.live.json", "switch-3.recent.json"];
    let state = |name: &str| {
        let file = &files(directory.path())[name];
        (file.targets[0].interfaces.len(), file.written)
    };
    published.round(0, 35, 0);
    published.round(0, 35, 1);
    assert_eq!(third.map(|name| state(name).0), [3, 3]);
    (2..=800).step_by(42).for_each(|second| published.round(0, 32, second));
    let closed = third.map(state);
    assert_eq!(closed.map(|(interfaces, _)| interfaces), [0, 0]);
    published.round(0, 32, 801);
    assert_eq!(third.map(state), closed);
    published.round(0, 33, 802);
    assert_eq!(third.map(|name| state(name).0), [1, 1]);
}
