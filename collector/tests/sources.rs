//! The examples of `docs/sources.md`, as they stand there, with programs in place of `curl` and `ssh` that answer by
//! themselves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use stats::{Quantity, StatsFile, TargetStats, Timestamp};

const DOCUMENT: &str = include_str!("../../docs/sources.md");

/// A collector that ends with the test, and what it has started with it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Not by force: what it has started would be left.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

fn put(path: &Path, text: &str) {
    File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
}

/// A script on the path of the collector.
fn put_program(directory: &Path, name: &str, script: &str) {
    let path = directory.join("bin").join(name);
    put(&path, &format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}

const DISKS: &str = "   8       0 sda 100 0 2000 10 50 0 6000 30 0 40 40\n   8       1 sda1 9 0 9 9 9 0 9 9 0 9 9\n";
const NET_DEV: &str = "Inter-|   Receive  |  Transmit\n face |bytes    packets |bytes    packets\n    \
                       lo: 9 9 0 0 0 0 0 0 9 9 0 0 0 0 0 0\n  \
                       eth0: 5000000000 70 0 0 0 0 0 0 6000000000 80 0 0 0 0 0 0\n\
                       enp3s0: 700 7 0 0 0 0 0 0 600 6 0 0 0 0 0 0\n";

/// `ssh`, from which the last word goes to a shell; `curl`, which knows what is to be had at two addresses.
fn put_programs(directory: &Path) {
    fs::create_dir(directory.join("bin")).unwrap();
    put_program(directory, "ssh", "for word; do :; done\nexec /bin/sh -c \"$word\"");
    let status =
        "Active connections: 2 \\nserver accepts handled requests\\n 7 7 345 \\nReading: 0 Writing: 1 Waiting: 1 \\n";
    let script = format!(
        "case \"$*\" in\n*nginx_status) printf '{status}' ;;\n\
         *'--config /etc/provider.curl https://api.example/v1/traffic') echo '{{\"inOctets\": 11, \"outOctets\": 12, \"plan\": \"x\"}}' ;;\n\
         *) exit 9 ;;\nesac"
    );
    put_program(directory, "curl", &script);
}

/// The configs of the document in one, reading files that are made up.
fn config(directory: &Path) -> String {
    let configs = DOCUMENT.split("```toml\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0));
    let config = configs.collect::<Vec<_>>().join("\n").replace("interval = \"10s\"\n", "");
    let path = |name: &str| directory.join(name).display().to_string();
    let config = config.replace("/proc/diskstats", &path("diskstats")).replace("/proc/net/dev", &path("dev"));
    format!("out = \"o\"\ninterval = \"200ms\"\n{config}")
}

/// The newest sample of an interface has passed nothing of these, which are known: the counters stand still.
fn knows(targets: &[TargetStats], target: &str, interface: &str, quantities: &[Quantity]) -> bool {
    let target = targets.iter().find(|known| known.name == target);
    let interface = target.and_then(|target| target.interfaces.iter().find(|known| known.name == interface));
    let samples = interface.map(|interface| interface.samples.to_vec()).unwrap_or_default();
    let newest = samples.last().filter(|sample| sample.gap.is_none());
    let known = |sample: &stats::Sample| {
        let known = Quantity::ALL.into_iter().filter(|quantity| sample.passed.get(*quantity) == Some(0));
        known.eq(quantities.iter().copied())
    };
    newest.is_some_and(known)
}

#[test]
fn examples_of_the_documentation_are_read() {
    let directory = tempfile::tempdir().unwrap();
    put_programs(directory.path());
    put(&directory.path().join("diskstats"), DISKS);
    put(&directory.path().join("dev"), NET_DEV);
    put(&directory.path().join("config.toml"), &config(directory.path()));
    let path = std::env::join_paths(
        [directory.path().join("bin")].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"));
    command.args(["run", "--config", "config.toml"]).current_dir(directory.path()).env("PATH", path.unwrap());
    let _running = Running(command.stderr(Stdio::null()).spawn().unwrap());

    let octets = [Quantity::InOctets, Quantity::OutOctets];
    let mut last = Vec::new();
    for _ in 0..2_000 {
        let text = fs::read(directory.path().join("o/index.json")).unwrap_or_default();
        last = StatsFile::parse(&text).map(|file| file.targets).unwrap_or_default();
        let is_read = knows(&last, "disks", "sda", &octets)
            && knows(&last, "nginx", "nginx", &octets[..1])
            && knows(&last, "remote", "eth0", &Quantity::ALL)
            && knows(&last, "remote", "enp3s0", &Quantity::ALL)
            && knows(&last, "remote-kept", "enp3s0", &octets)
            && knows(&last, "provider", "provider", &octets);
        if is_read {
            let counts: Vec<_> = last.iter().map(|target| target.counts.clone().unwrap_or_default()).collect();
            let units = counts.iter().map(|counts| counts.unit.as_deref());
            assert_eq!(units.collect::<Vec<_>>(), [Some("B"), Some("requests"), None, None, None]);
            assert_eq!((counts[0].inbound.as_deref(), counts[0].outbound.as_deref()), (Some("read"), Some("written")));
            assert!(last.iter().all(|target| target.problem.is_none()), "{last:?}");
            assert_eq!(last.iter().map(|target| target.interfaces.len()).collect::<Vec<_>>(), [1, 1, 2, 1, 1]);
            return;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("not all of them are read: {last:?}");
}

/// The script of `docs/stats-file.md`, every second rather than every two, of an interface in a folder.
#[test]
fn a_script_of_the_documentation_writes_no_file_of_an_interface_that_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let (_, rest) = include_str!("../../docs/stats-file.md").split_once("```sh\n").unwrap();
    let script = rest.split_once("```").unwrap().0.replace("every=2", "every=1");
    let script = script.replace("/sys/class/net", &directory.path().display().to_string());
    let counters = directory.path().join("wg0/statistics");
    let count = |octets: [u64; 2]| {
        fs::create_dir_all(&counters).unwrap();
        for (name, octets) in ["rx_bytes", "tx_bytes"].into_iter().zip(octets) {
            // Renamed: the script must not see it empty.
            put(&counters.join("new"), &format!("{octets}\n"));
            fs::rename(counters.join("new"), counters.join(name)).unwrap();
        }
    };
    count([5_000, 7_000]);
    let path = directory.path().join("mine.json");
    let mut command = Command::new("sh");
    let _running = Running(command.args(["-c", &script, "mine.sh", "wg0"]).arg(&path).spawn().unwrap());
    let passed = |since: Option<Timestamp>| {
        for _ in 0..1_000 {
            let file = fs::read(&path).ok().map(|text| StatsFile::parse(&text).unwrap());
            if let Some(file) = file.filter(|file| file.written > since) {
                let sample = file.targets[0].interfaces[0].samples.to_vec().remove(0);
                return (sample.passed.get(Quantity::InOctets).unwrap(), file.written);
            }
            sleep(Duration::from_millis(10));
        }
        panic!("no file came");
    };
    let (_, written) = passed(None);
    fs::remove_dir_all(directory.path().join("wg0")).unwrap();
    sleep(Duration::from_millis(2_500));
    count([9_000, 9_000]);
    assert_eq!(passed(written).0, 0, "what was counted in between is not of that second");
    count([100, 100]);
    sleep(Duration::from_millis(1_500));
    count([150, 100]);
    sleep(Duration::from_millis(1_500));
    let (_, written) = passed(None);
    assert_eq!(passed(written).0, 0);
}
