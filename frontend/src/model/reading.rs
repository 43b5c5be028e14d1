//! What the viewer chooses, and the view that stands still while data go on arriving.

use stats::{Monotonic, Sample, Timestamp};

use super::find::Place;
use super::{Effect, Model, Target};
use crate::address::Address;
use crate::command::Command;
use crate::options::Options;

impl Model {
    /// Does what the viewer told the page to.
    pub(super) fn command(&mut self, command: Command, now: Monotonic) -> Vec<Effect> {
        if command == Command::Pause && self.is_replay() {
            // It stands still as it is.
            return Vec::new();
        }
        let mut options = self.address.options.clone();
        let pauses = command == Command::Pause && options.paused.is_none();
        command.apply(&mut options);
        if pauses {
            options.paused = self.shown_at(now);
        }
        self.choose(options)
    }

    /// Takes over what the viewer has chosen.
    pub(super) fn choose(&mut self, options: Options) -> Vec<Effect> {
        let before = std::mem::replace(&mut self.address.options, options);
        let mut told = Vec::new();
        // A file of the viewer's own is in no URL.
        if before != self.address.options && !self.is_replay() {
            told.push(Effect::Tell);
        }
        // Not those that another's URL brought: those are theirs.
        if before.units != self.address.options.units {
            told.push(Effect::Remember);
        }
        told
    }

    /// Goes where that address leads. It may be one that the browser has kept from before something was chosen: whoever goes
    /// back wants to see something else, not otherwise.
    pub(super) fn go(&mut self, address: Address) -> Vec<Effect> {
        let options = std::mem::take(&mut self.address.options);
        let told = if options == address.options { Vec::new() } else { vec![Effect::Tell] };
        self.address = Address { options, ..address };
        told
    }

    /// The moment that the right edge of the graphs shows: of what is opened, else of the first device.
    fn shown_at(&self, now: Monotonic) -> Option<Timestamp> {
        let opened = self.opened().map(|place| self.at(place).0);
        let target = opened.or_else(|| self.targets.iter().find(|target| target.newest().is_some()))?;
        let shown_ms = self.clock(target)?.shown_at(now.since_zero().as_secs_f64() * 1_000.0);
        // Whole milliseconds, as in the URL.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a moment of this century")]
        let millis = shown_ms.max(1.0) as u64;
        Some(Timestamp::from_micros(millis.saturating_mul(1_000)))
    }

    /// Has what is seen stay where the view stands still, and go where it runs.
    pub(super) fn hold(&mut self) {
        let paused = self.address.options.paused;
        for target in &mut self.targets {
            for interface in &mut target.interfaces {
                interface.track.hold(paused);
            }
        }
    }

    /// Whether nothing is known of that moment any more, where something is known of later ones.
    #[must_use]
    pub fn has_forgotten(&self, at: Timestamp) -> bool {
        let shown = self.opened().map_or(&self.targets[..], |place| std::slice::from_ref(&self.targets[place.target]));
        let oldest = |target: &Target| target.interfaces.iter().filter_map(|interface| interface.track.oldest()).min();
        shown.iter().filter_map(oldest).min().is_some_and(|oldest| at <= oldest)
    }

    /// The last moment that is seen of that target: where the view stands still, or its graphs do, else its newest sample.
    #[must_use]
    pub fn last_seen(&self, target: &Target) -> Option<Timestamp> {
        let ends = [target.newest(), self.runs_out(target), self.address.options.paused];
        ends.into_iter().flatten().min()
    }

    /// The newest sample that is seen of the interface there: where the view stands still, the last that ended by then.
    #[must_use]
    pub fn newest_seen(&self, place: Place) -> Option<Sample> {
        match self.address.options.paused {
            Some(_) => self.window_of(place).last(),
            None => self.at(place).1.track.newest().cloned(),
        }
    }

    /// When the window begins and ends that is seen of that target.
    #[must_use]
    pub fn window(&self, target: &Target) -> [Timestamp; 2] {
        let end = self.last_seen(target).unwrap_or_default();
        [end.before(self.address.options.window.duration()), end]
    }

    /// The samples of the window that is seen, oldest first, with a gap for what this page missed.
    pub fn window_of(&self, place: Place) -> impl Iterator<Item = Sample> {
        let (target, interface) = self.at(place);
        let [begin, end] = self.window(target);
        interface.track.samples_since(begin).take_while(move |sample| sample.end <= end)
    }
}
