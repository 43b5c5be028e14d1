//! Whether what is shown is live, and what it is where it is not.

use std::time::Duration;

use stats::{Monotonic, Timestamp};

use crate::plot::DisplayClock;

use super::failure::Failure;
use super::{Header, Model, Target};

/// How old what is shown is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing is there yet, and nothing is wrong.
    Loading,
    /// What is shown is what is now.
    Live,
    /// The next file is overdue; the newest sample is that old.
    Late(Duration),
    /// There is no file at all.
    NoData(Failure),
    /// There is a file, or should be, and it cannot be read; the newest sample that was read is that old.
    Unreadable(Failure, Option<Duration>),
    /// The writer said that it will write no more.
    Stopped(Timestamp),
    /// The file does not say when the next one comes; its newest sample ended then.
    Unannounced(Timestamp),
}

/// A late file is no news before this.
const GRACE: Duration = Duration::from_millis(2_500);

impl Model {
    /// How old what is shown is, and why.
    #[must_use]
    pub fn freshness(&self, now: Monotonic) -> Freshness {
        let Some(header) = &self.header else {
            return match &self.failure {
                None => Freshness::Loading,
                Some(failure) if failure.is_absence() => Freshness::NoData(failure.clone()),
                Some(failure) => Freshness::Unreadable(failure.clone(), None),
            };
        };
        let age = self.age(now);
        let is_overdue = match header.due {
            Some(due) => self.is_overdue(due, now),
            // Nothing was promised: any failure is news.
            None => true,
        };
        match (&self.failure, header.due, header.written) {
            (Some(failure), ..) if is_overdue => Freshness::Unreadable(failure.clone(), age),
            (_, Some(_), _) if is_overdue => Freshness::Late(age.unwrap_or_default()),
            (_, Some(_), _) => Freshness::Live,
            (_, None, Some(written)) => Freshness::Stopped(written),
            (_, None, None) => Freshness::Unannounced(self.newest().unwrap_or_default()),
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
        let newest = target.newest();
        if let (Some(Header { due: None, .. }), Some(newest)) = (&self.header, newest) {
            return target.motion.last_clock(newest);
        }
        target.motion.clock(newest.map(|newest| newest.after(self.address.window.duration() / 3)))
    }

    fn is_overdue(&self, due: Timestamp, now: Monotonic) -> bool {
        let interval = self.targets.iter().map(Target::interval).min().unwrap_or_default();
        let grace = GRACE.max(interval / 2).min(Duration::from_mins(1));
        // A page that was hidden has not looked: it is given the time to.
        let has_looked = now.since(self.resumed) > grace;
        has_looked && self.anchor.file_time(now).is_some_and(|file_time| file_time > due.after(grace))
    }
}
