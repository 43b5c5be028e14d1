//! The collector against an agent, as people run it.

use std::fs;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use stats::{InterfaceStats, Sample, StatsFile};
use tempfile::TempDir;

/// A collector to which the environment says nothing.
pub(crate) fn collector() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"));
    for variable in ["SNMP_COMMUNITY", "SNMP_AUTH_PASSWORD", "SNMP_PRIVACY_PASSWORD"] {
        command.env_remove(variable);
    }
    command
}

/// The collector as it runs, reading the loopback each second.
pub(crate) struct Collector {
    out: TempDir,
    process: Child,
}

impl Collector {
    pub(crate) fn run(port: u16) -> Self {
        Self::run_with(port, |command| command)
    }

    /// With more flags and variables.
    pub(crate) fn run_with(port: u16, more: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let out = tempfile::tempdir().unwrap();
        let mut command = collector();
        command.args(["run", "--interface", "lo", "--out"]).arg(out.path());
        more(&mut command);
        let process = command.arg(format!("snmp://127.0.0.1:{port}")).spawn().unwrap();
        Self { out, process }
    }

    /// The samples so far: those of the recent file, and then those that the index has beyond them, as a page takes them.
    pub(crate) fn samples(&self) -> Vec<Sample> {
        let Some(index) = self.lo("index.json") else { return Vec::new() };
        let recent =
            index.recent.as_ref().and_then(|path| self.lo(path)).map(|stats| stats.samples).unwrap_or_default();
        let next = recent.first().unwrap_or(0) + recent.to_vec().len() as u64;
        let first = index.samples.first().unwrap_or(0);
        let newer = (first..).zip(index.samples.to_vec()).filter(|(number, _)| *number >= next);
        recent.to_vec().into_iter().chain(newer.map(|(_, sample)| sample)).collect()
    }

    /// How often the agent refreshes its counters, as the stats file says.
    pub(crate) fn refresh(&self) -> Option<Duration> {
        let file = StatsFile::parse(&fs::read(self.out.path().join("index.json")).unwrap()).unwrap();
        file.targets[0].refresh
    }

    fn lo(&self, path: &str) -> Option<InterfaceStats> {
        let file = StatsFile::parse(&fs::read(self.out.path().join(path)).ok()?).unwrap();
        file.targets.into_iter().flat_map(|target| target.interfaces).find(|stats| stats.name == "lo")
    }

    /// Waits until the samples are as described, and gives them.
    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, is_there: impl Fn(&[Sample]) -> bool) -> Vec<Sample> {
        for _ in 0..400 {
            let samples = self.samples();
            if is_there(&samples) {
                return samples;
            }
            sleep(Duration::from_millis(100));
        }
        panic!("waited forty seconds for {what}: {:#?}", self.samples());
    }

    /// Ends it as a service manager would, and gives all samples.
    pub(crate) fn end(mut self) -> Vec<Sample> {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.process.wait().unwrap().success());
        self.samples()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
