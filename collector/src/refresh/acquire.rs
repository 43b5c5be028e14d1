//! Learns from looks in close succession how an agent refreshes its counters. Reads no clock.

use std::time::Duration;

use stats::Monotonic;

use super::lattice::Lattice;
use super::span::{Span, seconds_since};
use super::{Look, Meanwhile};

/// A close look at an agent.
#[derive(Clone, Debug)]
pub(super) struct Acquisition {
    known: Known,
    interval: Duration,
    began: Option<Monotonic>,
    changes: Vec<Change>,
}

/// What is known of an agent that is looked at closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing.
    Nothing,
    /// Nothing, and there is so little to be seen that no reading need wait for it.
    Little,
    /// It was live when it was last looked at closely.
    Live,
    /// It refreshed its counters in this period, and only when it does that is not known any more.
    Period(Duration),
    /// It did, and then it did something else.
    Doubted(Duration),
}

impl Known {
    /// The period that it has.
    pub(super) const fn period(self) -> Option<Duration> {
        if let Self::Period(period) = self { Some(period) } else { None }
    }

    /// The period that it has most likely.
    pub(super) const fn likely_period(self) -> Option<Duration> {
        if let Self::Period(period) | Self::Doubted(period) = self { Some(period) } else { None }
    }

    /// What becomes of readings at first.
    pub(super) const fn meanwhile(self) -> Meanwhile {
        match self {
            Self::Nothing | Self::Period(_) | Self::Doubted(_) => Meanwhile::Wait,
            Self::Little | Self::Live => Meanwhile::Behind(Duration::ZERO),
        }
    }
}

/// Something changed after the one time and by the other.
#[derive(Clone, Copy, Debug)]
struct Change {
    after: Monotonic,
    by: Monotonic,
    octets: u64,
    /// Whether that is known well enough to measure with. It isn't where looks were lost.
    is_clear: bool,
}

/// What a close look came to.
#[derive(Clone, Debug)]
pub(super) enum Acquired {
    /// Something changes whenever it is looked at.
    Live,
    /// There is too little to be seen.
    Nothing,
    /// Refreshes come at even distances.
    Even(Lattice),
    /// Refreshes come at this distance by and large.
    Uneven(Duration),
}

impl Acquisition {
    /// The shortest and the longest time between two looks, whatever the interval.
    const CLOSEST: Duration = Duration::from_millis(20);
    const WIDEST: Duration = Duration::from_millis(100);
    /// How long nothing may change: most caches are younger.
    const PAUSE: Duration = Duration::from_secs(12);
    /// For how long at most nothing may change. No cache is known that is older.
    pub(super) const LONGEST: Duration = Duration::from_secs(31);
    /// After so many changes there must be a verdict.
    const MOST_CHANGES: usize = 12;
    /// More periods than this between two changes leave too much room.
    const MOST_PERIODS: u32 = 4;
    /// Of periods of this length one is enough, if much passes in it.
    const LONG: Duration = Duration::from_secs(4);

    /// Of an agent that is read once in that interval.
    pub(super) fn new(known: Known, interval: Duration) -> Self {
        Self { known, interval, began: None, changes: Vec::new() }
    }

    /// What was known before.
    pub(super) const fn known(&self) -> Known {
        self.known
    }

    /// When to look next, after a look at `last`.
    pub(super) fn next_glance(&self, last: Monotonic) -> Monotonic {
        // The longer nothing changes, the less precisely it need be known when it does.
        let since = last.since(self.changes.last().map_or(self.began.unwrap_or(last), |change| change.by));
        let usual = self.closest().max(since * 3 / 100).min(self.interval);
        let next = last.after(usual);
        match self.changes.as_slice() {
            // Two changes tell when the next one can be expected.
            [.., before, newest] if self.is_distance(before, newest) => {
                let distance = newest.by.since(before.by);
                let (from, to) = (newest.by.after(distance * 92 / 100), newest.by.after(distance * 108 / 100));
                let closer = last.after((distance / 100).max(Self::CLOSEST));
                if last > to { next } else { closer.max(from) }
            }
            _ => next,
        }
    }

