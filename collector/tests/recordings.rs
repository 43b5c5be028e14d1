//! `list` and `run` on recordings of real devices: the reduced ones of `devices`, and the full ones where they are at hand,
//! beside the repository or in `$DEVICE_RECORDINGS`. All devices at once, from one agent.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod published;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;
use std::{env, fs};

use published::Published;
use stats::{Quantity, Sample};
use test_agent::{Agent, Count, Device, Of, Recording, Value, parse_snmprec};

/// The versions that are spoken, as they are written.
const VERSIONS: [&str; 2] = ["1", "2c"];

fn collector() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"));
    command.env_remove("SNMP_COMMUNITY");
    command
}

/// A device that was recorded.
struct Recorded {
    name: String,
    recording: Recording,
}

fn recorded_in(folder: &Path) -> Vec<Recorded> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "snmprec"));
    paths.sort();
    let read = |path: PathBuf| Recorded {
        name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
        recording: parse_snmprec(&fs::read_to_string(&path).unwrap()).unwrap(),
    };
    paths.into_iter().map(read).collect()
}

fn reduced() -> Vec<Recorded> {
    let recorded = recorded_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/devices"));
    assert!(recorded.len() > 10);
    recorded
}

fn full() -> Vec<Recorded> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/devices");
    let named = env::var_os("DEVICE_RECORDINGS").map(PathBuf::from);
    let recorded = recorded_in(named.as_ref().unwrap_or(&beside));
    assert!(named.is_none() || !recorded.is_empty(), "there are no recordings in {named:?}");
    recorded
}

/// What is to be seen of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Expected {
    /// What it is called, but for what tells it from others.
    name: String,
    /// The octets that came in.
    in_octets: Option<u64>,
}

impl Recorded {
    fn column(&self, prefix: &str) -> BTreeMap<u32, &Value> {
        let prefix = test_agent::name(prefix);
        let below = self.recording.iter().filter(|(name, _)| name.starts_with(&prefix));
        below.map(|(name, value)| (*name.last().unwrap(), value)).collect()
    }

    /// Lets no link of a device be faster than 100 Mbit/s. At 10 Gbit/s, nobody knows how often a counter of 32 bits wrapped
    /// after 3.4 seconds, for which a busy machine may well let the collector wait.
    fn slow_down(&self, device: &mut Device) {
        for (column, most) in [("1.3.6.1.2.1.2.2.1.5", 100_000_000), ("1.3.6.1.2.1.31.1.1.1.15", 100)] {
            for (index, speed) in self.column(column) {
                if matches!(speed, Value::Gauge32(speed) if *speed > most) {
                    device.set(&test_agent::name(&format!("{column}.{index}")), Value::Gauge32(most));
                }
            }
        }
    }

    /// The interfaces that have counters in this version, by index.
    fn expected(&self, version: &str) -> BTreeMap<u32, Expected> {
        const IF_ENTRY: &str = "1.3.6.1.2.1.2.2.1";
        const IF_X_ENTRY: &str = "1.3.6.1.2.1.31.1.1.1";

        let counted = |value: &Value| match value {
            Value::Counter32(value) => Some(u64::from(*value)),
            Value::Counter64(value) if version != "1" => Some(*value),
            _ => None,
        };
        let narrow = (10..=20).filter(|column| *column != 15).map(|column| format!("{IF_ENTRY}.{column}"));
        let wide = (2..=13).map(|column| format!("{IF_X_ENTRY}.{column}"));
        let columns = narrow.chain(wide).map(|column| self.column(&column));
        let with_counters: BTreeSet<u32> = columns
            .flat_map(|column| column.into_iter().filter(|(_, value)| counted(value).is_some()).collect::<Vec<_>>())
            .map(|(index, _)| index)
            .collect();
        let texts = [format!("{IF_X_ENTRY}.1"), format!("{IF_ENTRY}.2")].map(|column| self.column(&column));
        let octets = [format!("{IF_X_ENTRY}.6"), format!("{IF_ENTRY}.10")].map(|column| self.column(&column));
        let expected = |index: u32| Expected {
            name: texts.iter().find_map(|column| visible(column.get(&index)?)).unwrap_or_else(|| index.to_string()),
            // Those of 64 bits stand still on some devices.
            in_octets: octets
                .iter()
                .filter_map(|column| counted(column.get(&index)?))
                .reduce(|wide, narrow| if wide > 0 { wide } else { narrow }),
        };
        with_counters.into_iter().map(|index| (index, expected(index))).collect()
    }
}

