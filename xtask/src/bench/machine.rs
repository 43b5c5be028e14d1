//! Which machine and which versions a measurement is of.

use std::fs;
use std::process::Command;
use std::thread;

use crate::command;
use crate::workspace::Workspace;

/// The browser that pages are measured in.
#[cfg(feature = "browser-tests")]
pub(super) fn chromium() -> String {
    let version = command::output(Command::new("chromium").arg("--version")).unwrap_or_default();
    version.split(" built").next().unwrap_or_default().trim().to_owned()
}

/// How many programs wanted a processor in the last minute, on average.
#[cfg(feature = "browser-tests")]
pub(super) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}

/// In one line, for people.
pub(super) fn describe(workspace: &Workspace) -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(": "));
    let cpu = cpu.map_or("an unknown processor", |(_, name)| name.trim());
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let rust = command::output(Command::new("rustc").arg("--version")).unwrap_or_default();
    let mut git = Command::new("git");
    git.current_dir(workspace.root()).args(["describe", "--always", "--dirty"]);
    let commit = command::output(&mut git).unwrap_or_default();
    format!("{cpu}, {cores} cores, Linux {}, {}, commit {}", kernel.trim(), rust.trim(), commit.trim())
}
