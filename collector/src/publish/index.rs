//! When the index is due. Writes nothing.

use std::time::Duration;

use stats::Timestamp;

use super::scale::Scale;
use crate::watch::Watch;

/// What the index waits for.
#[derive(Debug)]
pub(super) struct Index {
    shortest_interval: Duration,
    scale: Scale,
    targets: Vec<Counted>,
    /// The newest round that an index was written for.
    round: Option<u64>,
    /// When it was written last, and when it was said that it would be written again.
    written: Option<Timestamp>,
    due: Option<Timestamp>,
    /// What there is to tell that was not told then.
    news: News,
}

/// What is not what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum News {
    Nothing,
    Samples,
    Interfaces,
}

/// What there was of one target.
#[derive(Clone, Debug)]
struct Counted {
    interfaces: usize,
    samples: usize,
    state: TargetState,
}

/// What a target is to the index after it was published.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TargetState {
    /// The round that was published last.
    round: Option<u64>,
    interval: Duration,
    /// When it is to be published next, and how often there will be nothing new then.
    next: Option<Timestamp>,
    barren: u32,
    /// Changes with each sample, and with how they are labelled.
    samples: (u64, u64),
    has_problem: bool,
    /// Changes with what is listed of it.
    revision: u64,
}

impl TargetState {
    pub(super) fn of(watch: &Watch, round: u64, written: Timestamp) -> Self {
        Self {
            round: Some(round),
            interval: watch.interval(),
            next: Some(written.after(watch.pace().next)),
            barren: watch.pace().barren,
            samples: (watch.timeline().run(), watch.samples()),
            has_problem: watch.problem().is_some(),
            revision: watch.revision(),
        }
    }
}

impl Index {
    /// How often a list of interfaces is written that changes all the time.
    const LISTING_AT_MOST_EVERY: Duration = Duration::from_secs(5);
    /// How often one that stays the same is written, for those who have the page open.
    const LISTING_AT_LEAST_EVERY: Duration = Duration::from_mins(1);

    pub(super) fn new(targets: usize, shortest_interval: Duration) -> Self {
        let state = TargetState { interval: shortest_interval, ..TargetState::default() };
        let counted = Counted { interfaces: 0, samples: 0, state };
        Self {
            shortest_interval,
            scale: Scale::default(),
            targets: vec![counted; targets],
            round: None,
            written: None,
            due: None,
            news: News::Interfaces,
        }
    }

    pub(super) const fn scale(&self) -> Scale {
        self.scale
    }

    /// A target has so many interfaces, which would keep so many samples.
    pub(super) fn count(&mut self, target: usize, interfaces: usize, samples: usize) -> Scale {
        let counted = &mut self.targets[target];
        if (counted.interfaces, counted.samples) != (interfaces, samples) {
            (counted.interfaces, counted.samples) = (interfaces, samples);
            let sum = |part: fn(&Counted) -> usize| self.targets.iter().map(part).sum::<usize>();
            self.scale = self.scale.with(sum(|counted| counted.interfaces), sum(|counted| counted.samples));
        }
        self.scale
    }

    /// So many interfaces are to be expected.
    pub(super) fn expect(&mut self, interfaces: usize, samples: usize) -> Scale {
        self.scale = self.scale.with(interfaces, samples);
        self.scale
    }

    /// Whether the index is to be written, now that a target was published.
    pub(super) fn is_due(&mut self, target: usize, state: TargetState, now: Timestamp) -> bool {
        let before = std::mem::replace(&mut self.targets[target].state, state);
        if before.revision != state.revision {
            self.news = News::Interfaces;
        } else if before.samples != state.samples {
            self.news = self.news.max(News::Samples);
        }
        let Some(round) = state.round else { return false };
        // Who doesn't answer, or is asked more seldom, costs the others nothing.
        let is_complete = self.waited_for().all(|other| other.round >= Some(round));
        let next = self.round.map_or(0, |written| written + 1);
        if is_complete && next <= round {
            self.round = Some(round);
        } else if next < round {
            // Somebody is late for the round before; that one is not waited for any longer.
            self.round = Some(round - 1);
        } else {
            return false;
        }
        let Some(written) = self.written else { return true };
        if !self.scale.has_listing() {
            return self.news != News::Nothing || super::has_come(self.due, now, self.shortest_interval);
        }
        let age = now.since(written).max(written.since(now));
        match self.news {
            News::Interfaces => age >= Self::LISTING_AT_MOST_EVERY,
            News::Nothing | News::Samples => age >= Self::LISTING_AT_LEAST_EVERY,
        }
    }

