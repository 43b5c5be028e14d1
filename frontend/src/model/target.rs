//! What the page knows of a device and its interfaces, and how a file adds to that.

use std::time::Duration;

use stats::{Counts, InterfaceStats, Monotonic, TargetStats, Timestamp};

use super::motion::Motion;
use super::names::Names;
use super::track::{Merge, Track};
use crate::list::List;

/// A device, or the machine of the collector.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// As in the file.
    pub name: String,
    /// As in the file.
    pub sys_name: Option<String>,
    /// As in the file.
    pub source: Option<String>,
    /// As in the file.
    pub refresh: Option<Duration>,
    /// As in the file.
    pub counts: Option<Box<Counts>>,
    /// As in the file.
    pub problem: Option<String>,
    /// When it last answered, as in the file: its samples may not reach so far back.
    pub last_answered: Option<Timestamp>,
    /// Its interfaces, in the order of the file.
    pub interfaces: Vec<Interface>,
    /// Where the right edge of its graphs is.
    pub motion: Motion,
    run: u64,
    /// The run before, of which live files are left that are yet to be written anew.
    former_run: Option<u64>,
    /// Changes with which interfaces it has.
    listing: u64,
    interval: Option<Duration>,
    silence: Duration,
}

/// An interface and its samples.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    /// What it is called and what it is.
    pub about: stats::Interface,
    /// The file with its last few samples, where the index is not that itself.
    pub live: Option<String>,
    /// The file with ten minutes of its samples.
    pub recent: Option<String>,
    /// Whether the index has no samples of it, and its live file has.
    pub is_listed: bool,
    /// Whether its card is in sight, or nearly so.
    pub is_in_sight: bool,
    /// Its samples.
    pub track: Track,
    /// Whether the recent file has been read since there is this track.
    pub is_opened: bool,
    /// Counts the changes of the track, for those who show it.
    pub revision: u64,
    /// Counts those that were more than newer samples.
    pub rewritten: u64,
}

/// Which file it is that is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Says which interfaces there are, and where their files are. Polled.
    Index,
    /// The last few samples of some. Polled.
    Live,
    /// The same, of what is in sight and of which the index has no samples. Polled.
    Sight,
    /// The same, fetched because of a hole.
    Patch,
    /// Ten minutes of some, fetched when they are opened and because of a hole.
    Recent,
}

impl Kind {
    /// Whether such a file is looked at again and again, and so tells what is.
    #[must_use]
    pub const fn is_polled(self) -> bool {
        matches!(self, Self::Index | Self::Live | Self::Sight)
    }
}

/// What a file of a target meant to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// It goes on from what was known.
    GoesOn,
    /// It is of another run: what was known has been forgotten.
    Restarted,
    /// It is of another run than the files that are polled, and was left aside.
    LeftAside,
}

impl Target {
    /// Adds what a file says.
    pub fn merge(&mut self, file: TargetStats, written: Option<Timestamp>, kind: Kind) -> Merged {
        let is_other_run = self.run != file.run && !self.interfaces.is_empty();
        let is_left_over = kind == Kind::Sight && self.former_run == Some(file.run);
        if is_other_run && (!kind.is_polled() || is_left_over) {
            return Merged::LeftAside;
        }
        if is_other_run {
            for interface in &mut self.interfaces {
                interface.forget();
            }
            self.motion.reset();
            self.former_run = Some(self.run);
        }
        // By what this file has: of what is out of sight there may be older samples.
        let newest = file.interfaces.iter().filter_map(|interface| interface.samples.end()).max();
        let TargetStats { name, sys_name, source, run, interval, refresh, counts, problem, answered, interfaces } =
            file;
        self.run = run;
        if kind.is_polled() {
            (self.name, self.sys_name, self.source) = (name, sys_name, source);
            self.last_answered = answered;
            (self.interval, self.refresh, self.counts, self.problem) = (interval, refresh, counts, problem);
        }
        let is_known = |(interface, file): (&Interface, &InterfaceStats)| interface.about.name == file.name;
        if interfaces.len() == self.interfaces.len() && self.interfaces.iter().zip(&interfaces).all(is_known) {
            // The same as ever, and in the same order.
            for (interface, file) in self.interfaces.iter_mut().zip(&interfaces) {
                interface.merge(file, kind);
            }
        } else if kind == Kind::Index {
            self.merge_index(&interfaces);
        } else {
            self.merge_samples(&interfaces, kind);
        }
        if let Some(newest) = newest.filter(|_| kind.is_polled()) {
            let written = written.unwrap_or(newest);
            // A line is drawn through the middles of samples: up to there it is known.
            let samples = self.interfaces.iter().filter_map(|interface| interface.track.newest());
            let duration = samples.filter(|sample| sample.end == newest).map(|sample| sample.duration).max();
            let known = newest.before(duration.unwrap_or_default() / 2);
            let silent = (self.pace() * 5).max(Duration::from_secs(15));
            self.silence = written.since(newest);
            // What is older is not the target's way of answering: it does not answer.
            if self.silence <= silent {
                self.motion.received(written.since(known));
            }
        }
        if is_other_run { Merged::Restarted } else { Merged::GoesOn }
    }

