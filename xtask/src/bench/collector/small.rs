//! One host, four interfaces: what a router pays, beside what others take for the same.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::fleet::Fleet;
use super::{memory, peers};
use crate::bench::accounting::Usage;
use crate::process::Process;
use crate::workspace::Workspace;

const POLLS: u32 = 60;

/// 60 polls at 1 s, by SNMP and of this machine's own interfaces, all at the same time.
pub(super) fn table(workspace: &Workspace, collectors: &[(&str, &Path)]) -> Result<String> {
    let root = peers::install(workspace)?;
    let fleet = Fleet::start(1, 4)?;
    let agent = fleet.ports()[0];
    let directory = memory()?;
    let folder = |name: &str| {
        let folder = directory.path().join(name);
        fs::create_dir(&folder).map(|()| folder)
    };
    let mut ours = Vec::new();
    for (linked, collector) in collectors {
        for (source, target) in [("SNMP v2c", format!("snmp://127.0.0.1:{agent}")), ("local", "local".to_owned())] {
            let out = folder(&format!("{source} {linked}"))?;
            let mut command = Command::new(collector);
            command.args(["run", &target, "--interval=1s", "--out"]).arg(&out);
            if target == "local" {
                command.args(["--interface", "*"]);
            }
            let process = Process::start(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
            ours.push((format!("{source}, {linked}"), process, out));
        }
    }
    let mut exporter = peers::snmp_exporter(&root, &folder("snmp_exporter")?, agent)?;
    let collectd_out = folder("collectd")?;
    let mut others = [
        ("collectd, SNMP and CSV", peers::collectd(&root, &collectd_out, agent)?, POLLS),
        ("vnstatd, this machine, each 2 s", peers::vnstatd(&root, &folder("vnstatd")?)?, POLLS / 2),
    ];
    // The first reading is at once, the last after as many intervals less one; the half is for what follows it.
    thread::sleep(Duration::from_secs(u64::from(POLLS) - 1) + Duration::from_millis(500));
    let mut table = String::from(
        "One host, 60 polls at 1 s, start included, output on tmpfs, all at the same time:\n\n\
         | | interfaces | CPU-s | a poll µs | peak RSS MB | wake-ups a poll |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for (name, process, out) in &mut ours {
        let usage = Usage::of(process.id())?;
        process.stop()?;
        let interfaces = super::punctual::look(out)?.interfaces;
        row(&mut table, name, &interfaces.to_string(), usage, POLLS)?;
    }
    // One that does not work takes next to nothing.
    ensure!(collectd_out.join("device").is_dir(), "collectd has written nothing");
    ensure!(exporter.answers(agent), "snmp_exporter does not answer");
    let exporter = ("snmp_exporter, four columns", &mut exporter.process, POLLS);
    let others = others.iter_mut().map(|(name, process, polls)| (*name, process, *polls));
    for (name, process, polls) in others.chain([exporter]) {
        let usage = Usage::of(process.id())?;
        ensure!(process.ended()?.is_none(), "{name} has ended by itself");
        row(&mut table, name, "", usage, polls)?;
    }
    Ok(table)
}

fn row(table: &mut String, name: &str, interfaces: &str, usage: Usage, polls: u32) -> std::fmt::Result {
    let seconds = usage.cpu.as_secs_f64();
    writeln!(
        table,
        "| {name} | {interfaces} | {seconds:.4} | {:.0} | {:.1} | {:.1} |",
        seconds * 1e6 / f64::from(polls),
        megabytes(usage.peak_kb),
        wake_ups_a_poll(usage.wake_ups, polls),
    )
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with one decimal")]
fn wake_ups_a_poll(wake_ups: u64, polls: u32) -> f64 {
    wake_ups as f64 / f64::from(polls)
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with one decimal")]
pub(super) fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1024.0
}
