//! The browser's half of the page: carries out what the model asks for, and puts what the view says into the document.
//! Decides nothing.
//!
//! Begin with [`start`]. [`app`] is the loop of events, effects and pictures; [`fetch`] gets files, [`memory`] keeps what a browser
//! remembers of its viewer; the rest are parts of
//! the document.

mod app;

mod fetch;
mod files;
mod memory;

mod controls;
mod picture;
mod wishes;

mod page;

mod detail;
mod overview;
mod paper;
mod samples;
mod tools;
mod total;

mod card;

mod graph;

mod dom;

pub use app::start;
