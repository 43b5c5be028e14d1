//! What the collector costs: on one host, and with many interfaces. It is run as people run it, against agents that this
//! process plays; what those cost is not in the figures.

mod fleet;
mod many;
mod peers;
mod punctual;
mod small;

use std::iter;
use std::path::Path;

use anyhow::Result;

use super::{Options, machine};
use crate::progress::say;
use crate::workspace::{Profile, Workspace};
use crate::{command, dist};

/// What the measurement of one host is called.
const SMALL: &str = "small";

/// Measures, and prints the tables.
#[expect(clippy::print_stdout, reason = "the tables are what this is for")]
pub(super) fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let names: Vec<String> = iter::once(SMALL.to_owned()).chain(many::names()).collect();
    options.ensure_wanted(&names)?;
    command::run(command::cargo_build().current_dir(workspace.root()).args([
        "build",
        "--release",
        "--package=collector",
    ]))?;
    let collector = workspace.collector(Profile::Release);
    let packaged = dist::binary::build(workspace)?.path;
    println!("{}.\n", machine::describe(workspace));
    if options.wants(SMALL) {
        say("one host, four interfaces: 60 polls at 1 s …");
        println!("{}", small::table(workspace, &[("as packaged", &packaged), ("linked dynamically", &collector)])?);
    }
    if many::names().any(|name| options.wants(&name)) {
        println!("{}", many::table(workspace, &packaged, options)?);
    }
    println!("Not measured: any disk but tmpfs.");
    Ok(())
}

/// Where files cost no disk.
fn memory() -> Result<tempfile::TempDir> {
    let shm = Path::new("/dev/shm");
    let directory = if shm.is_dir() { shm } else { &std::env::temp_dir() };
    Ok(tempfile::Builder::new().prefix("live-interface-stats-bench-").tempdir_in(directory)?)
}