    /// Whether these changes are a period apart, as far as they tell.
    fn is_distance(&self, before: &Change, newest: &Change) -> bool {
        let distance = newest.by.since(before.by);
        before.is_clear && newest.is_clear && self.closest() * 3 < distance && distance <= Self::LONGEST
    }

    /// What becomes of readings from this look on.
    pub(super) fn meanwhile(&self, before: Meanwhile, look: Look) -> Meanwhile {
        let since = look.at.since(self.changes.last().map_or(self.began.unwrap_or(look.at), |change| change.by));
        // When nothing has changed for so long, there most likely is nothing to be seen.
        let vain = self.known.period().map_or(Self::PAUSE, |period| period * 2);
        let is_vain = since > if self.changes.is_empty() { vain } else { vain.max(Self::PAUSE) };
        match (is_vain, look.changed()) {
            // It would cost resolution where there is none to be lost.
            _ if self.known == Known::Live => before,
            // Whoever looks at the page wants to see something, if only that there is nothing.
            (true, false) => Meanwhile::Behind(self.known.likely_period().unwrap_or_default()),
            _ if self.known == Known::Little && look.octets < Look::MANY => before,
            // After all this time, that is most likely a refresh.
            (true, true) => Meanwhile::Wait,
            (false, true) if self.known == Known::Little => Meanwhile::Wait,
            (false, _) => before,
        }
    }

    /// Takes note of a look, and of the one before, at `before`.
    pub(super) fn look(&mut self, before: Monotonic, look: Look) -> Option<Acquired> {
        let began = *self.began.get_or_insert(before);
        let last = self.changes.last().map_or(began, |change| change.by);
        if look.changed() {
            let is_clear = look.at.since(before) <= (look.at.since(last) / 10).max(self.quick());
            if let Some(lattice) = self.find_again(before, look.at) {
                return Some(Acquired::Even(lattice));
            }
            self.changes.push(Change { after: before, by: look.at, octets: look.octets, is_clear });
            return self.judge();
        }
        (look.at.since(last) > Self::LONGEST).then_some(Acquired::Nothing)
    }

    /// Of an agent whose period is known, one refresh tells all of them.
    fn find_again(&self, after: Monotonic, by: Monotonic) -> Option<Lattice> {
        /// What the period may be off by, as a part of it.
        const OFF: f64 = 0.01;

        let period = self.known.period().filter(|period| by.since(after) <= *period / 2)?.as_secs_f64();
        let period = Span { low: period, high: period }.wider(period * OFF);
        let newest = Span { low: 0.0, high: by.since(after).as_secs_f64() };
        Some(Lattice::new(after, self.interval, period, newest.high, newest))
    }

    fn judge(&self) -> Option<Acquired> {
        let gaps: Vec<Duration> = self.changes.windows(2).map(|pair| pair[1].by.since(pair[0].by)).collect();
        let quick = self.quick();
        if gaps.len() >= 3 && gaps.iter().rev().take(3).all(|gap| *gap <= quick) {
            return Some(Acquired::Live);
        }
        let shortest = gaps.iter().min().copied()?;
        let lattice = self.fit_any(&self.changes, &gaps).or_else(|| self.fit_any(self.latest(&gaps), &gaps));
        let lattice = lattice.or_else(|| self.fit_last());
        if let Some(lattice) = lattice {
            // What is refreshed that often need not be known.
            let is_short = lattice.period() * 16 <= self.interval;
            return Some(if is_short { Acquired::Live } else { Acquired::Even(lattice) });
        }
        if self.changes.len() < Self::MOST_CHANGES {
            return None;
        }
        // Where there is little traffic, the shortest time between two packets is what can be said of the refresh.
        Some(if shortest > self.interval { Acquired::Uneven(shortest) } else { Acquired::Live })
    }

    fn fit_any(&self, changes: &[Change], gaps: &[Duration]) -> Option<Lattice> {
        self.fit_clear(changes).filter(Lattice::is_exact).or_else(|| self.fit_all(changes, gaps))
    }

