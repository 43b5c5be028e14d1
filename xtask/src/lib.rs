//! What a newcomer and CI call: `cargo xtask run`, `cargo xtask test`, `cargo xtask dist` and `cargo xtask bench`.
//!
//! Everything here is an edge: it starts programs, reads the machine and serves files. What is worth knowing about
//! traffic, stats files and drawing is in the other crates, and nothing of them is used here; the collector and the page
//! are built and run as a stranger would.
//!
//! Where to begin: [`run`], [`mod@test`], [`mod@dist`] and [`mod@bench`] are the commands, and each reads as the list of what it does.

pub mod bench;
pub mod command;
pub mod debian;
pub mod dist;
pub mod npm;
pub mod page;
pub mod process;
pub mod progress;
pub mod run;
pub mod rust;
pub mod serve;
#[cfg(feature = "browser-tests")]
pub mod stage;
pub mod test;
pub mod tools;
pub mod workspace;
