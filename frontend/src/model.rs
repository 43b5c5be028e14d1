//! What the page knows, and what it does next: `update` takes what happened and says what to do about it. Knows nothing of
//! browsers, and reads no clock.
//!
//! Begin with [`Model::update`]. A file that comes is [`failure::read`], merged into its [`target::Target`] and so into
//! each interface's `track::Track`; `schedule::Schedule` says when to look for the next one, and `fill::Fill` which
//! others to fetch for the holes. `anchor::Anchor` tells the writer's clock, and `motion::Motion` where graphs are
//! drawn by it.

mod event;

pub mod failure;

pub mod track;

pub mod target;

mod anchor;
mod schedule;

mod fill;
mod motion;

pub mod find;
pub mod freshness;

use std::time::Duration;

use stats::{Monotonic, StatsFile, Timestamp};

use crate::address::Address;

use anchor::Anchor;
pub use event::{Arrival, Effect, Event, Fetch, Visibility};
use failure::Failure;
use fill::Fill;
use find::Place;
use schedule::Schedule;
pub use target::Target;
use target::{Kind, Merged};

/// What the page knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// What the URL says.
    pub address: Address,
    /// What was read, in the order of the file.
    pub targets: Vec<Target>,
    header: Option<Header>,
    failure: Option<Failure>,
    anchor: Anchor,
    schedule: Schedule,
    fill: Fill,
    index: Index,
    in_flight: Vec<Fetch>,
    visibility: Visibility,
    resumed: Monotonic,
}

/// What the last file that was polled says of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    written: Option<Timestamp>,
    due: Option<Timestamp>,
    /// When its newest sample ended.
    newest: Option<Timestamp>,
}

/// Whether the index is to be read before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Index {
    Wanted,
    Known,
}

impl Model {
    /// So many files are fetched at once: one that is polled, and while there are holes some that fill them.
    const AT_ONCE: usize = 4;

    /// Nothing is known yet. `seed` is a number that each viewer has another of.
    #[must_use]
    pub fn new(address: Address, seed: u64) -> Self {
        Self {
            address,
            targets: Vec::new(),
            header: None,
            failure: None,
            anchor: Anchor::default(),
            schedule: Schedule::new(seed),
            fill: Fill::default(),
            index: Index::Wanted,
            in_flight: Vec::new(),
            visibility: Visibility::Visible,
            resumed: Monotonic::default(),
        }
    }

    /// Takes in what happened, and says what to do.
    pub fn update(&mut self, event: Event, now: Monotonic) -> Vec<Effect> {
        match event {
            Event::Woke => {}
            Event::Fetched(fetch, outcome) => {
                self.in_flight.retain(|other| *other != fetch);
                self.take(&fetch, outcome, now);
            }
            Event::Navigated(address) => {
                let is_elsewhere = address.interface != self.address.interface;
                self.address = address;
                if is_elsewhere {
                    self.schedule.hurry(now);
                }
            }
            Event::Turned(visibility) => {
                if visibility == Visibility::Visible && self.visibility == Visibility::Hidden {
                    self.resumed = now;
                    self.schedule.hurry(now);
                }
                self.visibility = visibility;
            }
        }
        for target in &mut self.targets {
            if let Some(offset) = self.anchor.offset() {
                let pace = target.pace();
                target.motion.follow(offset, pace, now);
            }
        }
        self.next(now)
    }

    fn next(&mut self, now: Monotonic) -> Vec<Effect> {
        if self.visibility == Visibility::Hidden {
            return Vec::new();
        }
        let mut effects = Vec::new();
        let is_polling = self.in_flight.iter().any(|fetch| fetch.kind.is_polled());
        if !is_polling && self.schedule.next() <= now {
            effects.push(self.poll());
        }
        while self.in_flight.len() + effects.len() < Self::AT_ONCE
            && let Some(fetch) = self.hole(&effects, now)
        {
            effects.push(fetch);
        }
        self.in_flight.extend(effects.iter().cloned());
        // What is shown of the time that passes is in whole seconds.
        let tick = now.after(Duration::from_secs(1));
        let wake = if is_polling { tick } else { tick.min(self.schedule.next()).max(now) };
        effects.into_iter().map(Effect::Fetch).chain([Effect::Wake(wake)]).collect()
    }

