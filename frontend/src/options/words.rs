//! The words that choices are called by in a URL.

use super::{Arrangement, Clock, Condition, Grouping, ON, Sort, Spread, Window};
use crate::units::{Prefixes, Unit};

/// A choice among a few, each with its word. The default is one of them.
pub(super) trait Word: Copy + Default + PartialEq + 'static {
    /// Every choice and what it is called.
    const WORDS: &'static [(Self, &'static str)];

    /// What it is called.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(choice, _)| *choice == self).map_or("", |(_, word)| word)
    }
}

/// Takes over the choice of that word; the default where there is none.
pub(super) fn read<T: Word>(word: &str, choice: &mut T) {
    *choice = T::WORDS.iter().find(|(_, known)| *known == word).map(|(choice, _)| *choice).unwrap_or_default();
}

/// Its word; nothing of the default, which need not be said.
pub(super) fn unless_default<T: Word>(choice: T) -> &'static str {
    if choice == T::default() { "" } else { choice.word() }
}

impl Word for Window {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::One, "1m"), (Self::Two, "2m"), (Self::Five, "5m"), (Self::Ten, "10m")];
}

impl Word for Unit {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::Bits, "bits"), (Self::Octets, "octets")];
}

impl Word for Prefixes {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::Si, "si"), (Self::Binary, "binary")];
}

impl Word for Clock {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::Local, "local"), (Self::Utc, "utc")];
}

impl Word for Spread {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::Linear, "linear"), (Self::Logarithmic, "log")];
}

impl Word for Arrangement {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::InAbove, "in-above"), (Self::OutAbove, "out-above"), (Self::BothAbove, "both-above")];
}

impl Word for Condition {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Any, "any"), (Self::Up, "up"), (Self::Down, "down"), (Self::Busy, "busy")];
}

impl Word for Sort {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::File, "file"), (Self::Traffic, "traffic"), (Self::Name, "name"), (Self::Status, "status")];
}

impl Word for Grouping {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::Target, "target"), (Self::None, "none")];
}

impl Word for bool {
    // `?table` is the same as `?table=on`.
    const WORDS: &'static [(Self, &'static str)] = &[(true, ON), (true, ""), (false, "off")];
}
