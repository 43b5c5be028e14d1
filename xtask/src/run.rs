//! `cargo xtask run`: page, collector and server, until Ctrl-C.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::process::{Process, tied_command};
use crate::progress::{Stopwatch, say};
use crate::serve::{self, Server, Site};
use crate::workspace::{Profile, Workspace};
use crate::{command, page};

/// What `cargo xtask run` can be told.
#[derive(Debug, Args)]
pub struct Options {
    /// The port to serve on [default: 8080, or the next that is free]
    #[arg(long)]
    port: Option<u16>,

    /// What the collector is told: targets, and after `--` options too [default: this machine]
    #[arg(trailing_var_arg = true, value_name = "TARGET")]
    collector: Vec<OsString>,
}

/// How long the collector may take to write its first file before the address is printed nevertheless: a device that
/// does not answer is no reason not to show the page, which says so.
const FIRST_FILE: Duration = Duration::from_secs(5);

/// How often to look whether there is something to do.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Builds everything, starts it, and waits.
///
/// # Errors
///
/// When something does not build, no port is free, or the collector gives up.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    // A port that is taken should be known now and not after the builds. It is let go again, so that no browser
    // connects to a server that does not answer yet.
    drop(serve::listen(options.port)?);
    page::build(workspace)?;
    say("building the collector …");
    build_collector(workspace)?;

    let asked_to_stop = stop_signals()?;
    empty(&workspace.stats())?;
    let mut collector = start_collector(workspace, &options.collector)?;
    let site = Site { page: workspace.page(), stats: workspace.stats(), prefix: String::new() };
    let server = Server::start(serve::listen(options.port)?, &site)?;

    wait_for_first_file(&mut collector, &workspace.stats(), &asked_to_stop)?;
    announce(server.address());
    while !asked_to_stop.load(Ordering::Relaxed) {
        if let Some(status) = collector.ended()? {
            return gave_up(status, &asked_to_stop);
        }
        thread::sleep(LOOK_EVERY);
    }
    say("stopping");
    collector.stop()?;
    Ok(())
}

fn build_collector(workspace: &Workspace) -> Result<()> {
    command::run(command::cargo_build().current_dir(workspace.root()).args([
        "build",
        "--release",
        "--package=collector",
    ]))
}

fn start_collector(workspace: &Workspace, arguments: &[OsString]) -> Result<Process> {
    let program = workspace.collector(Profile::Release);
    let mut command = tied_command(program.as_os_str());
    command.args(["run", "--out"]).arg(workspace.stats()).args(arguments);
    Process::start(&mut command)
}

/// A flag that is raised by Ctrl-C, by `kill` and by a terminal that is closed.
fn stop_signals() -> Result<Arc<AtomicBool>> {
    let asked_to_stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&asked_to_stop)).context("cannot catch signals")?;
    }
    Ok(asked_to_stop)
}

/// The files of an earlier run may be of other targets.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

fn wait_for_first_file(collector: &mut Process, stats: &Path, asked_to_stop: &AtomicBool) -> Result<()> {
    let stopwatch = Stopwatch::start();
    let index = stats.join("index.json");
    while !index.exists() && stopwatch.elapsed() < FIRST_FILE && !asked_to_stop.load(Ordering::Relaxed) {
        if let Some(status) = collector.ended()? {
            return gave_up(status, asked_to_stop);
        }
        thread::sleep(LOOK_EVERY);
    }
    Ok(())
}

/// Ctrl-C reaches the collector too, which may be gone before this program has noticed. One that was asked for its
/// `--help` has done what it should.
fn gave_up(status: ExitStatus, asked_to_stop: &AtomicBool) -> Result<()> {
    thread::sleep(LOOK_EVERY);
    if status.success() || asked_to_stop.load(Ordering::Relaxed) {
        return Ok(());
    }
    bail!("the collector ended by itself ({status}): see what it says above")
}

#[expect(clippy::print_stdout, reason = "this is the command line")]
fn announce(address: SocketAddr) {
    println!("\n    http://{address}/\n\nCtrl-C stops it.");
}
