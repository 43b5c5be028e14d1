//! Whether what is shown is live, and what it is where it is not.

use std::time::Duration;

use stats::{Monotonic, Timestamp};

use crate::plot::DisplayClock;

use super::failure::Failure;
use super::polls::{Header, Poll};
use super::testimony::Testimony;
use super::{Model, Target};

/// How old what is shown is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing is there yet, and nothing is wrong.
    Loading,
    /// What is shown is what is now.
    Live,
    /// The next file is overdue since then; the newest sample is that old.
    Late(Duration, Timestamp),
    /// The next file is overdue, and what comes are copies of an old one.
    Cached(Copies),
    /// There is no file at all.
    NoData(Failure),
    /// There is a file, or should be, and it cannot be read; the newest sample that was read is that old.
    Unreadable(Failure, Option<Duration>),
    /// The writer said that it will write no more.
    Stopped(Timestamp),
    /// The file does not say when the next one comes; its newest sample ended then.
    Unannounced(Timestamp),
}

/// What is known where answers are copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copies {
    /// How old the newest sample is.
    pub age: Duration,
    /// When the file was written, by the writer's clock.
    pub written: Option<Timestamp>,
    /// What came with it.
    pub testimony: Testimony,
}

/// A late file is no news before this.
const GRACE: Duration = Duration::from_millis(2_500);

impl Model {
    /// How old what is shown is, and why: by that of the files that are polled which is worst off.
    #[must_use]
    pub fn freshness(&self, now: Monotonic) -> Freshness {
        let mut worst = None;
        for poll in self.polls.watched() {
            let freshness = self.freshness_of(poll, now);
            if worst.as_ref().is_none_or(|worst: &Freshness| worst.rank() <= freshness.rank()) {
                worst = Some(freshness);
            }
        }
        worst.unwrap_or(Freshness::Loading)
    }

    fn freshness_of(&self, poll: &Poll, now: Monotonic) -> Freshness {
        let Some(header) = &poll.header else {
            let is_first = self.polls.main.header.is_none();
            return match &poll.failure {
                // It has only just come into sight.
                _ if !is_first && !poll.is_watched_for(GRACE, now) => Freshness::Live,
                None => Freshness::Loading,
                Some(failure) if failure.is_absence() && is_first => Freshness::NoData(failure.clone()),
                Some(failure) => Freshness::Unreadable(failure.clone(), self.age(now)),
            };
        };
        let newest = header.newest.or_else(|| self.newest());
        let age = self.anchor.file_time(now).zip(newest).map(|(file_time, newest)| file_time.since(newest));
        let is_overdue = match header.due {
            Some(due) => self.is_overdue(poll, due, now),
            // Nothing was promised: any failure is news.
            None => true,
        };
        match (&poll.failure, header.due, header.written) {
            (Some(failure), ..) if is_overdue => Freshness::Unreadable(failure.clone(), age),
            (_, Some(due), written) if is_overdue => {
                let age = age.unwrap_or_default();
                let copies = poll.answers.of_copies().map(|testimony| Copies { age, written, testimony });
                copies.map_or(Freshness::Late(age, due), Freshness::Cached)
            }
            (_, Some(_), _) => Freshness::Live,
            (_, None, Some(written)) => Freshness::Stopped(written),
            (_, None, None) => Freshness::Unannounced(newest.unwrap_or_default()),
        }
    }

    /// How long ago the newest sample ended.
    #[must_use]
    pub fn age(&self, now: Monotonic) -> Option<Duration> {
        Some(self.anchor.file_time(now)?.since(self.newest()?))
    }

    /// The clock to paint a target's graphs by.
    ///
    /// Where no more is to come they stand still at the last sample. Where it should, they run on, so that it is seen that
    /// it does not; but not until the last good picture is out of sight.
    #[must_use]
    pub fn clock(&self, target: &Target) -> Option<DisplayClock> {
        let lag = self.lag(target);
        let runs_out = self.runs_out(target);
        if let Some(paused) = self.address.options.paused {
            return Some(DisplayClock::standing(runs_out.map_or(paused, |last| paused.min(last))));
        }
        if self.is_replay() {
            return target.newest().map(DisplayClock::standing);
        }
        let is_last = |poll: &Poll| matches!(poll.header, Some(Header { due: None, .. }));
        if let Some(newest) = target.newest().filter(|_| self.polls.watched().any(is_last)) {
            return target.motion.last_clock(newest, lag);
        }
        target.motion.clock(runs_out, lag)
    }

    /// Up to when the graphs of a target run on where nothing is known of it any more. Where a device does not answer there
    /// are samples, but all of them are gaps.
    pub(super) fn runs_out(&self, target: &Target) -> Option<Timestamp> {
        let last = target.answered().or(target.newest());
        last.map(|last| last.after(self.address.options.window.duration() / 3))
    }

    fn is_overdue(&self, poll: &Poll, due: Timestamp, now: Monotonic) -> bool {
        let interval = self.targets.iter().map(Target::interval).min().unwrap_or_default();
        let grace = GRACE.max(interval / 2).min(Duration::from_mins(1));
        // What was hidden or out of sight was not looked at: it is given the time to come.
        poll.is_watched_for(grace, now) && self.anchor.file_time(now).is_some_and(|time| time > due.after(grace))
    }
}

impl Freshness {
    /// What is worse has the higher number.
    const fn rank(&self) -> u8 {
        match self {
            Self::Live => 0,
            Self::Loading => 1,
            Self::Unannounced(_) => 2,
            Self::Stopped(_) => 3,
            Self::Late(..) => 4,
            Self::Cached(_) => 5,
            Self::NoData(_) => 6,
            Self::Unreadable(..) => 7,
        }
    }
}
