//! Wall times for readings: a label that goes on evenly, and a new run when the wall clock was set. Reads no clock.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use stats::{Monotonic, Timestamp};

/// Both clocks at one moment.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Now {
    /// The one that measures.
    pub(crate) monotonic: Monotonic,
    /// The one that labels.
    pub(crate) wall: Timestamp,
}

impl Now {
    /// Both clocks, now.
    pub(crate) fn read() -> Self {
        Self { monotonic: crate::clock::monotonic(), wall: crate::clock::wall() }
    }
}

/// Turns points of the monotonic clock into wall times.
///
/// The wall clock is looked at once, so that labels are as even as what they label. It is looked at again only to see
/// whether it was set since: small machines start without knowing the time, and learn it while we run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Timeline {
    anchor: Now,
    run: u64,
}

impl Timeline {
    /// How far labels may be from the wall clock. A clock that is only disciplined gets there in hours, if at all.
    const TOLERANCE: Duration = Duration::from_millis(500);

    /// A timeline whose run is named after the moment that it begins at.
    pub(crate) const fn beginning(now: Now) -> Self {
        Self { anchor: now, run: now.wall.as_micros() }
    }

    /// Which run this is.
    pub(crate) const fn run(&self) -> u64 {
        self.run
    }

    /// The wall time of a point of the monotonic clock.
    pub(crate) fn label(&self, at: Monotonic) -> Timestamp {
        if at >= self.anchor.monotonic {
            self.anchor.wall.after(at.since(self.anchor.monotonic))
        } else {
            self.anchor.wall.before(self.anchor.monotonic.since(at))
        }
    }

    /// The timeline to go on with, where the wall clock was set since this one began.
    pub(crate) fn after_step(&self, now: Now) -> Option<Self> {
        let label = self.label(now.monotonic);
        let off = label.since(now.wall).max(now.wall.since(label));
        (off > Self::TOLERANCE).then(|| Self { run: now.wall.as_micros().max(self.run + 1), ..Self::beginning(now) })
    }

    /// A function that turns labels of `self` into labels of `other`.
    pub(crate) fn to(self, other: Self) -> impl Fn(Timestamp) -> Timestamp {
        let there = other.label(self.anchor.monotonic);
        let here = self.anchor.wall;
        move |label| label.after(there.since(here)).before(here.since(there))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(seconds: u64, wall_seconds: u64) -> Now {
        Now {
            monotonic: Monotonic::new(Duration::from_secs(seconds)),
            wall: Timestamp::from_micros(wall_seconds * 1_000_000),
        }
    }

    #[test]
    fn labels_go_on_with_the_monotonic_clock() {
        let timeline = Timeline::beginning(now(10, 1_000));
        assert_eq!(timeline.label(now(15, 0).monotonic), now(0, 1_005).wall);
        assert_eq!(timeline.label(now(4, 0).monotonic), now(0, 994).wall);
    }

    #[test]
    fn a_clock_that_was_set_begins_a_new_run_and_old_labels_move_along() {
        let old = Timeline::beginning(now(10, 1_000));
        assert!(old.after_step(now(20, 1_010)).is_none());
        let new = old.after_step(now(20, 9_000)).unwrap();
        assert_ne!(new.run(), old.run());
        assert_eq!(new.label(now(21, 0).monotonic), now(0, 9_001).wall);
        assert_eq!(old.to(new)(now(0, 1_005).wall), now(0, 8_995).wall);
    }

    #[test]
    fn a_clock_that_was_set_back_gets_a_run_of_its_own_too() {
        let old = Timeline::beginning(now(10, 1_000));
        let new = old.after_step(now(20, 500)).unwrap();
        assert!(new.run() > old.run());
        assert_eq!(old.to(new)(now(0, 1_005).wall), now(0, 495).wall);
    }
}
