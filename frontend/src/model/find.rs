//! Finds the interface that a URL names.

use super::Model;
use super::target::{Interface, Target};

/// Where an interface is in the model; valid until the next event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Of the target.
    pub target: usize,
    /// Of the interface within the target.
    pub interface: usize,
}

/// What an interface is called in URLs.
#[must_use]
pub fn full_name(target: &Target, interface: &Interface) -> String {
    format!("{}/{}", target.name, interface.about.name)
}

impl Model {
    /// The interface that is called `target/name`. Both may contain slashes: the longest target's name that fits counts.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Place> {
        let places = self.places().filter(|place| {
            let (target, interface) = self.at(*place);
            let rest = name.strip_prefix(target.name.as_str()).and_then(|rest| rest.strip_prefix('/'));
            rest == Some(interface.about.name.as_str())
        });
        places.max_by_key(|place| self.targets[place.target].name.len())
    }

    /// The full name that is most like `name`.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<String> {
        // Names are short; but neither a URL nor a file need keep to that, and the comparison takes their product.
        let short = |name: &str| -> String { name.chars().take(128).collect() };
        let name = short(name);
        let names = self.places().take(2_000).map(|place| {
            let (target, interface) = self.at(place);
            let full = full_name(target, interface);
            // Often the target was left out.
            let alone = strsim::levenshtein(&name, &short(&interface.about.name));
            (alone.min(strsim::levenshtein(&name, &short(&full))), full)
        });
        names.min_by_key(|(distance, _)| *distance).map(|(_, full)| full)
    }

    /// Every interface, in the order of the file.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.targets
            .iter()
            .enumerate()
            .flat_map(|(target, of)| (0..of.interfaces.len()).map(move |interface| Place { target, interface }))
    }

    /// What is at that place.
    ///
    /// # Panics
    ///
    /// Where `place` is of an earlier event, and is no more.
    #[must_use]
    pub fn at(&self, place: Place) -> (&Target, &Interface) {
        let target = &self.targets[place.target];
        (target, &target.interfaces[place.interface])
    }
}
