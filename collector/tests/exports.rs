//! What is written beside the stats files, for others than our page: the predecessor's files, by its own arithmetic.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

fn collector(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"));
    command.current_dir(directory).env("XDG_STATE_HOME", directory.join("state"));
    command
}

/// A collector that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What an interface has counted: octets in and out, packets in and out.
type Counters = [u64; 4];

/// Replaces a file like `/proc/net/dev`.
fn count(directory: &Path, [in_octets, out_octets, in_packets, out_packets]: Counters) {
    let text = format!(
        "Inter-|   Receive  |  Transmit\n face |bytes    packets |bytes    packets\n  \
         ppp0: {in_octets} {in_packets} 0 0 0 0 0 0 {out_octets} {out_packets} 0 0 0 0 0 0\n"
    );
    let mut file = File::create(directory.join("dev.new")).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    drop(file);
    fs::rename(directory.join("dev.new"), directory.join("dev")).unwrap();
}

/// What the predecessor does with two readings: the difference of each counter, after what counts as full. All that stands
/// after the seconds between the readings.
fn pairs_of_the_predecessor(before: Counters, now: Counters, full: Counters) -> String {
    let pairs = (0..4).map(|at| format!("{} {}", full[at], now[at] - before[at]));
    pairs.collect::<Vec<String>>().join(" ")
}

/// A line's seconds, and the pairs after them.
fn read(line: &str) -> (f64, &str) {
    assert_eq!(line.lines().count(), 1, "{line}");
    let (seconds, pairs) = line.trim_end().split_once(' ').unwrap();
    (seconds.parse().unwrap(), pairs)
}

#[track_caller]
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..1_000 {
        if let Some(found) = look() {
            return found;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("waited ten seconds for {what}");
}

#[test]
fn the_predecessors_pages_read_on_what_they_ever_read() {
    let directory = tempfile::tempdir().unwrap();
    let config = "out = \"o\"\ninterval = \"100ms\"\nlegacy = true\n[[target]]\naddress = \"file:dev\"\n\
                  [target.max]\nppp0 = { in = \"8M\", out = \"800k\", in-packets = 700, out-packets = 300 }\n";
    File::create(directory.path().join("config.toml")).unwrap().write_all(config.as_bytes()).unwrap();
    let full = [1_000_000, 100_000, 700, 300];
    let readings: [Counters; 4] = [
        [5_000_000_000_000, 10, 7, 3],
        [5_000_000_123_456, 20, 9, 3],
        [5_000_000_123_456, 1_020, 9, 8],
        [5_000_004_123_456, 4_294_968_316, 5_009, 9],
    ];
    count(directory.path(), readings[0]);
    let mut command = collector(directory.path());
    command.args(["run", "--config", "config.toml"]).stderr(Stdio::null());
    let _running = Running(command.spawn().unwrap());
    let index = directory.path().join("o/index.json");
    wait_for("the first reading", || fs::read_to_string(&index).ok().filter(|text| text.contains("ppp0")));
    let path = directory.path().join("o/live_interface_stats_ppp0.txt");
    assert!(!path.exists(), "one reading is no difference");
    let mut last = None;
    for pair in readings.windows(2) {
        sleep(Duration::from_secs(1));
        count(directory.path(), pair[1]);
        let line = wait_for("a line", || {
            let line = fs::read_to_string(&path).ok();
            line.filter(|_| fs::metadata(&path).ok().map(|about| about.modified().unwrap()) != last)
        });
        last = Some(fs::metadata(&path).unwrap().modified().unwrap());
        let (seconds, pairs) = read(&line);
        assert_eq!(pairs, pairs_of_the_predecessor(pair[0], pair[1], full));
        // By the files' own times, which were a second apart and a little.
        assert!((0.99..2.0).contains(&seconds), "{line}");
    }
    let before = last;
    sleep(Duration::from_millis(500));
    assert_eq!(
        Some(fs::metadata(&path).unwrap().modified().unwrap()),
        before,
        "what was not read again is not told again"
    );
}

#[test]
fn it_is_told_an_interface_as_the_predecessor_was() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = collector(directory.path());
    command.args(["run", "lo", "--legacy", "--interval=200ms", "--out=o"]).stderr(Stdio::null());
    let _running = Running(command.spawn().unwrap());
    let path = directory.path().join("o/live_interface_stats_lo.txt");
    let line = wait_for("a line", || fs::read_to_string(&path).ok());
    let (seconds, pairs) = read(&line);
    assert!(seconds > 0.0, "{line}");
    let numbers: Vec<u64> = pairs.split(' ').map(|number| number.parse().unwrap()).collect();
    assert_eq!(numbers.len(), 8, "{line}");
}

/// In tmux, that is: `script` gives it a terminal.
#[test]
fn it_says_the_same_on_a_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let line = format!("'{}' once lo no-such --legacy --out o", env!("CARGO_BIN_EXE_live-interface-stats"));
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).current_dir(directory.path()).stdin(Stdio::null());
    let output = command.env("XDG_STATE_HOME", directory.path().join("state")).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains(" WARN local: there is no interface `no-such`"), "{said}");
    assert!(said.contains(" WARN local: what counts as full of lo is not known, and 0 in the files of the"), "{said}");
    assert_eq!(said.trim().lines().count(), 2, "{said}");
}

#[test]
fn once_goes_on_counting_where_the_call_before_ended() {
    let directory = tempfile::tempdir().unwrap();
    let once = |counters: Counters| {
        count(directory.path(), counters);
        let mut command = collector(directory.path());
        let status = command.args(["once", "--out", "o", "--legacy", "--openmetrics", "file:dev"]).status().unwrap();
        assert!(status.success());
        sleep(Duration::from_secs(1));
        fs::read_to_string(directory.path().join("o/metrics.txt")).unwrap()
    };
    let total = |text: &str| {
        let line = text.lines().find(|line| line.starts_with("interface_receive_bytes_total{"))?;
        line.rsplit(' ').next()?.parse::<u64>().ok()
    };
    assert_eq!(total(&once([1_000, 0, 0, 0])), None);
    assert_eq!(total(&once([1_500, 0, 0, 0])), Some(500));
    assert_eq!(total(&once([1_700, 9, 4, 2])), Some(700));
    let line = fs::read_to_string(directory.path().join("o/live_interface_stats_ppp0.txt")).unwrap();
    assert_eq!(read(&line).1, "0 200 0 9 0 4 0 2", "without a speed nothing is known to be full");
}
