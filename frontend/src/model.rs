//! What the page knows, and what it does next: `update` takes what happened and says what to do about it. Knows nothing of
//! browsers, and reads no clock.
//!
//! Begin with [`Model::update`]. A file that comes is [`failure::read`], merged into its [`target::Target`] and so into
//! each interface's `track::Track`; `polls::Polls` says which files to look at and when, and `fill::Fill` which others to
//! fetch for the holes. `anchor::Anchor` tells the writer's clock, and `motion::Motion` where graphs are
//! drawn by it.

mod event;

pub mod failure;

pub mod track;

pub mod target;

mod anchor;
mod schedule;
pub mod testimony;

mod polls;

mod fill;
mod kiosk;
mod lag;
mod legacy;
mod motion;
mod reading;
mod replay;
mod sight;

pub mod find;
pub mod freshness;
pub(crate) mod names;

mod natural;

pub mod order;
pub mod total;

use std::time::Duration;

use stats::{Monotonic, StatsFile, Timestamp};

use crate::address::Address;
use crate::list::List;

use anchor::Anchor;
pub use event::{Arrival, Effect, Event, Fetch, Visibility};
use failure::Failure;
use fill::Fill;
use find::Place;
use legacy::Legacy;
use order::Order;
use polls::{Header, Polls};
pub use target::{Interface, Target};
use target::{Kind, Merged};

/// What the page knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// What the URL says.
    pub address: Address,
    /// What was read, in the order of the file.
    pub targets: Vec<Target>,
    /// Changes with which interfaces there are, and in which order.
    pub listing: u64,
    /// What the overview shows of them, in its own order.
    pub order: Order,
    anchor: Anchor,
    polls: Polls,
    fill: Fill,
    index: Index,
    legacy: Legacy,
    in_flight: Vec<Fetch>,
    visibility: Visibility,
    /// Since when the page has not been seen, where it is not.
    hidden: Monotonic,
    /// When a display on a wall last went on to another interface.
    turned: Option<Monotonic>,
    /// The name of the viewer's file that is shown, where one is.
    pub replay: Option<String>,
    /// The name of the file that the viewer opened last and that can't be shown, and why.
    pub refused: Option<(String, Failure)>,
}

/// Whether the index is to be read before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Index {
    Wanted,
    Known,
}

impl Model {
    /// So many files are fetched at once: those that are polled, and while there are holes some that fill them.
    const AT_ONCE: usize = 4;
    /// So many of them are live files of what is in sight, however many it is in: holes are filled all the same.
    const LIVE_AT_ONCE: usize = 3;
    /// What is shown of the time that passes is in whole seconds.
    const TICK: Duration = Duration::from_secs(1);

    /// Nothing is known yet. `seed` is a number that each viewer has another of.
    #[must_use]
    pub fn new(address: Address, seed: u64) -> Self {
        Self {
            address,
            targets: Vec::new(),
            listing: 0,
            order: Order::default(),
            anchor: Anchor::default(),
            polls: Polls::new(seed),
            fill: Fill::default(),
            index: Index::Wanted,
            legacy: Legacy::default(),
            in_flight: Vec::new(),
            visibility: Visibility::Visible,
            hidden: Monotonic::default(),
            turned: None,
            replay: None,
            refused: None,
        }
    }

    /// Takes in what happened, and says what to do.
    pub fn update(&mut self, event: Event, now: Monotonic) -> Vec<Effect> {
        let mut told = Vec::new();
        if matches!(event, Event::Navigated(_) | Event::Chose(_) | Event::Commanded(_)) {
            // Whoever goes on has read it.
            self.refused = None;
        }
        match event {
            Event::Woke => {}
            // What was live when the viewer opened a file of their own.
            Event::Fetched(..) if self.is_replay() => {}
            Event::Fetched(fetch, outcome) => {
                self.in_flight.retain(|other| *other != fetch);
                self.take(&fetch, outcome, now);
            }
            Event::Navigated(address) => {
                let is_elsewhere = address.interface != self.address.interface;
                told = self.go(address);
                // A long list is not fetched for each step of somebody who looks around.
                if is_elsewhere && !self.has_listing() {
                    self.polls.main.hurry(now);
                }
            }
            Event::Opened(name, contents) => self.open(name, contents),
            Event::Chose(options) => told = self.choose(options),
            Event::Commanded(command) => told = self.command(command, now),
            Event::Sighted(places) => self.see(&places),
            Event::Turned(visibility) => {
                match (self.visibility, visibility) {
                    (Visibility::Visible, Visibility::Hidden) => self.hidden = now,
                    (Visibility::Hidden, Visibility::Visible) => self.come_back(now),
                    _ => {}
                }
                self.visibility = visibility;
            }
        }
        for target in &mut self.targets {
            if let Some(offset) = self.anchor.offset() {
                target.follow(offset, now);
            }
        }
        self.hold();
        self.put_in_order(now);
        self.cycle(now);
        let live = self.live_in_sight();
        self.polls.watch(live, now);
        told.extend(self.next(now));
        told
    }

