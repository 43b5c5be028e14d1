//! One interface after another, on a wall that nobody operates.

use std::time::Duration;

use stats::Monotonic;

use super::Model;
use super::find::{Place, full_name};
use crate::list::List;
use crate::options::Kiosk;

impl Model {
    /// Opens the next interface of those that the overview would show, where it is time to. The URL goes on saying what
    /// the viewer asked for.
    pub(super) fn cycle(&mut self, now: Monotonic) {
        let Kiosk::Cycling(seconds) = self.address.options.kiosk else {
            self.turned = None;
            return;
        };
        let places: Vec<Place> = self.in_order().list();
        if places.is_empty() {
            return;
        }
        let shown = self.opened().and_then(|opened| places.iter().position(|place| *place == opened));
        let turned = *self.turned.get_or_insert(now);
        let is_due = shown.is_none() || now.since(turned) >= Duration::from_secs(seconds.into());
        if is_due {
            let next = shown.map_or(0, |shown| (shown + 1) % places.len());
            let (target, interface) = self.at(places[next]);
            self.address.interface = Some(full_name(target, interface));
            self.turned = Some(now);
            if !self.has_listing() {
                self.polls.main.hurry(now);
            }
        }
    }
}
