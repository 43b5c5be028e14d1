//! What comes with a file and tells of its age: HTTP's `Date`, `Last-Modified` and `Age`, and the browser's clock. Pure.
//!
//! Any of them may be wrong, so that none of them moves a graph, but for the first file's age. Where files are old, they
//! tell who is to blame: the collector, or something between that answers with copies.

use std::time::Duration;

use stats::{Monotonic, Timestamp};

/// Who says what of the age of a file that came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Testimony {
    /// `Date`: when the answer was made, by the server's clock.
    pub sent: Option<Timestamp>,
    /// `Last-Modified`: when the file was written, by the same.
    pub modified: Option<Timestamp>,
    /// `Age`: how long the answer has been kept by others since.
    pub kept: Duration,
    /// When it came, by the browser's clock.
    pub received: Timestamp,
    /// `ETag`, as [`tag`] shortens it: another one is another file, though it may say the same.
    pub tag: Option<u64>,
}

/// What tells one `ETag` from another, in few octets (FNV-1a).
#[must_use]
pub fn tag(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Testimony {
    /// How long ago the file had been written when it came, at least. All times of HTTP are whole seconds.
    #[must_use]
    pub fn age(&self) -> Duration {
        let age = self.sent.zip(self.modified).map(|(sent, modified)| sent.since(modified)).unwrap_or_default();
        (age + self.kept).saturating_sub(Duration::from_secs(1))
    }
}

/// What was said by the answers to all looks at one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    /// The last one, and when it came.
    last: Option<(Testimony, Monotonic)>,
    /// Since when answers have been of the same `Date`.
    same: Monotonic,
}

impl Answers {
    /// A server may answer twice within a second, and a page may have to wait.
    const SAME_FOR: Duration = Duration::from_secs(3);

    pub(super) fn came(&mut self, testimony: Testimony, now: Monotonic) {
        let is_same = self.last.is_some_and(|(last, _)| last.sent.is_some() && last.sent == testimony.sent);
        if !is_same {
            self.same = now;
        }
        self.last = Some((testimony, now));
    }

    /// What the last one said, where something between the server and this page answers with copies: it says so itself, or
    /// the server's clock seems to stand still.
    pub(super) fn of_copies(&self) -> Option<Testimony> {
        let (last, at) = self.last?;
        (!last.kept.is_zero() || at.since(self.same) > Self::SAME_FOR).then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> Timestamp {
        Timestamp::from_micros((1_700_000_000 + second) * 1_000_000)
    }

    /// Answers as (when they came, their `Date`, their `Age`).
    #[track_caller]
    fn check(answers: &[(u64, Option<u64>, u64)], are_copies: bool) {
        let mut all = Answers::default();
        for (second, sent, kept) in answers {
            let sent = sent.map(at);
            let testimony = Testimony { sent, kept: Duration::from_secs(*kept), ..Testimony::default() };
            all.came(testimony, Monotonic::new(Duration::from_secs(*second)));
        }
        assert_eq!(all.of_copies().is_some(), are_copies);
    }

    #[test]
    fn a_server_whose_clock_goes_on_keeps_no_copies_whatever_it_shows() {
        check(&[(0, Some(7_200), 0), (1, Some(7_200), 0), (2, Some(7_201), 0), (9, Some(7_208), 0)], false);
        check(&[(0, None, 0), (60, None, 0)], false);
        check(&[], false);
    }

    #[test]
    fn a_cache_says_so_itself() {
        check(&[(0, Some(0), 0), (9, Some(0), 9)], true);
        check(&[(0, Some(0), 40)], true);
    }

    #[test]
    fn an_answer_that_comes_again_and_again_is_a_copy() {
        check(&[(0, Some(0), 0), (1, Some(0), 0), (4, Some(0), 0)], true);
        check(&[(0, Some(0), 0), (4, Some(0), 0), (5, Some(5), 0)], false);
    }

    #[test]
    fn the_age_of_a_file_is_what_the_server_and_the_caches_say() {
        let testimony = Testimony {
            sent: Some(at(70)),
            modified: Some(at(10)),
            kept: Duration::from_secs(5),
            ..Testimony::default()
        };
        assert_eq!(testimony.age(), Duration::from_secs(64));
        assert_eq!(Testimony { modified: Some(at(99)), ..testimony }.age(), Duration::from_secs(4));
        assert_eq!(Testimony::default().age(), Duration::ZERO);
    }
}
