//! A stats file of the viewer's own, shown standing still in place of what is live. Nothing is fetched for it: all that is
//! shown is in it.

use stats::StatsFile;

use crate::list::List;

use super::failure::{self, Failure};
use super::find::{Place, full_name};
use super::polls::Polls;
use super::target::Kind;
use super::{Model, Visibility};

impl Model {
    /// Whether what is shown is a file of the viewer's.
    #[must_use]
    pub const fn is_replay(&self) -> bool {
        self.replay.is_some()
    }

    /// Takes in a file that the viewer opened. One that is no stats file changes nothing but what is said of it.
    pub(super) fn open(&mut self, name: String, contents: Result<Vec<u8>, Failure>) {
        match contents.and_then(|text| failure::read(&text)).and_then(with_samples) {
            Ok(file) => {
                self.show_file(file);
                self.refused = None;
                self.replay = Some(name);
            }
            Err(failure) => self.refused = Some((name, failure)),
        }
    }

    fn show_file(&mut self, file: StatsFile) {
        self.targets = Vec::new();
        self.polls = Polls::new(0);
        self.in_flight = Vec::new();
        self.address.options.paused = None;
        self.merge(file, Kind::Index);
        if self.opened().is_none() {
            let places: Vec<Place> = self.places().take(2).list();
            // Where there is only one, nothing else is meant.
            let only = if let [only] = places[..] { Some(self.at(only)) } else { None };
            self.address.interface = only.map(|(target, interface)| full_name(target, interface));
        }
    }

    /// Whether files are fetched.
    pub(super) fn is_fetching(&self) -> bool {
        self.visibility == Visibility::Visible && !self.is_replay()
    }
}

/// A file without samples shows nothing.
fn with_samples(file: StatsFile) -> Result<StatsFile, Failure> {
    if file.targets.iter().any(|target| target.interfaces.iter().any(|interface| !interface.samples.is_empty())) {
        Ok(file)
    } else {
        Err(Failure::Unreadable("there are no samples in it".to_owned()))
    }
}
