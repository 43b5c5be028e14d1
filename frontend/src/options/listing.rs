//! What the overview shows, and in which order, and its place in the URL.

use super::words;

/// What the overview shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// `q`: what interfaces are searched for; all of them where it is empty.
    pub search: String,
    /// `target`: the only one that is shown.
    pub target: Option<String>,
    /// `state`: those that are shown.
    pub state: Condition,
    /// `sort`: which comes first.
    pub sort: Sort,
    /// `group`: whether those of a target are together.
    pub grouping: Grouping,
    /// `total`: the sum of what is shown, as a graph of its own.
    pub total: bool,
}

/// Which interfaces are shown, by their state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// All.
    #[default]
    Any,
    /// Those that are up.
    Up,
    /// Those that are not.
    Down,
    /// Those that carry something at present.
    Busy,
}

/// Which interface comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// In the order of the file.
    #[default]
    File,
    /// The one that carries most.
    Traffic,
    /// By name.
    Name,
    /// Those that are down.
    Status,
}

/// Whether the interfaces of a target are together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// They are, under its name.
    #[default]
    Target,
    /// All are in one row.
    None,
}

impl Listing {
    /// What longer texts of a URL are is no name of anything.
    const LONGEST: usize = 256;

    /// See `Options::read`.
    pub(super) fn read(&mut self, key: &str, value: &str) {
        let text = || Some(value).filter(|text| !text.is_empty() && text.len() <= Self::LONGEST).map(str::to_owned);
        match key {
            "q" => self.search = text().unwrap_or_default(),
            "target" => self.target = text(),
            "state" => words::read(value, &mut self.state),
            "sort" => words::read(value, &mut self.sort),
            "group" => words::read(value, &mut self.grouping),
            "total" => words::read(value, &mut self.total),
            _ => {}
        }
    }

    /// See `Options::write`.
    pub(super) fn write(&self, word: &mut impl FnMut(&str, &str)) {
        word("q", &self.search);
        word("target", self.target.as_deref().unwrap_or_default());
        word("state", words::unless_default(self.state));
        word("sort", words::unless_default(self.sort));
        word("group", words::unless_default(self.grouping));
        word("total", words::unless_default(self.total));
    }
}
