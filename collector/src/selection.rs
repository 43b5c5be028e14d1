//! Which of a target's interfaces are wanted. Knows nothing of how they are read.

use std::fmt;

use globset::{Glob, GlobSet, GlobSetBuilder};
use stats::{AdminStatus, Interface, OperStatus};

/// Which of a target's interfaces are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) enum Selection {
    /// Every interface that is neither the loopback nor down.
    #[default]
    Usable,
    /// Every interface that there is.
    All,
    /// The interfaces whose name, ifName, ifAlias or ifDescr fits one of the patterns, whatever their state.
    Named(Patterns),
}

/// Patterns as a shell has them: `ppp0`, `eth*`, `ge-0/0/{1,2}`.
#[derive(Clone, Debug)]
pub(crate) struct Patterns {
    texts: Vec<String>,
    set: GlobSet,
}

/// An interface that could be selected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a> {
    /// What it is called, and its state.
    pub(crate) interface: &'a Interface,
    /// Whether it leads back to its own machine (`softwareLoopback`, ifType 24).
    pub(crate) loopback: bool,
}

/// A pattern that fits no interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The pattern as it was given.
    pub(crate) pattern: String,
    /// The name that is nearest to it, where there is any.
    pub(crate) nearest: Option<String>,
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "there is no interface `{}`", self.pattern)?;
        match &self.nearest {
            Some(nearest) => write!(formatter, " (did you mean `{nearest}`?)"),
            None => Ok(()),
        }
    }
}

impl Selection {
    /// The interfaces that fit one of the patterns; all usable ones where there is no pattern.
    pub(crate) fn of(patterns: Vec<String>) -> Result<Self, globset::Error> {
        if patterns.is_empty() {
            return Ok(Self::Usable);
        }
        let mut set = GlobSetBuilder::new();
        for pattern in &patterns {
            set.add(Glob::new(pattern)?);
        }
        Ok(Self::Named(Patterns { set: set.build()?, texts: patterns }))
    }

    /// Whether the interface is wanted.
    pub(crate) fn admits(&self, candidate: Candidate<'_>) -> bool {
        let interface = candidate.interface;
        match self {
            Self::All => true,
            Self::Usable => {
                // Those that don't tell their state stay: better one too many than the one that is looked for.
                !candidate.loopback
                    && interface.admin_status != Some(AdminStatus::Down)
                    && !matches!(
                        interface.oper_status,
                        Some(OperStatus::Down | OperStatus::NotPresent | OperStatus::LowerLayerDown)
                    )
            }
            Self::Named(patterns) => names(interface).any(|name| patterns.fit(name)),
        }
    }

    /// The patterns that fit none of the interfaces, each with the name that is nearest to it.
    pub(crate) fn unmatched<'a>(&self, interfaces: &(impl Iterator<Item = &'a Interface> + Clone)) -> Vec<Missing> {
        let Self::Named(patterns) = self else { return Vec::new() };
        let fits = |at: usize| interfaces.clone().flat_map(names).any(|name| patterns.fits(at, name));
        let missing = patterns.texts.iter().enumerate().filter(|(at, _)| !fits(*at));
        missing
            .map(|(_, pattern)| Missing { pattern: pattern.clone(), nearest: nearest(pattern, interfaces.clone()) })
            .collect()
    }
}

impl Patterns {
    /// Whether one of the patterns fits.
    fn fit(&self, name: &str) -> bool {
        self.set.is_match(name) || self.texts.iter().any(|text| text == name)
    }

    /// Whether that one fits. A name fits itself, also where it has brackets in it that mean something in a pattern.
    fn fits(&self, at: usize, name: &str) -> bool {
        self.texts[at] == name || self.set.matches(name).contains(&at)
    }
}

/// All that an interface is known by.
pub(crate) fn names(interface: &Interface) -> impl Iterator<Item = &str> {
    let others = [&interface.if_name, &interface.if_alias, &interface.if_descr];
    std::iter::once(interface.name.as_str()).chain(others.into_iter().filter_map(Option::as_deref))
}

fn nearest<'a>(pattern: &str, interfaces: impl Iterator<Item = &'a Interface>) -> Option<String> {
    let pattern = pattern.to_lowercase();
    let likeness = |name: &&str| strsim::jaro_winkler(&pattern, &name.to_lowercase());
    let all = interfaces.map(|interface| interface.name.as_str());
    let nearest = all.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    // What is merely the least unlike is no help: `lo` for a `ppp0` that is down.
    nearest.filter(|name| likeness(name) > 0.6).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interface(name: &str) -> Interface {
        Interface { name: name.to_owned(), if_alias: Some(format!("alias of {name}")), ..Interface::default() }
    }

    #[track_caller]
    fn check(patterns: &[&str], name: &str, expected: bool) {
        let selection = Selection::of(patterns.iter().map(|&pattern| pattern.to_owned()).collect()).unwrap();
        let interface = interface(name);
        assert_eq!(selection.admits(Candidate { interface: &interface, loopback: false }), expected);
    }

    #[test]
    fn names_and_patterns_fit() {
        check(&["ppp0"], "ppp0", true);
        check(&["ppp0"], "ppp01", false);
        check(&["eth*", "wg?"], "wg0", true);
        check(&["ge-0/0/*"], "ge-0/0/1.0", true);
        check(&["ge-0/0/{1,2}"], "ge-0/0/2", true);
        check(&["alias of eth0"], "eth0", true);
    }

    #[test]
    fn a_name_with_brackets_fits_itself() {
        check(&["Intel[R] Ethernet"], "Intel[R] Ethernet", true);
    }

    #[test]
    fn what_is_down_or_a_loopback_is_left_out_unless_it_is_named() {
        let down = Interface { oper_status: Some(OperStatus::Down), ..interface("eth0") };
        let off = Interface { admin_status: Some(AdminStatus::Down), ..interface("eth0") };
        let silent = interface("eth0");
        let admits = |selection: &Selection, interface, loopback| selection.admits(Candidate { interface, loopback });
        let usable = Selection::of(Vec::new()).unwrap();
        assert!(!admits(&usable, &down, false) && !admits(&usable, &off, false) && !admits(&usable, &silent, true));
        assert!(admits(&usable, &silent, false), "what does not tell its state stays");
        let named = Selection::of(vec!["eth0".to_owned()]).unwrap();
        assert!(admits(&named, &down, false) && admits(&named, &off, false) && admits(&named, &silent, true));
    }

    #[test]
    fn a_pattern_that_fits_nothing_gets_the_nearest_name_where_one_is_near() {
        let interfaces = ["lo", "eth0", "wlan0"].map(interface);
        let selection = Selection::of(["eth0", "wlan", "eht*", "ppp0"].map(str::to_owned).to_vec()).unwrap();
        let missing = selection.unmatched(&interfaces.iter());
        let told: Vec<(&str, Option<&str>)> =
            missing.iter().map(|missing| (missing.pattern.as_str(), missing.nearest.as_deref())).collect();
        assert_eq!(told, [("wlan", Some("wlan0")), ("eht*", Some("eth0")), ("ppp0", None)]);
    }
}