    /// Takes what the index lists, and nothing else.
    fn merge_index(&mut self, files: &[InterfaceStats]) {
        let listed = Names::of(files.iter().map(|file| file.name.as_str()));
        let mut found: Vec<Option<Interface>> = files.iter().map(|_| None).list();
        for interface in self.interfaces.drain(..) {
            if let Some(number) = listed.find(&interface.about.name) {
                found[number] = Some(interface);
            }
        }
        for (number, (file, interface)) in files.iter().zip(found).enumerate() {
            // No two are to be equal. Where they are, nothing tells whose samples are whose.
            if listed.find(&file.name) == Some(number) {
                let mut interface = interface.unwrap_or_default();
                interface.merge(file, Kind::Index);
                self.interfaces.push(interface);
            }
        }
        self.listing += 1;
    }

    /// Its name, and what changes with which interfaces it has.
    pub(super) fn listed_as(&self) -> (String, u64) {
        (self.name.clone(), self.listing)
    }

    fn merge_samples(&mut self, files: &[InterfaceStats], kind: Kind) {
        for interface in &mut self.interfaces {
            if let Some(file) = files.iter().find(|file| file.name == interface.about.name) {
                interface.merge(file, kind);
            }
        }
    }

    /// When its newest sample ended.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        self.interfaces.iter().filter_map(|interface| Some(interface.track.newest()?.end)).max()
    }

    /// When its newest sample ended that is no gap.
    #[must_use]
    pub fn answered(&self) -> Option<Timestamp> {
        self.interfaces.iter().filter_map(|interface| interface.track.answered()).max()
    }

    /// How old its newest sample was when the last file was written, where that is no way of answering any more.
    #[must_use]
    pub fn silence(&self) -> Option<Duration> {
        let usual = (self.interval() * 5).max(self.refresh.unwrap_or_default() * 3).max(Duration::from_secs(15));
        (self.silence > usual).then_some(self.silence)
    }

    /// Moves its graphs on, by the writer's clock less the page's in microseconds.
    pub(super) fn follow(&mut self, anchor: i64, now: Monotonic) {
        // Samples of whole refreshes are there up to one refresh after the last ended, and the half of one is what a line
        // ends before that.
        let expected = self.refresh.unwrap_or_default() * 3 / 2;
        self.motion.follow(anchor, self.interval(), expected, now);
    }

    /// How long it takes until a line goes on: it is drawn through the middles of samples, which are as long as the interval,
    /// or as a refresh of the counters.
    #[must_use]
    pub fn pace(&self) -> Duration {
        self.interval().max(self.refresh.unwrap_or_default() / 2)
    }

    /// How often it is read; by its samples where the file does not say.
    #[must_use]
    pub fn interval(&self) -> Duration {
        let of_samples = || {
            let newest = self.interfaces.iter().filter_map(|interface| interface.track.newest());
            newest.map(|sample| sample.duration).max()
        };
        self.interval.or_else(of_samples).unwrap_or(Duration::from_secs(1))
    }
}

impl Interface {
    fn merge(&mut self, file: &InterfaceStats, kind: Kind) {
        if kind.is_polled() {
            self.about = file.interface();
        }
        if kind == Kind::Index {
            // Only here: in other files they would be relative to those.
            self.live.clone_from(&file.live);
            self.recent.clone_from(&file.recent);
            self.is_listed = file.samples.is_empty() && file.live.is_some();
        }
        match self.track.merge(&file.samples) {
            Merge::Nothing => {}
            Merge::Newer => self.revision += 1,
            Merge::Other => self.rewrite(),
        }
        if kind == Kind::Recent {
            self.is_opened = true;
            self.track.give_up_before(&file.samples);
        }
    }

    fn forget(&mut self) {
        self.track.restart();
        self.is_opened = false;
        self.rewrite();
    }

    const fn rewrite(&mut self) {
        self.revision += 1;
        self.rewritten += 1;
    }
}
