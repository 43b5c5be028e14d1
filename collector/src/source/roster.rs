//! The interfaces of a source that tells of all of them each time: which of them are wanted, and which are as they were.
//! Reads nothing.

use std::collections::HashMap;
use std::sync::Arc;

use stats::{Interface, KeptInterface, Reading};

use super::Snapshot;
use crate::selection::{Candidate, Missing, Selection};

/// What is known of a source's interfaces from the reading before.
#[derive(Debug)]
pub(super) struct Roster {
    selection: Selection,
    known: HashMap<String, Known>,
    missing: Arc<[Missing]>,
}

#[derive(Debug)]
struct Known {
    interface: KeptInterface,
    /// Once chosen, an interface stays, whatever becomes of its state.
    chosen: bool,
}

impl Roster {
    pub(super) fn new(selection: Selection) -> Self {
        Self { selection, known: HashMap::new(), missing: Arc::default() }
    }

    /// The chosen ones of these, which are all that there are. Their names differ.
    pub(super) fn snapshot(&mut self, all: Vec<(Interface, Reading)>) -> Snapshot {
        let mut before = std::mem::take(&mut self.known);
        let mut chosen = Vec::new();
        let mut has_news = before.len() != all.len();
        for (interface, reading) in all {
            let known = before.remove(&interface.name);
            has_news |= known.is_none();
            let loopback = interface.name == "lo";
            let is_chosen = known.as_ref().is_some_and(|known| known.chosen)
                || self.selection.admits(Candidate { interface: &interface, loopback });
            let kept = KeptInterface::from(&interface);
            let shared = match known {
                Some(known) if known.interface == kept => known.interface,
                _ => kept,
            };
            if is_chosen {
                chosen.push((shared.clone(), reading));
            }
            self.known.insert(interface.name, Known { interface: shared, chosen: is_chosen });
        }
        if has_news {
            let interfaces: Vec<Interface> = self.known.values().map(|known| known.interface.unpack()).collect();
            self.missing = self.selection.unmatched(&interfaces.iter()).into();
        }
        Snapshot { sys_name: None, interfaces: chosen, missing: Arc::clone(&self.missing) }
    }
}

#[cfg(test)]
mod tests {
    use stats::{Monotonic, OperStatus};

    use super::*;

    fn one(name: &str, oper: Option<OperStatus>) -> (Interface, Reading) {
        let interface = Interface { name: name.to_owned(), oper_status: oper, ..Interface::default() };
        (interface, Reading::new(Monotonic::default(), None))
    }

    fn names(snapshot: &Snapshot) -> Vec<&str> {
        snapshot.interfaces.iter().map(|(interface, _)| interface.name()).collect()
    }

    #[test]
    fn what_was_chosen_stays_and_is_shared_while_it_is_the_same() {
        let mut roster = Roster::new(Selection::Usable);
        let first = roster.snapshot(vec![one("lo", None), one("b", None), one("a", Some(OperStatus::Down))]);
        assert_eq!(names(&first), ["b"]);
        let second = roster.snapshot(vec![one("b", None), one("a", Some(OperStatus::Up))]);
        assert_eq!(names(&second), ["b", "a"]);
        assert!(first.interfaces[0].0.is_same(&second.interfaces[0].0));
        let third = roster.snapshot(vec![one("b", Some(OperStatus::Down)), one("a", Some(OperStatus::Up))]);
        assert_eq!(names(&third), ["b", "a"]);
        assert!(!second.interfaces[0].0.is_same(&third.interfaces[0].0));
    }

    #[test]
    fn a_pattern_that_fits_nothing_is_told_until_it_does() {
        let mut roster = Roster::new(Selection::of(vec!["eth9".to_owned()]).unwrap());
        assert_eq!(roster.snapshot(vec![one("eth0", None)]).missing.len(), 1);
        assert_eq!(roster.snapshot(vec![one("eth0", None), one("eth9", None)]).missing.len(), 0);
    }
}
