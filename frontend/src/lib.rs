//! The page's program: fetches the stats files, and shows what they say while it happens.
//!
//! Begin with [`model::Model`]: what the page knows, and what it does when something happens. [`view`] puts that into
//! words and figures, [`plot`] into pictures. All of these are pure. `chart` and `shell` are the thin half that knows the
//! browser: they carry out what the others say, and exist in wasm alone.

pub mod address;
pub mod calendar;
pub mod command;
pub mod export;
pub mod model;
pub mod options;

pub(crate) mod list;
pub mod lower;
pub mod order;
pub mod query;
pub mod statistics;
pub mod units;
pub mod view;
pub mod within;

pub mod plot;

#[cfg(target_arch = "wasm32")]
pub mod chart;
#[cfg(target_arch = "wasm32")]
pub mod shell;
#[cfg(target_arch = "wasm32")]
mod sure;
