//! Which files there are, what is in each, and when each is written. Knows nothing of how a file is replaced.
//!
//! Replacing a file costs far more than what is in it, so there are few: the index with everything's newest samples, and,
//! for each group of interfaces, a live file with the last few and a recent file with ten minutes. Where all interfaces
//! fit into one group, the index is the live file, and nothing else is written at most readings.

use std::collections::HashSet;
use std::ops::Range;
use std::time::Duration;

use stats::{StatsFile, TargetStats, Timestamp, file_stem};

use crate::replace::Outlet;
use crate::timeline::Now;
use crate::watch::Watch;

/// The file that lists everything.
pub(crate) const INDEX: &str = "index.json";

/// How many interfaces share a live and a recent file.
const GROUP: usize = 16;

/// How many samples a live file holds, and the index where it is one.
const LIVE_SAMPLES: usize = 16;

/// How many samples an index holds that is no live file: the newest, and the one before for a page that was late.
const INDEX_SAMPLES: usize = 2;

/// After how many samples a recent file is written again: so few that live and recent file always overlap.
const RECENT_EVERY: u32 = 10;

/// Writes what is published.
#[derive(Debug)]
pub(crate) struct Publisher {
    outlet: Outlet,
    shortest_interval: Duration,
    targets: Vec<Published>,
    /// The newest round that an index was written for.
    index_round: Option<u64>,
}

/// What was published of one target.
#[derive(Debug)]
struct Published {
    stem: String,
    /// Its part of the index.
    part: String,
    interfaces: usize,
    /// The round that was published last.
    round: Option<u64>,
    /// Whether the others wait with the index until it was read.
    is_waited_for: bool,
    /// For each group, in how many samples its recent file is due.
    recent_due: Vec<u32>,
}

/// Whether more is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// Another file is to be expected after the target's interval.
    GoesOn,
    /// The collector is about to end.
    Ends,
}

impl Publisher {
    /// Publishes targets of these names into the outlet.
    pub(crate) fn new(outlet: Outlet, names: &[&str], shortest_interval: Duration) -> Self {
        let mut taken = HashSet::new();
        let targets = names.iter().map(|name| Published {
            stem: free_stem(name, &mut taken),
            part: String::new(),
            interfaces: 0,
            round: None,
            is_waited_for: true,
            recent_due: Vec::new(),
        });
        Self { outlet, shortest_interval, targets: targets.collect(), index_round: None }
    }

    /// Publishes what is now known of a target, and the index once all targets of the round are there.
    pub(crate) fn publish(&mut self, target: usize, watch: &Watch, round: u64, now: Now) {
        self.write_groups(target, watch, now, Outlook::GoesOn);
        let published = &mut self.targets[target];
        published.round = Some(round);
        // Who doesn't answer, or is asked more seldom, costs the others nothing.
        published.is_waited_for = watch.problem().is_none() && watch.interval() == self.shortest_interval;
        let is_complete = self.targets.iter().all(|other| !other.is_waited_for || other.round >= Some(round));
        let written = self.index_round.map_or(0, |written| written + 1);
        if is_complete && written <= round {
            self.index_round = Some(round);
        } else if written < round {
            // Somebody is late for the round before; that one is not waited for any longer.
            self.index_round = Some(round - 1);
        } else {
            return;
        }
        self.write_index(watch.label(now), Outlook::GoesOn);
    }

    /// Takes note of how many interfaces a target has, which decides whether all fit into one file.
    pub(crate) fn count(&mut self, target: usize, watch: &Watch) {
        self.targets[target].interfaces = watch.interface_count();
    }

    /// Publishes what is now known of a target, without an index.
    pub(crate) fn publish_once(&mut self, target: usize, watch: &Watch, now: Now) {
        self.write_groups(target, watch, now, Outlook::GoesOn);
    }

    /// Whether something could not be written.
    pub(crate) const fn has_trouble(&self) -> bool {
        self.outlet.has_trouble()
    }

