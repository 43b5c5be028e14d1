//! The files that are looked at again and again: which they are, when the next look is, and what the last one brought.
//! Fetches nothing.

use std::time::Duration;

use stats::{Monotonic, StatsFile, Timestamp};

use super::anchor::Anchor;
use super::failure::Failure;
use super::schedule::Schedule;
use super::testimony::{Answers, Testimony};

/// The files that are polled. Most pages have but one.
#[derive(Clone, Debug)]
pub(super) struct Polls {
    /// The index, or the live file of the interface that is opened, which goes on from it.
    pub(super) main: Poll,
    /// The live files of what is in sight where the index has no samples of it, by their paths.
    live: Vec<(String, Poll)>,
    seed: u64,
}

/// A file that is polled.
#[derive(Clone, Debug)]
pub(super) struct Poll {
    schedule: Schedule,
    /// What the last file says of its time.
    pub(super) header: Option<Header>,
    /// What came with it, and with those before.
    pub(super) answers: Answers,
    /// Why the last look brought none.
    pub(super) failure: Option<Failure>,
    /// Since when it has been looked at; `None` while nobody wants it.
    watched: Option<Monotonic>,
}

/// What a file that is polled says of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) written: Option<Timestamp>,
    pub(super) due: Option<Timestamp>,
    /// When its newest sample ended.
    pub(super) newest: Option<Timestamp>,
}

impl Header {
    pub(super) fn of(file: &StatsFile) -> Self {
        let mut newest = None;
        for target in &file.targets {
            for interface in &target.interfaces {
                newest = newest.max(interface.samples.end());
            }
        }
        Self { written: file.written, due: file.due, newest }
    }
}

impl Polls {
    /// `seed` is a number that each viewer has another of.
    pub(super) fn new(seed: u64) -> Self {
        Self { main: Poll::new(seed), live: Vec::new(), seed }
    }

    /// From now on these live files are polled beside the main one, and no others.
    pub(super) fn watch(&mut self, paths: Vec<String>, now: Monotonic) {
        for (path, poll) in &mut self.live {
            poll.watched = if paths.contains(path) { poll.watched.or(Some(now)) } else { None };
        }
        // When to look again is kept until then: what comes back into sight is not to be fetched more often for that.
        self.live.retain(|(_, poll)| poll.watched.is_some() || poll.schedule.next() > now);
        for path in paths {
            if !self.live.iter().any(|(known, _)| *known == path) {
                self.seed = self.seed.wrapping_add(1);
                self.live.push((path, Poll { watched: Some(now), ..Poll::new(self.seed) }));
            }
        }
    }

    /// Those that are polled.
    pub(super) fn watched(&self) -> impl Iterator<Item = &Poll> {
        std::iter::once(&self.main).chain(self.live().map(|(_, poll)| poll))
    }

    /// The live files that are polled beside the main one.
    pub(super) fn live(&self) -> impl Iterator<Item = (&str, &Poll)> {
        let watched = self.live.iter().filter(|(_, poll)| poll.watched.is_some());
        watched.map(|(path, poll)| (path.as_str(), poll))
    }

    /// The live file at that path, where it is one of those.
    pub(super) fn live_at(&mut self, path: &str) -> Option<&mut Poll> {
        self.live.iter_mut().find(|(known, _)| known == path).map(|(_, poll)| poll)
    }

    /// The page was not seen, and is again.
    pub(super) fn resume(&mut self, now: Monotonic) {
        for poll in std::iter::once(&mut self.main).chain(self.live.iter_mut().map(|(_, poll)| poll)) {
            poll.schedule.hurry(now);
            poll.watched = poll.watched.map(|_| now);
        }
    }
}

impl Poll {
    fn new(seed: u64) -> Self {
        let schedule = Schedule::new(seed);
        let answers = Answers::default();
        Self { schedule, header: None, answers, failure: None, watched: Some(Monotonic::default()) }
    }

    /// When to look.
    pub(super) const fn next(&self) -> Monotonic {
        self.schedule.next()
    }

    /// Looks at once.
    pub(super) fn hurry(&mut self, now: Monotonic) {
        self.schedule.hurry(now);
    }

    /// Looks at `at`, if not sooner.
    pub(super) fn advance(&mut self, at: Monotonic) {
        self.schedule.advance(at);
    }

    /// A file came.
    pub(super) fn came(&mut self, header: Header, testimony: Testimony, anchor: &mut Anchor, now: Monotonic) {
        self.failure = None;
        self.answers.came(testimony, now);
        let is_new = self.header.replace(header) != Some(header) || anchor.offset().is_none();
        // A file that does not say when it was written was so at the end of its newest sample, as far as graphs go.
        match header.written.or(header.newest) {
            Some(written) if is_new => {
                anchor.received(written, testimony.age(), header.due, now);
                self.schedule.received(written, header.due, anchor, now);
            }
            _ => self.schedule.unchanged(anchor, now),
        }
    }

    /// None came, or none that can be read.
    pub(super) fn failed(&mut self, failure: Failure, now: Monotonic) {
        self.failure = Some(failure);
        self.schedule.failed(now);
    }

    /// Whether it has been looked at for so long: what was not looked at is given the time to come.
    pub(super) fn is_watched_for(&self, time: Duration, now: Monotonic) -> bool {
        self.watched.is_some_and(|since| now.since(since) > time)
    }
}