    /// The targets that an index has to be complete of. Who doesn't answer, or is asked more seldom, costs the others
    /// nothing.
    fn waited_for(&self) -> impl Iterator<Item = &TargetState> {
        let states = self.targets.iter().map(|target| &target.state);
        states.filter(|state| !state.has_problem && state.interval == self.shortest_interval)
    }

    fn next_after(&self, written: Timestamp) -> Timestamp {
        if self.scale.has_listing() {
            return written.after(Self::LISTING_AT_LEAST_EVERY);
        }
        // That of the last of them, as it is they who complete a round, in the first round in which one has something new.
        let next = self.waited_for().filter_map(|state| state.next).max().filter(|next| *next > written);
        let next = next.unwrap_or_else(|| written.after(self.shortest_interval));
        let barren = self.waited_for().map(|state| state.barren).min().unwrap_or_default();
        next.after(self.shortest_interval * barren)
    }

    /// It is being written; tells when the next one is to be expected.
    pub(super) fn written(&mut self, at: Timestamp) -> Timestamp {
        self.written = Some(at);
        self.news = News::Nothing;
        let due = self.next_after(at);
        self.due = Some(due);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The seconds at which the index of one target of so many interfaces is written that changes with each revision.
    #[track_caller]
    fn check(interfaces: usize, revision: impl Fn(u64) -> u64, expected: &[u64]) {
        let mut index = Index::new(1, SECOND);
        index.count(0, interfaces, 0);
        let is_written = |second: &u64| {
            let now = Timestamp::from_micros(1_000_000_000).after(SECOND * u32::try_from(*second).unwrap());
            let revision = revision(*second);
            let state = TargetState { round: Some(*second), interval: SECOND, revision, ..TargetState::default() };
            let is_due = index.is_due(0, state, now);
            if is_due {
                index.written(now);
            }
            is_due
        };
        assert_eq!((0..=130).filter(is_written).collect::<Vec<u64>>(), expected);
    }

    #[test]
    fn an_index_with_samples_is_written_at_each_round() {
        check(10_000, |_| 1, &(0..=130).collect::<Vec<u64>>());
    }

    #[test]
    fn an_index_that_has_nothing_new_to_tell_is_written_when_it_is_due() {
        let mut index = Index::new(1, SECOND);
        let is_written = |second: &u64| {
            let now = Timestamp::from_micros(1_000_000_000).after(SECOND * u32::try_from(*second).unwrap());
            // Something new each third second, of which that is known from the ninth on, and nothing from the 18th on.
            let state = TargetState {
                round: Some(*second),
                interval: SECOND,
                next: Some(now.after(SECOND)),
                barren: if *second < 9 { 0 } else { 2 },
                samples: (1, second.min(&18) / 3),
                ..TargetState::default()
            };
            let is_due = index.is_due(0, state, now);
            if is_due {
                index.written(now);
            }
            is_due
        };
        let written: Vec<u64> = (0..=27).filter(is_written).collect();
        assert_eq!(written, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 18, 21, 24, 27]);
    }

    #[test]
    fn a_listing_is_written_when_it_changes_and_each_minute() {
        check(10_001, |second| if second < 8 { 1 } else { 2 }, &[0, 8, 68, 128]);
    }

    #[test]
    fn a_listing_that_changes_all_the_time_is_not_written_all_the_time() {
        check(10_001, |second| second.min(17), &[0, 5, 10, 15, 20, 80]);
    }

    #[test]
    fn the_next_index_is_due_when_the_last_target_is_that_others_wait_for() {
        let now = Timestamp::from_micros(1_000_000_000);
        let mut index = Index::new(3, SECOND);
        let state = |pace: u64, has_problem| TargetState {
            round: Some(0),
            interval: SECOND,
            next: Some(now.after(Duration::from_millis(pace))),
            has_problem,
            ..TargetState::default()
        };
        let targets = [state(1_000, false), state(1_400, false), state(9_000, true)];
        let is_due: Vec<bool> = (0..).zip(targets).map(|(target, state)| index.is_due(target, state, now)).collect();
        assert_eq!(is_due, [false, false, true]);
        assert_eq!(index.written(now), now.after(Duration::from_millis(1_400)));
    }

    #[test]
    fn without_a_target_that_answers_the_next_index_is_due_after_the_shortest_interval() {
        let now = Timestamp::from_micros(1_000_000_000);
        let mut index = Index::new(1, SECOND);
        assert_eq!(index.written(now), now.after(SECOND));
    }
}
