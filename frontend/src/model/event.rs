//! What can happen to the page, and what it can ask for.

use stats::Monotonic;

use super::failure::Failure;
use super::find::Place;
use super::target::Kind;
use super::testimony::Testimony;
use crate::address::Address;
use crate::command::Command;
use crate::options::Options;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Time passed, or the page was opened.
    Woke,
    /// A file that was asked for came, or did not.
    Fetched(Fetch, Result<Arrival, Failure>),
    /// The page's URL changed: the viewer goes to what it names. What they have chosen meanwhile stays as it is.
    Navigated(Address),
    /// The viewer opened a file of their own of that name: what is in it, or why it could not be read.
    Opened(String, Result<Vec<u8>, Failure>),
    /// The viewer told the page to change what it shows.
    Commanded(Command),
    /// The viewer has chosen something else. Whoever tells this takes the present options and changes one of them.
    Chose(Options),
    /// These are the interfaces whose cards are in sight, or nearly so.
    Sighted(Vec<Place>),
    /// The page can be seen, or can't any more.
    Turned(Visibility),
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Fetch a file.
    Fetch(Fetch),
    /// Come back at that time, and forget earlier such wishes.
    Wake(Monotonic),
    /// Have the page's URL say what is chosen now, in place of what it said.
    Tell,
    /// Have the browser remember [`Address::memory`].
    Remember,
}

/// A file to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// Where it is, relative to the index; `None` is the index itself.
    pub path: Option<String>,
    pub(super) kind: Kind,
}

impl Fetch {
    /// Whether it is asked for again and again, and so tells what is.
    #[must_use]
    pub const fn is_poll(&self) -> bool {
        self.kind.is_polled()
    }

    /// Whether it polls that live file for what is in sight.
    pub(super) fn is_sight_of(&self, path: &str) -> bool {
        self.kind == Kind::Sight && self.path.as_deref() == Some(path)
    }
}

/// A file that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// What is in it.
    pub text: Vec<u8>,
    /// What came with it and tells of its age.
    pub testimony: Testimony,
}

/// Whether the page is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// It is, or may be.
    Visible,
    /// It is not: nothing is fetched.
    Hidden,
}
