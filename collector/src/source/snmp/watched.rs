//! An interface whose counters are read, and where each of them is to be found. Asks nobody.

use std::sync::Arc;

use stats::{Counter, Interface};

use super::columns::{IF_IN_N_UCAST_PKTS, IF_OUT_N_UCAST_PKTS, places};
use super::describe::Described;
use super::object::Object;

/// An interface whose counters are read.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    pub(super) index: u32,
    pub(super) interface: Arc<Interface>,
    /// For each of `Counter::ALL`, which of its places it is read from; beyond them where it has none.
    chosen: [u8; Counter::ALL.len()],
    wide: bool,
    state: State,
}

/// Whether it is known where the counters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// They are being looked for.
    Searching,
    /// All of them were where they are read from.
    Settled,
    /// One of them was there and is not any more.
    Lost,
}

impl Watched {
    /// Continues `before`, where that is the same interface, nothing was lost, and it had counters.
    pub(super) fn new(described: Described, before: Option<&Self>) -> Self {
        let Described { index, interface, wide, .. } = described;
        let is_known = |before: &&Self| before.wide == wide && before.state == State::Settled && before.width() > 0;
        let known = before.filter(is_known);
        let (chosen, state) = match known {
            Some(known) => (known.chosen, known.state),
            None => (Counter::ALL.map(|counter| first_place(counter, wide)), State::Searching),
        };
        // The same description stays the same allocation, by which others see that nothing has changed.
        let same = before.filter(|before| *before.interface == interface);
        let interface = same.map_or_else(|| Arc::new(interface), |before| Arc::clone(&before.interface));
        Self { index, interface, chosen, wide, state }
    }

    /// The counters that are read, and the columns that they are in.
    pub(super) fn columns(&self) -> impl Iterator<Item = (Counter, Object)> {
        let places = Counter::ALL.into_iter().zip(self.chosen);
        places.filter_map(|(counter, chosen)| Some((counter, *places_of(counter, chosen)?)))
    }

    /// How many counters are read.
    pub(super) fn width(&self) -> usize {
        self.columns().count()
    }

    pub(super) const fn is_searching(&self) -> bool {
        matches!(self.state, State::Searching)
    }

    /// Whether something was lost, so that the interface should be looked for again.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self.state, State::Lost)
    }

    /// What is known of the columns may not be so any more.
    pub(super) const fn doubt(&mut self) {
        self.state = State::Lost;
    }

    /// All of the columns answered.
    pub(super) fn found_all(&mut self) {
        if self.state != State::Searching {
            return;
        }
        self.state = State::Settled;
        // Packets that are not unicast contain the broadcast ones, which must not be counted twice.
        for (column, broadcast) in
            [(IF_IN_N_UCAST_PKTS, Counter::InBroadcast), (IF_OUT_N_UCAST_PKTS, Counter::OutBroadcast)]
        {
            if self.columns().any(|(_, object)| object == column) {
                self.chosen[broadcast as usize] = u8::MAX;
            }
        }
    }

    /// This counter was not in its column.
    pub(super) fn missed(&mut self, counter: Counter) {
        match self.state {
            State::Searching => {
                let chosen = &mut self.chosen[counter as usize];
                *chosen = chosen.saturating_add(1);
            }
            State::Settled | State::Lost => self.state = State::Lost,
        }
    }
}

fn places_of(counter: Counter, chosen: u8) -> Option<&'static Object> {
    places(counter).get(usize::from(chosen))
}

/// Where to look first. What has no `ifHCInOctets` has no other counter of 64 bits either; should that be wrong, the
/// counter of 32 bits is there all the same.
const fn first_place(counter: Counter, wide: bool) -> u8 {
    if !wide && places(counter).len() > 1 { 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(wide: bool) -> Watched {
        let described = Described { index: 1, interface: Interface::default(), loopback: false, wide };
        Watched::new(described, None)
    }

    /// Tells of columns what an agent that has only `there` would, until all is settled.
    #[track_caller]
    fn check_columns(wide: bool, there: &[&str], expected: &[(Counter, &str)]) {
        let mut watched = watched(wide);
        while watched.is_searching() {
            let missing: Vec<Counter> = watched
                .columns()
                .filter(|(_, object)| !there.contains(&object.name()))
                .map(|(counter, _)| counter)
                .collect();
            if missing.is_empty() {
                watched.found_all();
            }
            for counter in missing {
                watched.missed(counter);
            }
        }
        let columns: Vec<_> = watched.columns().map(|(counter, object)| (counter, object.name())).collect();
        assert_eq!(columns, expected);
    }

    #[test]
    fn each_counter_is_taken_from_the_best_place_that_has_it() {
        check_columns(
            true,
            &["ifHCInOctets", "ifInOctets", "ifInUcastPkts", "ifHCInMulticastPkts", "ifInErrors"],
            &[
                (Counter::InOctets, "ifHCInOctets"),
                (Counter::InPackets, "ifInUcastPkts"),
                (Counter::InMulticast, "ifHCInMulticastPkts"),
                (Counter::InErrors, "ifInErrors"),
            ],
        );
    }

    #[test]
    fn packets_that_are_not_unicast_stand_for_broadcast_ones_too() {
        check_columns(
            false,
            &["ifInOctets", "ifInNUcastPkts", "ifInBroadcastPkts"],
            &[(Counter::InOctets, "ifInOctets"), (Counter::InMulticast, "ifInNUcastPkts")],
        );
    }

    #[test]
    fn an_interface_without_counters_has_no_columns() {
        check_columns(false, &["ifDescr"], &[]);
    }

    #[test]
    fn a_counter_that_was_there_and_went_is_lost_and_not_looked_for_elsewhere() {
        let mut watched = watched(true);
        watched.found_all();
        let before: Vec<_> = watched.columns().collect();
        watched.missed(Counter::InOctets);
        assert!(watched.is_lost());
        assert_eq!(watched.columns().collect::<Vec<_>>(), before);
    }

    #[test]
    fn what_is_known_of_an_interface_outlives_a_new_description_of_it() {
        let mut before = watched(true);
        before.missed(Counter::InBroadcast);
        before.found_all();
        let described = Described { index: 1, interface: Interface::default(), loopback: false, wide: true };
        let after = Watched::new(described, Some(&before));
        assert!(!after.is_searching());
        assert!(Arc::ptr_eq(&after.interface, &before.interface));
        assert_eq!(after.columns().collect::<Vec<_>>(), before.columns().collect::<Vec<_>>());
    }
}
