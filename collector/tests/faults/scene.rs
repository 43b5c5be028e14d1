//! A collector that runs against a test agent, and what it publishes.

use std::fs::{self, File};
use std::process::{Child, Command};
use std::sync::MutexGuard;
use std::thread::sleep;
use std::time::Duration;

use stats::{GapReason, Quantity, Sample, StatsFile, TargetStats};
use tempfile::TempDir;
use test_agent::{Agent, Count, Device, Of, Port, switch};

use crate::published::Published;

/// Octets a second that pass while there is traffic.
pub(crate) const RATE: u64 = 1_000_000;

/// A reading was taken at some time while its question and answer were on their way, which takes long where a machine is
/// busy.
pub(crate) const SLACK: Duration = Duration::from_millis(400);

/// A device and the collector that reads it ten times a second. Both end with this.
pub(crate) struct Scene {
    pub(crate) agent: Agent,
    folder: TempDir,
    process: Child,
}

/// What a device said of an interface before the first sample.
pub(crate) struct Beginning {
    index: u32,
    said: Vec<u64>,
}

/// All that was published of an interface in the end.
pub(crate) struct Story {
    pub(crate) samples: Vec<Sample>,
    pub(crate) log: String,
}

impl Scene {
    /// With a switch of two ports, `Gi1` and `Gi2`.
    pub(crate) fn of_switch() -> Self {
        Self::of(Device::new(switch(2, Port::Wide)))
    }

    /// With a device that is asked so often that what a busy machine keeps waiting is not taken for lost.
    pub(crate) fn of(device: Device) -> Self {
        Self::with(Agent::serving(device), &["--timeout", "250ms", "--retries", "4"])
    }

    /// With a switch that is soon given up.
    pub(crate) fn of_switch_in_haste() -> Self {
        let device = Device::new(switch(2, Port::Wide));
        Self::with(Agent::serving(device), &["--timeout", "200ms", "--retries", "1"])
    }

    pub(crate) fn with(agent: Agent, arguments: &[&str]) -> Self {
        for number in 0..agent.addresses().count() {
            let mut device = agent.device_at(number);
            device.remember(Count::InOctets);
            set_rates(&mut device, RATE);
        }
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"));
        command.env_remove("SNMP_COMMUNITY").args(["run", "--interval", "100ms", "--interface", "*", "--out"]);
        command.arg(folder.path().join("stats")).args(arguments);
        command.args(agent.addresses().map(|address| format!("snmp://{address}")));
        let log = File::create(folder.path().join("log")).unwrap();
        let process = command.stderr(log).spawn().unwrap();
        Self { agent, folder, process }
    }

