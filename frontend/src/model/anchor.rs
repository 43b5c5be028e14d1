//! What the writer's clock shows, told from the files alone: viewers' clocks may be wrong. Reads no clock.

use std::time::Duration;

use stats::{Monotonic, Timestamp, micros};

/// The writer's clock, as well as the page can tell.
///
/// A file that says when it was written arrives some time after that, never before: the writer's clock has gone on since
/// then by what the file waited to be fetched, and by what it was on its way. So every file gives a bound, and the file
/// that came soonest after it was written gives the best one.
#[derive(Clone, Debug, Default)]
pub(super) struct Anchor {
    /// The writer's time less the page's at the reception of each of the last files, in microseconds.
    offsets: Vec<i64>,
    /// The same by what the server says of the first file's age, until there is another file.
    provisional: Option<i64>,
    /// How much later than that it may be.
    uncertainty: Duration,
}

impl Anchor {
    /// Clocks drift, so that the best bound of an hour ago is none any more.
    const KEPT: usize = 60;
    /// It is not sought more precisely.
    const PRECISION: Duration = Duration::from_millis(40);

    /// A file came that was written then, and as the server says no less than `age` ago; the next one is due at `due`.
    ///
    /// What the server says is only believed of the first file, where nothing else tells a new file from one that has been
    /// there for days. Of later ones the page has seen itself when they came; and there are servers with clocks that are
    /// wrong by a time zone.
    pub(super) fn received(&mut self, written: Timestamp, age: Duration, due: Option<Timestamp>, now: Monotonic) {
        self.provisional = None;
        let before = self.offset();
        if self.offsets.len() >= Self::KEPT {
            self.offsets.remove(0);
        }
        let bound = signed(written.as_micros()).saturating_sub(signed(micros(now.since_zero())));
        self.offsets.push(bound);
        if before.is_none() && !age.is_zero() {
            self.provisional = self.offset().map(|offset| offset.saturating_add(signed(micros(age))));
        }
        // It may have been about to be replaced.
        let most = due.map_or(Duration::ZERO, |due| due.since(written));
        self.uncertainty = match (before, self.offset()) {
            (Some(before), Some(after)) => {
                let gained = Duration::from_micros(u64::try_from(after.saturating_sub(before)).unwrap_or(0));
                let rest = self.uncertainty.saturating_sub(gained);
                // One that is written more often than those before tells more.
                if bound == after { rest.min(most) } else { rest }
            }
            _ => most,
        };
        self.settle();
    }

    /// The next file had not been there yet at a time when it might have been.
    pub(super) fn came_too_early(&mut self) {
        self.uncertainty /= 2;
        self.settle();
    }

    fn settle(&mut self) {
        if self.uncertainty < Self::PRECISION {
            self.uncertainty = Duration::ZERO;
        }
    }

    /// When to look for a file that is due at `due`: in the middle of what is possible, so that each attempt halves it.
    #[must_use]
    pub(super) fn expect(&self, due: Timestamp) -> Option<Monotonic> {
        let page = self.page_time(due)?;
        Some(Monotonic::new(page.since_zero().saturating_sub(self.uncertainty / 2)))
    }

    /// The writer's time.
    #[must_use]
    pub(super) fn file_time(&self, now: Monotonic) -> Option<Timestamp> {
        let micros = signed(micros(now.since_zero())).saturating_add(self.offset()?);
        Some(Timestamp::from_micros(u64::try_from(micros).unwrap_or(0)))
    }

    /// The page's time at the writer's.
    fn page_time(&self, then: Timestamp) -> Option<Monotonic> {
        let micros = signed(then.as_micros()).saturating_sub(self.offset()?);
        Some(Monotonic::new(Duration::from_micros(u64::try_from(micros).unwrap_or(0))))
    }

    /// The writer's time less the page's, in microseconds.
    #[must_use]
    pub(super) fn offset(&self) -> Option<i64> {
        self.offsets.iter().copied().chain(self.provisional).max()
    }
}

fn signed(micros: u64) -> i64 {
    i64::try_from(micros).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(millis: u64) -> Monotonic {
        Monotonic::new(Duration::from_millis(millis))
    }

    fn file(millis: u64) -> Timestamp {
        Timestamp::from_micros(1_700_000_000_000_000).after(Duration::from_millis(millis))
    }

    /// Files as (when written, when received), and the writer's time at the page's 10 s.
    #[track_caller]
    fn check(files: &[(u64, u64)], expected: u64) {
        let mut anchor = Anchor::default();
        for (written, received) in files {
            anchor.received(file(*written), Duration::ZERO, Some(file(written + 1_000)), page(*received));
        }
        assert_eq!(anchor.file_time(page(10_000)), Some(file(expected)));
    }

    #[test]
    fn the_file_that_came_soonest_counts() {
        check(&[(500, 1_000)], 9_500);
        check(&[(500, 1_000), (1_500, 1_600), (2_500, 2_900)], 9_900);
    }

    #[test]
    fn a_clock_that_drifts_is_followed() {
        let slow: Vec<(u64, u64)> = (0..200).map(|second| (second * 999, second * 1_000)).collect();
        // The best of the last 60, the first of which came at 140 s.
        check(&slow, 10_000 - 140);
    }

    #[test]
    fn the_server_tells_how_old_the_first_file_is() {
        let (mut anchor, age) = (Anchor::default(), Duration::from_mins(10));
        anchor.received(file(500), age, Some(file(1_500)), page(1_000));
        assert_eq!(anchor.file_time(page(1_000)), Some(file(600_500)));
        anchor.received(file(1_500), age, Some(file(2_500)), page(2_000));
        assert_eq!(anchor.file_time(page(2_000)), Some(file(1_500)));
    }

    #[test]
    fn nothing_is_known_without_a_file() {
        assert_eq!(Anchor::default().file_time(page(1)), None);
        assert_eq!(Anchor::default().expect(file(1)), None);
    }

    #[test]
    fn a_few_looks_find_out_when_files_are_written() {
        // The page opened 700 ms after the file had been written, and each file is there at a full second of `file`.
        let mut anchor = Anchor::default();
        anchor.received(file(0), Duration::ZERO, Some(file(1_000)), page(700));
        let (mut now, mut due, mut looks) = (page(700), 1_000, 0);
        while due < 6_000 {
            now = anchor.expect(file(due)).unwrap().max(now.after(Duration::from_millis(50)));
            looks += 1;
            if now.since_zero().as_millis() >= u128::from(due) {
                anchor.received(file(due), Duration::ZERO, Some(file(due + 1_000)), now);
                due += 1_000;
            } else {
                anchor.came_too_early();
            }
        }
        assert!(looks <= 11, "{looks} looks for five files");
        let file_time = anchor.file_time(now).unwrap();
        assert!(file(6_000).since(file_time) < Duration::from_millis(1_060), "{file_time:?}");
    }
}