    /// The file that tells what is new.
    fn poll(&self) -> Fetch {
        let live = self.opened().and_then(|place| self.at(place).1.live.clone());
        match live.filter(|_| self.index == Index::Known) {
            Some(path) => Fetch { path: Some(path), kind: Kind::Live },
            None => Fetch { path: None, kind: Kind::Index },
        }
    }

    /// A file that fills a hole in what is shown, and is not being fetched yet.
    fn hole(&self, asked: &[Fetch], now: Monotonic) -> Option<Fetch> {
        let shown: Vec<Place> = match &self.address.interface {
            Some(_) => self.opened().into_iter().collect(),
            None => self.places().collect(),
        };
        let asked: Vec<&str> = self.in_flight.iter().chain(asked).filter_map(|fetch| fetch.path.as_deref()).collect();
        let (path, kind) = self.fill.next(shown.into_iter().map(|place| self.at(place)), &asked, now)?;
        Some(Fetch { path: Some(path), kind })
    }

    /// The interface that the URL names, where it is known.
    #[must_use]
    pub fn opened(&self) -> Option<Place> {
        self.find(self.address.interface.as_deref()?)
    }

    fn take(&mut self, fetch: &Fetch, outcome: Result<Arrival, Failure>, now: Monotonic) {
        let age = outcome.as_ref().map(|arrival| arrival.age).unwrap_or_default();
        let file = outcome.and_then(|arrival| failure::read(&arrival.text));
        if !fetch.kind.is_polled() {
            let path = fetch.path.as_deref().unwrap_or_default();
            match file {
                Ok(file) => {
                    self.fill.came(path, now);
                    self.merge(file, fetch.kind);
                }
                // What is wrong with it is no news to people: the file that is polled will tell.
                Err(_) => self.fill.failed(path, now),
            }
            return;
        }
        match file {
            Ok(file) => {
                let (written, due) = (file.written, file.due);
                let merged = self.merge(file, fetch.kind);
                self.index = match fetch.kind {
                    Kind::Index => Index::Known,
                    // The index of the new run may name other files.
                    _ if merged == Merged::Restarted => Index::Wanted,
                    _ => self.index,
                };
                self.failure = None;
                if merged == Merged::Restarted {
                    self.fill = Fill::default();
                    self.anchor = Anchor::default();
                }
                self.note(Header { written, due, newest: self.newest() }, age, now);
            }
            Err(failure) => {
                if failure.is_absence() {
                    self.index = Index::Wanted;
                }
                self.failure = Some(failure);
                self.schedule.failed(now);
            }
        }
    }

    /// Takes in what the file says of its time.
    fn note(&mut self, header: Header, age: Duration, now: Monotonic) {
        let is_new = self.header.replace(header) != Some(header) || self.anchor.offset().is_none();
        // A file that does not say when it was written was so at the end of its newest sample, as far as graphs go.
        match header.written.or(header.newest) {
            Some(written) if is_new => {
                self.anchor.received(written, age, header.due, now);
                self.schedule.received(written, header.due, &self.anchor, now);
            }
            _ => self.schedule.unchanged(&mut self.anchor, now),
        }
    }

    fn merge(&mut self, file: StatsFile, kind: Kind) -> Merged {
        let StatsFile { written, targets, .. } = file;
        let mut known = std::mem::take(&mut self.targets);
        let mut merged = Merged::GoesOn;
        let mut merge = |target: &mut Target, file| {
            if target.merge(file, written, kind) == Merged::Restarted {
                merged = Merged::Restarted;
            }
        };
        if kind == Kind::Index {
            // It says which targets there are, and in which order.
            for file in targets {
                let mut target = match known.iter().position(|target| target.name == file.name) {
                    Some(at) => known.remove(at),
                    // No two are to be equal.
                    None if self.targets.iter().any(|target| target.name == file.name) => continue,
                    None => Target::default(),
                };
                merge(&mut target, file);
                self.targets.push(target);
            }
        } else {
            for file in targets {
                if let Some(target) = known.iter_mut().find(|target| target.name == file.name) {
                    merge(target, file);
                }
            }
            self.targets = known;
        }
        merged
    }

    fn newest(&self) -> Option<Timestamp> {
        self.targets.iter().filter_map(Target::newest).max()
    }
}

#[cfg(test)]
mod tests;