/// A text as a person would read it.
fn visible(value: &Value) -> Option<String> {
    let Value::Octets(octets) = value else { return None };
    let text: String = String::from_utf8_lossy(octets).chars().filter(|c| !c.is_control()).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Whether an interface is called so, or so with its index.
fn is_called(name: &str, expected: &Expected, index: u32) -> bool {
    name == expected.name || name == format!("{} (#{index})", expected.name)
}

/// All of them, each at a port of its own.
fn serve(recorded: &[Recorded]) -> Agent {
    let devices = recorded.iter().map(|one| (([127, 0, 0, 1], 0).into(), Device::new(one.recording.clone())));
    Agent::serving_all(devices).unwrap()
}

#[track_caller]
fn check_list(recorded: &[Recorded]) {
    let agent = serve(recorded);
    for version in VERSIONS {
        for (one, address) in recorded.iter().zip(agent.addresses()) {
            let what = format!("{} by v{version}", one.name);
            let expected = one.expected(version);
            let target = format!("snmp://{address}");
            let mut list = collector();
            list.args(["list", "--json", "--snmp-version", version, "--timeout", "1s", "--retries", "5", &target]);
            let output = list.output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            if one.column("1.3.6.1.2.1.2.2.1.2").is_empty() {
                assert!(!output.status.success() && said.contains("shows no interfaces"), "{what}: {said}");
                continue;
            }
            assert!(output.status.success(), "{what}: {said}");
            let listed: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
            let indexes = listed.iter().map(|interface| u32::try_from(interface["index"].as_u64().unwrap()).unwrap());
            assert!(indexes.clone().eq(expected.keys().copied()), "{what}: {listed:#?}");
            let names: BTreeSet<&str> = listed.iter().map(|interface| interface["name"].as_str().unwrap()).collect();
            assert_eq!(names.len(), listed.len(), "{what}: {names:?}");
            for ((interface, index), expected) in listed.iter().zip(indexes).zip(expected.values()) {
                assert!(is_called(interface["name"].as_str().unwrap(), expected, index), "{what}: {interface:#}");
                assert_eq!(interface["counters"]["inOctets"].as_u64(), expected.in_octets, "{what}: {interface:#}");
            }
        }
    }
}

#[test]
fn the_reduced_recordings_are_listed() {
    check_list(&reduced());
}

#[test]
fn the_full_recordings_are_listed() {
    check_list(&full());
}

/// A collector that reads all of them, in one version.
struct Running<'a> {
    agent: &'a Agent,
    /// The devices that have interfaces, and those.
    expected: Vec<(usize, BTreeMap<u32, Expected>)>,
    folder: tempfile::TempDir,
    process: Child,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl<'a> Running<'a> {
    fn start(recorded: &[Recorded], agent: &'a Agent, version: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let expected = recorded.iter().map(|one| one.expected(version)).enumerate();
        let expected: Vec<_> = expected.filter(|(_, expected)| !expected.is_empty()).collect();
        let addresses: Vec<_> = agent.addresses().collect();
        let mut run = collector();
        run.args(["run", "--interval", "500ms", "--interface", "*", "--snmp-version", version]);
        run.args(["--timeout", "1s", "--retries", "5", "--out"]).arg(folder.path().join("stats"));
        run.args(expected.iter().map(|(number, _)| format!("snmp://{}", addresses[*number])));
        let process = run.spawn().unwrap();
        Self { agent, expected, folder, process }
    }

    /// Each interface's index and samples, of each target.
    fn read(&self) -> Vec<Vec<(u32, String, Vec<Sample>)>> {
        let Some(published) = Published::read(&self.folder.path().join("stats")) else { return Vec::new() };
        let targets = published.targets.iter().enumerate().map(|(number, target)| {
            let interfaces = target.interfaces.iter().map(|interface| {
                let samples = published.samples(number, &interface.name).to_vec();
                (interface.if_index.unwrap(), interface.name.clone(), samples)
            });
            interfaces.collect()
        });
        targets.collect()
    }

    #[track_caller]
    fn wait_for(&self, what: &str, is_there: impl Fn(&[Sample]) -> bool) {
        for _ in 0..600 {
            let read = self.read();
            let all = || read.iter().flatten();
            let expected: usize = self.expected.iter().map(|(_, expected)| expected.len()).sum();
            if all().count() == expected && all().all(|(_, _, samples)| is_there(samples)) {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        panic!("waited a minute for {what}");
    }

    fn set_rates(&self, rate: u64) {
        for (number, _) in &self.expected {
            self.agent.device_at(*number).set_rate(Of::All, Count::InOctets, rate);
        }
    }
}

/// Lets octets pass through all interfaces of all devices: each has what its counter has.
#[track_caller]
fn check_run(recorded: &[Recorded], version: &str) {
    if recorded.is_empty() {
        return;
    }
    let agent = serve(recorded);
    for (number, one) in recorded.iter().enumerate() {
        let mut device = agent.device_at(number);
        one.slow_down(&mut device);
        device.remember(Count::InOctets);
        // Little enough for the slowest of them, which has 1 Mbit/s.
        device.set_rate(Of::All, Count::InOctets, 10_000);
    }
    let mut running = Running::start(recorded, &agent, version);
    let octets = |sample: &Sample| sample.passed.get(Quantity::InOctets);
    running.wait_for("a first sample of each", |samples| {
        samples.iter().any(|sample| octets(sample) > Some(0)) || samples.iter().any(|sample| octets(sample).is_none())
    });
    // What passed is what was counted since one of these was said.
    let said = |(number, expected): &(usize, BTreeMap<u32, Expected>)| {
        let device = agent.device_at(*number);
        expected.keys().map(|index| (*index, device.said(*index).to_vec())).collect()
    };
    let said: Vec<BTreeMap<u32, Vec<u64>>> = running.expected.iter().map(said).collect();
    running.set_rates(0);
    running.wait_for("the end of the traffic", |samples| {
        samples.iter().rev().take(2).all(|sample| octets(sample).unwrap_or(0) == 0)
    });
    let pid = running.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(running.process.wait().unwrap().success());

    for (((number, expected), said), published) in running.expected.iter().zip(&said).zip(running.read()) {
        let what = format!("{} by v{version}", recorded[*number].name);
        let names: BTreeSet<&str> = published.iter().map(|(_, name, _)| name.as_str()).collect();
        assert_eq!(names.len(), expected.len(), "{what}: {names:?}");
        for (index, name, samples) in &published {
            let expected = expected.get(index).unwrap_or_else(|| panic!("{what}: {index} {name}"));
            assert!(is_called(name, expected, *index), "{what}: {name} is no {expected:?}");
            assert!(samples.iter().all(|sample| sample.gap.is_none()), "{what}, {name}: {samples:#?}");
            let passed: u64 = samples.iter().filter_map(octets).sum();
            if expected.in_octets.is_none() {
                assert!(samples.iter().all(|sample| octets(sample).is_none()), "{what}, {name}: {samples:#?}");
                continue;
            }
            let last = *agent.device_at(*number).said(*index).last().unwrap();
            // A counter of 32 bits may have wrapped, and no more passes than that tells apart.
            let mut likely = said[index].iter().map(|said| last.wrapping_sub(*said) & u64::from(u32::MAX));
            assert!(likely.any(|counted| counted == passed), "{what}, {name}: {samples:#?}");
            assert!(passed > 0, "{what}, {name}: {samples:#?}");
        }
    }
}

#[test]
fn the_reduced_recordings_are_run() {
    for version in VERSIONS {
        check_run(&reduced(), version);
    }
}

#[test]
fn the_full_recordings_are_run() {
    for version in VERSIONS {
        check_run(&full(), version);
    }
}
