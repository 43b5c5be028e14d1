//! What was learned of an agent the hard way, and is doubted again after a long time: devices are mended and ways change.

use std::time::Duration;

use stats::Monotonic;

/// How much of something an agent bears.
#[derive(Debug)]
pub(super) struct Learned {
    limit: usize,
    most: usize,
    lowered: Option<Monotonic>,
    /// For how long it is believed.
    belief: Duration,
}

impl Learned {
    const BELIEF: Duration = Duration::from_mins(10);
    const LONGEST_BELIEF: Duration = Duration::from_hours(24);

    /// As much as this, until one knows better.
    pub(super) const fn most(most: usize) -> Self {
        Self { limit: most, most, lowered: None, belief: Self::BELIEF }
    }

    /// How much to ask for. After a long time it is twice as much as before, since a trial may cost a time-out; and each
    /// trial doubles the time to the next one.
    pub(super) fn limit(&mut self, now: Monotonic) -> usize {
        if self.lowered.is_some_and(|lowered| now.since(lowered) >= self.belief) {
            self.limit = (self.limit.max(1) * 2).min(self.most);
            self.lowered = (self.limit < self.most).then_some(now);
            self.belief = (self.belief * 2).min(Self::LONGEST_BELIEF);
        }
        self.limit
    }

    /// It was too much: no more than this from now on.
    pub(super) fn lower(&mut self, to: usize, now: Monotonic) {
        self.limit = self.limit.min(to);
        self.lowered = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: u64) -> Monotonic {
        Monotonic::new(Duration::from_mins(minutes))
    }

    #[test]
    fn what_was_too_much_is_tried_again_after_ten_minutes_and_then_ever_more_seldom() {
        let mut learned = Learned::most(100);
        learned.lower(20, minutes(0));
        assert_eq!(learned.limit(minutes(9)), 20);
        assert_eq!(learned.limit(minutes(10)), 40);
        learned.lower(20, minutes(10));
        assert_eq!(learned.limit(minutes(29)), 20);
        assert_eq!(learned.limit(minutes(30)), 40);
        assert_eq!(learned.limit(minutes(69)), 40);
        assert_eq!(learned.limit(minutes(70)), 80);
        assert_eq!(learned.limit(minutes(150)), 100);
        assert_eq!(learned.limit(minutes(100_000)), 100);
    }

    #[test]
    fn what_was_not_borne_at_all_is_tried_again_too() {
        let mut learned = Learned::most(1);
        learned.lower(0, minutes(0));
        assert_eq!(learned.limit(minutes(1)), 0);
        assert_eq!(learned.limit(minutes(10)), 1);
    }
}
