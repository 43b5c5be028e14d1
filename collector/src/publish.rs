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
mod tests;
