//! `cargo xtask`: see `cargo xtask help`.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::progress::say;
use xtask::workspace::Workspace;
use xtask::{bench, dist, run, test};

/// Builds, runs and tests live interface stats.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page and the collector, start both and print the address to open
    Run(run::Options),
    /// Pass every test there is, in a real browser and against a real snmpd too
    Test(test::Options),
    /// Pack the collector, the page and what belongs to them: as an archive, and as a Debian package
    Dist,
    /// Measure what the collector costs on this machine
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        // In one line, and without the backtrace that RUST_BACKTRACE would add: what failed is outside this program.
        Err(error) => {
            say(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    let workspace = Workspace::find()?;
    match task {
        Task::Run(options) => run::run(&workspace, &options),
        Task::Test(options) => test::test(&workspace, &options),
        Task::Dist => dist::dist(&workspace),
        Task::Bench(options) => bench::bench(&workspace, &options),
    }
}