    /// Publishes a target for the last time.
    pub(crate) fn close(&mut self, target: usize, watch: &Watch, now: Now) {
        self.targets[target].recent_due.clear();
        self.write_groups(target, watch, now, Outlook::Ends);
    }

    /// Publishes the index for the last time, or, where nothing runs on, for this time.
    pub(crate) fn finish(&mut self, written: Timestamp, outlook: Outlook) {
        self.write_index(written, outlook);
    }

    fn write_groups(&mut self, target: usize, watch: &Watch, now: Now, outlook: Outlook) {
        if self.targets[target].interfaces != watch.interface_count() {
            // Interfaces may have moved to other groups: what the recent files hold is not what the index says.
            self.targets[target].recent_due.clear();
        }
        self.count(target, watch);
        let is_small = self.targets.iter().map(|target| target.interfaces).sum::<usize>() <= GROUP;
        let published = &mut self.targets[target];
        let groups: Vec<Group> = groups_of(watch.interface_count()).collect();
        if published.recent_due.len() != groups.len() {
            published.recent_due = vec![0; groups.len()];
        }
        let written = watch.label(now);
        let due = (outlook == Outlook::GoesOn).then(|| written.after(watch.interval()));
        let mut write = |name: &str, stats: &TargetStats| {
            let text = StatsFile::assemble(Some(written), due, [stats.to_json().as_str()]);
            self.outlet.replace(name, &text);
        };

        let mut part = watch.stats(0..watch.interface_count(), if is_small { LIVE_SAMPLES } else { INDEX_SAMPLES });
        for (group, recent_due) in groups.into_iter().zip(&mut published.recent_due) {
            let live = (!is_small).then(|| format!("{}-{}.live.json", published.stem, group.number));
            let recent = format!("{}-{}.recent.json", published.stem, group.number);
            for stats in &mut part.interfaces[group.range.clone()] {
                stats.live.clone_from(&live);
                stats.recent = Some(recent.clone());
            }
            if let Some(live) = &live {
                let mut stats = watch.stats(group.range.clone(), LIVE_SAMPLES);
                stats.interfaces.iter_mut().for_each(|stats| stats.recent = Some(recent.clone()));
                write(live, &stats);
            }
            if *recent_due == 0 {
                let live = live.unwrap_or_else(|| INDEX.to_owned());
                let mut stats = watch.stats(group.range.clone(), usize::MAX);
                stats.interfaces.iter_mut().for_each(|stats| stats.live = Some(live.clone()));
                write(&recent, &stats);
                *recent_due = RECENT_EVERY;
            }
            *recent_due -= 1;
        }
        published.part = part.to_json();
    }

    fn write_index(&mut self, written: Timestamp, outlook: Outlook) {
        let due = (outlook == Outlook::GoesOn).then(|| written.after(self.shortest_interval));
        let parts = self.targets.iter().map(|target| target.part.as_str()).filter(|part| !part.is_empty());
        let text = StatsFile::assemble(Some(written), due, parts);
        self.outlet.replace(INDEX, &text);
    }
}

/// Interfaces of a target that share their files.
struct Group {
    number: usize,
    range: Range<usize>,
}

fn groups_of(interfaces: usize) -> impl Iterator<Item = Group> {
    (0..interfaces.div_ceil(GROUP))
        .map(move |group| Group { number: group + 1, range: group * GROUP..interfaces.min((group + 1) * GROUP) })
}

/// A stem that no other target has: that two names get the same one is unlikely, but not impossible.
fn free_stem(name: &str, taken: &mut HashSet<String>) -> String {
    let mut stem = file_stem(name);
    while !taken.insert(stem.clone()) {
        stem.push('x');
    }
    stem
}

#[cfg(test)]
mod tests {
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
        let error = ReadError::NoAnswer { address: "192.0.2.1:161".to_owned(), waited: Duration::from_secs(1) };
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
}
