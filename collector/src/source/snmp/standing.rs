//! Whether counters of 64 bits that are at 0 count at all: there are devices that have them and never move them, while
//! those of 32 bits count. Then these are read.

use stats::{Counter, Reading};

use super::object::{Name, Object};
use super::session::{Refusal, Session};
use super::watched::Watched;

/// A counter of 64 bits that is at 0, and the one of 32 bits that counts the same.
#[derive(Clone, Copy, Debug)]
struct Doubt {
    /// The interface's place in the list.
    at: usize,
    counter: Counter,
    wide: Object,
    narrow: Object,
}

/// What looking for counters that stand still came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Some of the counters are read from elsewhere from now on.
    Some,
    None,
}

/// Looks for counters that stand still, among those that were at 0 in these readings. Both are asked for in one question:
/// between two of them the first octet may have passed.
pub(super) fn examine<'a>(
    session: &mut Session,
    watched: &mut [Watched],
    readings: impl Iterator<Item = &'a Reading>,
) -> Found {
    let mut left = doubts(watched, readings);
    let mut found = Found::None;
    while !left.is_empty() {
        let count = left.len().min(session.limit() / 2).max(1);
        let names: Vec<Name> = left[..count]
            .iter()
            .flat_map(|doubt| {
                let instance = Some(watched[doubt.at].index);
                [doubt.wide, doubt.narrow].map(|object| Name::of(object, instance))
            })
            .collect();
        let mut still = Vec::new();
        let answered = session.get(&names, |varbinds| {
            still.clear();
            for doubt in &left[..count] {
                let index = watched[doubt.at].index;
                let wide = varbinds.value_of(doubt.wide, index)?.counter();
                let narrow = varbinds.value_of(doubt.narrow, index)?.counter();
                if wide.is_some_and(|(value, _)| value == 0) && narrow.is_some_and(|(value, _)| value > 0) {
                    still.push(*doubt);
                }
            }
            varbinds.end()
        });
        match answered {
            Ok(_) => {
                for doubt in still {
                    found = Found::Some;
                    watched[doubt.at].stands_still(doubt.counter);
                }
                left.drain(..count);
            }
            Err(Refusal::TooBig) if count > 1 => {}
            // It is no trouble that would keep anybody from reading; the next description asks again.
            Err(_) => break,
        }
    }
    found
}

/// Readings are of the interfaces in their order, but that some have none.
fn doubts<'a>(watched: &mut [Watched], readings: impl Iterator<Item = &'a Reading>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut places = 0..watched.len();
    for reading in readings {
        let Some(at) = places.find(|at| Some(watched[*at].index) == reading.index) else { break };
        let doubtful = watched[at].doubtful(reading);
        doubts.extend(doubtful.map(|(counter, wide, narrow)| Doubt { at, counter, wide, narrow }));
        watched[at].examined();
    }
    doubts
}