    pub(crate) fn device(&self) -> MutexGuard<'_, Device> {
        self.agent.device()
    }

    /// Waits for the first sample, and gives what passed up to then for all that can be known: what the samples add up to
    /// is what was counted since one of the values that the device has said by now.
    #[track_caller]
    pub(crate) fn begin(&self, interface: &str, index: u32) -> Beginning {
        self.wait_for(interface, "a first sample", |samples| samples.iter().any(|sample| octets(sample) > Some(0)));
        Beginning { index, said: self.device().said(index).to_vec() }
    }

    /// Lets traffic end, and waits until that is seen.
    #[track_caller]
    pub(crate) fn ebb(&self, interface: &str) {
        set_rates(&mut self.device(), 0);
        self.wait_for(interface, "two samples without traffic", |samples| {
            samples.len() > 2 && samples.iter().rev().take(2).all(|sample| octets(sample) == Some(0))
        });
    }

    /// Waits for so many more samples in which something passed.
    #[track_caller]
    pub(crate) fn wait_for_traffic(&self, interface: &str, samples: usize) {
        let busy = |all: &[Sample]| all.iter().filter(|sample| is_known(sample) && octets(sample) != Some(0)).count();
        let before = busy(&self.samples(interface));
        self.wait_for(interface, "samples with traffic", |all| busy(all) >= before + samples);
    }

    /// Waits for a gap of that reason in `Gi1`.
    #[track_caller]
    pub(crate) fn wait_for_gap(&self, reason: &GapReason) {
        self.wait_for("Gi1", &format!("{reason:?}"), |samples| gaps(samples).contains(&reason));
    }

    /// Waits until the samples of an interface are as described.
    #[track_caller]
    pub(crate) fn wait_for(&self, interface: &str, what: &str, is_there: impl Fn(&[Sample]) -> bool) {
        self.wait_until(what, || is_there(&self.samples(interface)));
    }

    /// Waits for something that the other process does.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, is_there: impl Fn() -> bool) {
        // What this takes on a machine that has nothing else to do is a second or two.
        for _ in 0..1_200 {
            if is_there() {
                return;
            }
            sleep(Duration::from_millis(25));
        }
        panic!("waited for {what}: {:#?} {}", self.samples("Gi1"), self.log());
    }

    /// The samples so far.
    pub(crate) fn samples(&self, interface: &str) -> Vec<Sample> {
        let Some(published) = self.published() else { return Vec::new() };
        published.samples(0, interface).to_vec()
    }

    fn published(&self) -> Option<Published> {
        Published::read(&self.folder.path().join("stats"))
    }

    /// What is published of the target, with the newest samples.
    pub(crate) fn target(&self) -> Option<TargetStats> {
        self.published()?.targets.into_iter().next()
    }

    /// The index as it is now.
    pub(crate) fn index(&self) -> Option<StatsFile> {
        let index = fs::read(self.folder.path().join("stats/index.json")).ok()?;
        Some(StatsFile::parse(&index).unwrap())
    }

    /// What is said to be wrong with the target at present.
    pub(crate) fn problem(&self) -> Option<String> {
        self.target()?.problem
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Ends the collector as a service manager would, and tells what it published of an interface.
    #[track_caller]
    pub(crate) fn end(mut self, interface: &str) -> Story {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let status = self.process.wait().unwrap();
        let log = self.log();
        assert!(status.success() && !log.contains("panicked"), "{status}: {log}");
        Story { samples: self.samples(interface), log }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Lets so many octets a second come into all interfaces, and half as many leave them.
pub(crate) fn set_rates(device: &mut Device, rate: u64) {
    device.set_rate(Of::All, Count::InOctets, rate);
    device.set_rate(Of::All, Count::OutOctets, rate / 2);
    device.set_rate(Of::All, Count::InPackets, rate / 1_000);
    device.set_rate(Of::All, Count::OutPackets, rate / 1_000);
}

impl Beginning {
    /// What may have been counted since: what an interface is at now, less each of the values that it began with. No test
    /// lets more pass than 32 bits tell apart.
    pub(crate) fn counted(&self, scene: &Scene) -> Vec<u64> {
        let now = scene.device().counter(self.index, Count::InOctets).unwrap();
        self.said.iter().map(|said| now.wrapping_sub(*said) & u64::from(u32::MAX)).collect()
    }
}

pub(crate) fn octets(sample: &Sample) -> Option<u64> {
    sample.passed.get(Quantity::InOctets)
}

pub(crate) fn is_known(sample: &Sample) -> bool {
    sample.gap.is_none() && octets(sample).is_some()
}

pub(crate) fn sum(samples: &[Sample], quantity: Quantity) -> u64 {
    samples.iter().filter_map(|sample| sample.passed.get(quantity)).sum()
}

/// The reasons of the gaps, each as often as it has samples.
pub(crate) fn gaps(samples: &[Sample]) -> Vec<&GapReason> {
    samples.iter().filter_map(|sample| sample.gap.as_ref()).collect()
}

impl Story {
    /// What passed is what the device counted, in samples without a gap, a zero or a spike.
    #[track_caller]
    pub(crate) fn check_unbroken(&self, in_octets: &[u64]) {
        self.check_sum(in_octets);
        assert_eq!(gaps(&self.samples), Vec::<&GapReason>::new(), "{:#?} {}", self.samples, self.log);
        self.check_shape();
    }

    /// The only gaps are of this reason, and what passed is what the device counted, the gaps included.
    #[track_caller]
    pub(crate) fn check_broken_by(&self, reason: &GapReason, in_octets: &[u64]) {
        self.check_sum(in_octets);
        let gaps = gaps(&self.samples);
        assert!(!gaps.is_empty() && gaps.iter().all(|gap| *gap == reason), "{:#?} {}", self.samples, self.log);
        self.check_shape();
    }

    #[track_caller]
    pub(crate) fn check_sum(&self, in_octets: &[u64]) {
        let sum = sum(&self.samples, Quantity::InOctets);
        assert!(in_octets.contains(&sum), "{sum} is none of {in_octets:?}: {:#?} {}", self.samples, self.log);
    }

    /// Between the first sample with traffic and the last there is no zero, and nowhere more than can have passed.
    #[track_caller]
    pub(crate) fn check_shape(&self) {
        let known: Vec<&Sample> = self.samples.iter().filter(|sample| sample.gap.is_none()).collect();
        let busy = |sample: &&Sample| octets(sample) != Some(0);
        let (first, last) = (known.iter().position(busy), known.iter().rposition(busy));
        let (Some(first), Some(last)) = (first, last) else { panic!("no traffic: {:#?}", self.samples) };
        for sample in &known[first..=last] {
            let passed = octets(sample).unwrap_or(0);
            let most = u128::from(RATE) * (sample.duration + SLACK).as_micros() / 1_000_000;
            assert!(passed > 0 && u128::from(passed) <= most, "{sample:?} in {:#?}", self.samples);
        }
    }

    /// The lines of the log that say that something is wrong.
    pub(crate) fn warnings(&self) -> Vec<&str> {
        self.log.lines().filter(|line| line.contains("WARN") || line.contains("ERROR")).collect()
    }
}
