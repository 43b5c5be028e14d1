//! One host, four interfaces: what a router pays.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::fleet::Fleet;
use super::memory;
use crate::bench::accounting::Usage;
use crate::process::Process;

const POLLS: u32 = 60;

/// 60 polls at 1 s, by SNMP and of this machine's own interfaces, at the same time.
pub(super) fn table(collector: &Path) -> Result<String> {
    let fleet = Fleet::start(1, 4)?;
    let directory = memory()?;
    let start = |name: &str, target: &str| {
        let mut command = Command::new(collector);
        command.args(["run", target, "--interval=1s", "--out"]).arg(directory.path().join(name));
        if target == "local" {
            command.args(["--interface", "*"]);
        }
        Process::start(command.stdout(Stdio::null()).stderr(Stdio::null()))
    };
    let mut snmp = start("snmp", &format!("snmp://127.0.0.1:{}", fleet.ports()[0]))?;
    let mut local = start("local", "local")?;
    // The first reading is at once, the last after as many intervals less one; the half is for what follows it.
    thread::sleep(Duration::from_secs(u64::from(POLLS) - 1) + Duration::from_millis(500));
    let mut table = String::from(
        "One host, 60 polls at 1 s, start included, output on tmpfs:\n\n\
         | | interfaces | CPU-s | a poll µs | peak RSS MB | wake-ups a poll |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for (name, process) in [("SNMP v2c", &mut snmp), ("local", &mut local)] {
        let usage = Usage::of(process.child().id())?;
        process.stop()?;
        let out = directory.path().join(if name == "local" { "local" } else { "snmp" });
        let interfaces = super::punctual::look(&out)?.interfaces;
        writeln!(
            table,
            "| {name} | {interfaces} | {:.4} | {:.0} | {:.1} | {:.1} |",
            usage.cpu.as_secs_f64(),
            usage.cpu.as_secs_f64() * 1e6 / f64::from(POLLS),
            megabytes(usage.peak_kb),
            wake_ups_a_poll(usage.wake_ups),
        )?;
    }
    Ok(table)
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with one decimal")]
fn wake_ups_a_poll(wake_ups: u64) -> f64 {
    wake_ups as f64 / f64::from(POLLS)
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with one decimal")]
pub(super) fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1024.0
}
