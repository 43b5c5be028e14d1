//! Many interfaces: what a whole site costs.

use std::fmt::Write as _;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::fleet::Fleet;
use super::punctual::{self, Punctuality};
use super::small::megabytes;
use super::{Options, memory};
use crate::bench::accounting::Usage;
use crate::command;
use crate::process::Process;
use crate::progress::say;
use crate::workspace::Workspace;

/// How many devices of how many interfaces, and how many others that never answer.
struct Site {
    devices: usize,
    interfaces: u32,
    dead: usize,
}

const SITES: [Site; 4] = [
    Site { devices: 1, interfaces: 3_000, dead: 0 },
    Site { devices: 50, interfaces: 1_000, dead: 0 },
    Site { devices: 50, interfaces: 1_000, dead: 5 },
    Site { devices: 500, interfaces: 20, dead: 0 },
];

/// What the sites are called.
pub(super) fn names() -> impl Iterator<Item = String> {
    SITES.iter().map(Site::name)
}

/// Each site at 1 s, polled only and with output.
pub(super) fn table(workspace: &Workspace, collector: &Path, options: &Options) -> Result<String> {
    let mut table = format!(
        "Many interfaces of four counters each at 1 s, as packaged, output on tmpfs, measured for {} s after {} s:\n\n\
         | devices × interfaces | polling only: a CPU-s | with output: a CPU-s | of a core | RSS MB | peak | wake-ups/s \
         | not on time |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
        options.seconds, options.settle
    );
    for site in &SITES {
        let name = site.name();
        if !options.wants(&name) {
            continue;
        }
        say(format_args!("{name} …"));
        let fleet = Fleet::start(site.devices, site.interfaces)?;
        let holes = (0..site.dead).map(|_| Ok(UdpSocket::bind("127.0.0.1:0")?)).collect::<Result<Vec<_>>>()?;
        let directory = memory()?;
        let config = write_config(directory.path(), &fleet, &holes)?;
        let polling = poll(workspace, &config, options.seconds)?;
        let (usage, punctuality) = publish(collector, directory.path(), &config, options)?;
        let interfaces = site.devices * site.interfaces as usize;
        let read = interfaces * options.seconds as usize;
        let seen = punctuality.interfaces;
        ensure!(seen == interfaces, "{name}: there are {seen} interfaces in the index");
        #[expect(clippy::cast_precision_loss, reason = "they are rounded to hundreds")]
        let rate = read as f64 / usage.cpu.as_secs_f64();
        writeln!(
            table,
            "| {name} | {} | {} | {:.1} % | {:.1} | {:.1} | {} | {} of {} |",
            thousands(polling),
            thousands(rate),
            usage.cpu.as_secs_f64() * 100.0 / f64::from(options.seconds),
            megabytes(usage.resident_kb),
            megabytes(usage.peak_kb),
            usage.wake_ups / u64::from(options.seconds),
            punctuality.missed,
            punctuality.samples,
        )?;
    }
    Ok(table)
}

impl Site {
    fn name(&self) -> String {
        let dead = if self.dead > 0 { format!(", {} dead", self.dead) } else { String::new() };
        format!("{} × {}{dead}", self.devices, self.interfaces)
    }
}

fn thousands(rate: f64) -> String {
    format!("{:.0} k", rate / 1_000.0)
}

fn write_config(directory: &Path, fleet: &Fleet, holes: &[UdpSocket]) -> Result<PathBuf> {
    let mut text = String::from("interval = \"1s\"\n");
    for (number, port) in fleet.ports().iter().enumerate() {
        write!(text, "[[target]]\nname = \"device-{number}\"\naddress = \"snmp://127.0.0.1:{port}\"\n")?;
    }
    for hole in holes {
        let port = hole.local_addr()?.port();
        write!(text, "[[target]]\nname = \"dead-{port}\"\naddress = \"snmp://127.0.0.1:{port}\"\n")?;
    }
    let path = directory.join("bench.toml");
    #[expect(clippy::disallowed_methods, reason = "nobody reads it yet")]
    std::fs::write(&path, text)?;
    Ok(path)
}

/// Interfaces a CPU-second that are read and thrown away.
fn poll(workspace: &Workspace, config: &Path, seconds: u32) -> Result<f64> {
    let mut cargo = command::cargo_build();
    cargo.current_dir(workspace.root()).args([
        "run",
        "--quiet",
        "--release",
        "--package=collector",
        "--example=polling",
        "--",
    ]);
    let told = command::output(cargo.arg(config).arg(seconds.to_string()))?;
    told.trim().parse().with_context(|| format!("the polling bench says `{}`", told.trim()))
}

/// What the collector uses as it is run.
fn publish(collector: &Path, directory: &Path, config: &Path, options: &Options) -> Result<(Usage, Punctuality)> {
    let out = directory.join("stats");
    let mut command = Command::new(collector);
    command.args(["run", "--config"]).arg(config).arg("--out").arg(&out).stdout(Stdio::null()).stderr(Stdio::null());
    let mut process = Process::start(&mut command)?;
    let id = process.child().id();
    thread::sleep(Duration::from_secs(options.settle.into()));
    let before = Usage::of(id)?;
    thread::sleep(Duration::from_secs(options.seconds.into()));
    let usage = Usage::of(id)?.since(before);
    process.stop()?;
    Ok((usage, punctual::look(&out)?))
}