    /// Says what to fetch, and when to come back.
    fn next(&mut self, now: Monotonic) -> Vec<Effect> {
        if !self.is_fetching() {
            return Vec::new();
        }
        let mut effects = Vec::new();
        let soon = now.after(Self::TICK * 3 / 2);
        let mut wake = soon;
        let is_polling = self.in_flight.iter().any(|fetch| matches!(fetch.kind, Kind::Index | Kind::Live));
        if !is_polling && self.polls.main.next() <= now {
            effects.push(self.poll());
        } else if !is_polling {
            wake = wake.min(self.polls.main.next());
        }
        let asked = self.in_flight.iter().filter(|fetch| fetch.kind == Kind::Sight).count();
        for _ in asked..Self::LIVE_AT_ONCE {
            let is_asked = |path| self.in_flight.iter().chain(&effects).any(|fetch| fetch.is_sight_of(path));
            let live = self.polls.live().filter(|(path, _)| !is_asked(path));
            let Some((path, poll)) = live.min_by_key(|(_, poll)| poll.next()) else { break };
            if poll.next() > now {
                wake = wake.min(poll.next());
                break;
            }
            effects.push(Fetch { path: Some(path.to_owned()), kind: Kind::Sight });
        }
        while self.in_flight.len() + effects.len() < Self::AT_ONCE
            && let Some(fetch) = self.hole(&effects, now)
        {
            effects.push(fetch);
        }
        self.in_flight.extend(effects.iter().cloned());
        // What comes with a file is shown with the time that has passed: to show that a moment sooner would be a frame more.
        if wake == soon {
            wake = now.after(Self::TICK);
        }
        let mut told = effects.into_iter().map(Effect::Fetch).list();
        told.push(Effect::Wake(wake));
        told
    }

    /// The file that tells what is new.
    fn poll(&self) -> Fetch {
        let opened = self.opened().map(|place| self.at(place).1).filter(|interface| !interface.is_listed);
        match opened.and_then(|interface| interface.live.clone()).filter(|_| self.index == Index::Known) {
            Some(path) => Fetch { path: Some(path), kind: Kind::Live },
            None => Fetch { path: None, kind: Kind::Index },
        }
    }

    /// A file that fills a hole in what is shown, and is not being fetched yet.
    fn hole(&self, asked: &[Fetch], now: Monotonic) -> Option<Fetch> {
        let asked: Vec<&str> = self.in_flight.iter().chain(asked).filter_map(|fetch| fetch.path.as_deref()).list();
        let polled: Vec<&str> = self.polls.live().map(|(path, _)| path).list();
        let shown = self.shown();
        let (path, kind) = self.fill.next(shown.into_iter().map(|place| self.at(place)), &asked, &polled, now)?;
        Some(Fetch { path: Some(path), kind })
    }

    /// The interface that the URL names, where it is known.
    #[must_use]
    pub fn opened(&self) -> Option<Place> {
        self.find(self.address.interface.as_deref()?)
    }

    fn take(&mut self, fetch: &Fetch, outcome: Result<Arrival, Failure>, now: Monotonic) {
        let testimony = outcome.as_ref().map(|arrival| arrival.testimony).unwrap_or_default();
        let file = outcome.and_then(|arrival| self.read(fetch.kind, &arrival));
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
        let header = file.as_ref().map(Header::of).map_err(Clone::clone);
        let merged = file.map(|file| self.merge(file, fetch.kind));
        match &merged {
            Ok(_) if fetch.kind == Kind::Index => self.index = Index::Known,
            // The index of the new run may name other files.
            Ok(Merged::Restarted) => self.index = Index::Wanted,
            Err(failure) if failure.is_absence() => self.index = Index::Wanted,
            _ => {}
        }
        if merged == Ok(Merged::Restarted) {
            self.fill = Fill::default();
            self.anchor = Anchor::default();
        }
        let poll = match fetch.path.as_deref().filter(|_| fetch.kind == Kind::Sight) {
            Some(path) => self.polls.live_at(path),
            None => Some(&mut self.polls.main),
        };
        // What has gone out of sight meanwhile is polled no more.
        let Some(poll) = poll else { return };
        match header {
            Ok(header) => poll.came(header, testimony, &mut self.anchor, now),
            Err(failure) => poll.failed(failure, now),
        }
        let next = poll.next();
        if self.index == Index::Wanted {
            self.polls.main.advance(next);
        }
    }

    /// What is in a file: one of the predecessor's comes by the URL alone.
    fn read(&mut self, kind: Kind, arrival: &Arrival) -> Result<StatsFile, Failure> {
        let is_first = kind == Kind::Index;
        let url = self.address.stats_url();
        let legacy = if is_first { self.legacy.read(&arrival.text, url, &arrival.testimony) } else { None };
        legacy.map_or_else(|| failure::read(&arrival.text), Ok)
    }

    fn merge(&mut self, file: StatsFile, kind: Kind) -> Merged {
        let StatsFile { written, targets, .. } = file;
        let mut known = std::mem::take(&mut self.targets);
        let mut merged = Merged::GoesOn;
        let before: Vec<(String, u64)> = known.iter().map(Target::listed_as).list();
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
        if before != self.targets.iter().map(Target::listed_as).list() {
            self.listing += 1;
        }
        merged
    }

    fn newest(&self) -> Option<Timestamp> {
        self.targets.iter().filter_map(Target::newest).max()
    }
}

#[cfg(test)]
pub(crate) mod tests;