    /// The changes since nothing passed for so long that it is not known how many refreshes there were.
    fn latest(&self, gaps: &[Duration]) -> &[Change] {
        let longest = gaps.iter().min().map_or(Duration::MAX, |shortest| *shortest * (Self::MOST_PERIODS + 1));
        let pause = gaps.iter().rposition(|gap| *gap > longest);
        &self.changes[pause.map_or(0, |pause| pause + 1)..]
    }

    /// The lattice of the last few changes, where much passed in each: before that, some may have been missed.
    fn fit_last(&self) -> Option<Lattice> {
        const FEW: usize = 4;

        let last = self.changes.last_chunk::<FEW>()?;
        let is_many = last.iter().all(|change| change.octets >= Look::MANY && change.is_clear);
        self.fit_clear(last).filter(|_| is_many)
    }

    /// The lattice of those changes that are known well, some of which may not have been seen.
    fn fit_clear(&self, changes: &[Change]) -> Option<Lattice> {
        let clear: Vec<&Change> = changes.iter().filter(|change| change.is_clear).collect();
        let shortest = clear.windows(2).map(|pair| pair[1].by.since(pair[0].by)).min()?;
        let is_many = clear.iter().all(|change| change.octets >= Look::MANY);
        let needed = if shortest >= Self::LONG && is_many { 2 } else { 3 };
        if clear.len() < needed || shortest <= self.quick() {
            return None;
        }
        self.fit(&clear, shortest)
    }

    /// The lattice of all these changes, none of which was missed: many that are known badly are as good as few that aren't.
    fn fit_all(&self, changes: &[Change], gaps: &[Duration]) -> Option<Lattice> {
        const FEWEST: usize = 4;

        let gaps = &gaps[self.changes.len() - changes.len()..];
        let mean = gaps.iter().sum::<Duration>() / u32::try_from(gaps.len()).ok()?.max(1);
        if gaps.len() < FEWEST || mean <= self.quick() * 3 {
            return None;
        }
        let all: Vec<&Change> = changes.iter().collect();
        self.fit(&all, mean).filter(Lattice::is_exact)
    }

    /// The lattice that these changes are on, where there is one.
    fn fit(&self, changes: &[&Change], shortest: Duration) -> Option<Lattice> {
        /// What the distance of two refreshes may be off by, as a part of the period.
        const JITTER: f64 = 0.02;

        let first = self.changes.first()?;
        let origin = first.after;
        let guess = shortest.as_secs_f64();
        let jitter = 0.005 + JITTER * guess;
        let mut marks: Vec<(f64, Span)> = Vec::with_capacity(changes.len());
        let mut period = Span { low: guess * 0.8, high: guess * 1.2 };
        for change in changes {
            let span = Span { low: seconds_since(origin, change.after), high: seconds_since(origin, change.by) };
            let number = match marks.last() {
                None => 0.0,
                Some((number, last)) => {
                    let periods = ((span.high - last.high) / guess).round().max(1.0);
                    if periods > f64::from(Self::MOST_PERIODS) {
                        return None;
                    }
                    number + periods
                }
            };
            // Each pair, since the first ones are not known as well as the later ones.
            for (earlier, from) in &marks {
                let periods = number - earlier;
                let low = (span.low - from.high - jitter) / periods;
                period = period.and(Span { low, high: (span.high - from.low + jitter) / periods })?;
            }
            marks.push((number, span));
        }
        let (_, newest) = marks.last()?;
        Some(Lattice::new(origin, self.interval, period, seconds_since(origin, first.by), *newest))
    }

    /// Changes that follow each other so closely come whenever somebody looks.
    fn quick(&self) -> Duration {
        self.closest() * 8 / 5
    }

    /// The time between two looks at first: so short that what is refreshed as often need not be known.
    fn closest(&self) -> Duration {
        (self.interval / 20).clamp(Self::CLOSEST, Self::WIDEST)
    }
}
