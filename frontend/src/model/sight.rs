//! What the viewer has before their eyes, and which live files tell of it. Knows nothing of screens: the shell says which
//! cards are in sight.

use stats::Monotonic;

use crate::list::List;

use super::Model;
use super::find::Place;

impl Model {
    /// The page is seen again: what it missed is fetched, all at once.
    pub(super) fn come_back(&mut self, now: Monotonic) {
        /// Fewer samples are in files that are fetched in any case, or in the live ones.
        const FEW: u32 = 10;

        self.polls.resume(now);
        let gone = now.since(self.hidden);
        for target in self.targets.iter_mut().filter(|target| gone > target.interval() * FEW) {
            for interface in &mut target.interfaces {
                interface.is_opened = false;
            }
        }
    }

    /// Takes in which cards are in sight.
    pub(super) fn see(&mut self, places: &[Place]) {
        for target in &mut self.targets {
            for interface in &mut target.interfaces {
                interface.is_in_sight = false;
            }
        }
        for place in places {
            let target = self.targets.get_mut(place.target);
            if let Some(interface) = target.and_then(|target| target.interfaces.get_mut(place.interface)) {
                interface.is_in_sight = true;
            }
        }
    }

    /// What is shown at present: of the overview, what is in sight.
    pub(super) fn shown(&self) -> Vec<Place> {
        match &self.address.interface {
            Some(_) => self.opened().into_iter().list(),
            None => match self.summed() {
                Some(places) => places,
                None => self.places().filter(|place| self.at(*place).1.is_in_sight).list(),
            },
        }
    }

    /// The live files of what is shown and is only listed in the index.
    pub(super) fn live_in_sight(&self) -> Vec<String> {
        let mut paths: Vec<&str> = Vec::new();
        for place in self.shown() {
            let interface = self.at(place).1;
            let live = interface.live.as_deref().filter(|_| interface.is_listed);
            // Many interfaces share a file.
            if let Some(path) = live.filter(|path| !paths.contains(path)) {
                paths.push(path);
            }
        }
        paths.into_iter().map(str::to_owned).list()
    }

    /// Whether the index has no samples of some interface.
    pub(crate) fn has_listing(&self) -> bool {
        self.targets.iter().any(|target| target.interfaces.iter().any(|interface| interface.is_listed))
    }
}
