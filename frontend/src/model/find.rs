//! Finds the interface that a URL names.

use super::Model;
use super::target::{Interface, Target};
use crate::plot::Setting;

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
    /// What a graph of the interface there is set to.
    #[must_use]
    pub fn setting(&self, place: Place) -> Setting {
        let (target, interface) = self.at(place);
        Setting::of(&self.address.options, &interface.about).of_device(target.refresh, target.counts.as_deref())
    }

    /// The interface that is called `target/name`. Both may contain slashes: the longest target's name that fits counts.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Place> {
        let (mut found, mut longest) = (None, 0);
        for place in self.places() {
            let (target, interface) = self.at(place);
            let rest = name.strip_prefix(target.name.as_str()).and_then(|rest| rest.strip_prefix('/'));
            if rest == Some(interface.about.name.as_str()) && target.name.len() >= longest {
                (found, longest) = (Some(place), target.name.len());
            }
        }
        found
    }

    /// The full name that is most like `name`.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<String> {
        // Names are short; but neither a URL nor a file need keep to that, and the comparison takes their product.
        let short = |name: &str| -> String { name.chars().take(128).collect() };
        let name = short(name);
        let (mut nearest, mut least) = (None, usize::MAX);
        for place in self.places().take(2_000) {
            let (target, interface) = self.at(place);
            let full = full_name(target, interface);
            // Often the target was left out.
            let alone = strsim::levenshtein(&name, &short(&interface.about.name));
            let distance = alone.min(strsim::levenshtein(&name, &short(&full)));
            if distance < least {
                (nearest, least) = (Some(full), distance);
            }
        }
        nearest
    }

    /// Every interface, in the order of the file.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        let mut places = Vec::new();
        for (target, of) in self.targets.iter().enumerate() {
            for interface in 0..of.interfaces.len() {
                places.push(Place { target, interface });
            }
        }
        // Put into a list first, as whatever goes through this would have the two loops in it.
        places.into_iter()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;

    /// A model of these targets and their interfaces.
    fn model(targets: &[(&str, &[&str])]) -> Model {
        let mut model = Model::new(Address::default(), 0);
        for (name, interfaces) in targets {
            let interface = |name: &&str| {
                let about = stats::Interface { name: (*name).to_owned(), ..stats::Interface::default() };
                Interface { about, ..Interface::default() }
            };
            let mut target = Target::default();
            (*name).clone_into(&mut target.name);
            target.interfaces = interfaces.iter().map(interface).collect();
            model.targets.push(target);
        }
        model
    }

    #[track_caller]
    fn check(name: &str, expected: Result<(&str, &str), &str>) {
        let model = model(&[("router", &["ppp0", "0/1", "b/ppp0"]), ("router/b", &["ppp0", "ge-0/0/0.0"])]);
        let found = model.find(name).map(|place| {
            let (target, interface) = model.at(place);
            (target.name.as_str(), interface.about.name.as_str())
        });
        let nearest = model.nearest(name);
        assert_eq!(found.ok_or(nearest.as_deref().unwrap_or_default()), expected);
    }

    #[test]
    fn names_may_contain_slashes() {
        check("router/ppp0", Ok(("router", "ppp0")));
        check("router/0/1", Ok(("router", "0/1")));
        check("router/b/ge-0/0/0.0", Ok(("router/b", "ge-0/0/0.0")));
    }

    #[test]
    fn the_longest_target_that_fits_counts() {
        check("router/b/ppp0", Ok(("router/b", "ppp0")));
    }

    #[test]
    fn the_nearest_name_is_known() {
        check("router/ppp1", Err("router/ppp0"));
        check("ge-0/0/0", Err("router/b/ge-0/0/0.0"));
        check("", Err("router/0/1"));
    }
}
