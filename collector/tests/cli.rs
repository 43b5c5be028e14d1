//! The collector as people run it: its files, its state, and what it says of bad input.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use stats::{GapReason, Quantity, StatsFile};
use test_agent::{Agent, Count, Device, Of, Port, Refresh, switch};

fn collector(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"));
    command.current_dir(directory).env_remove("SNMP_COMMUNITY").env("XDG_STATE_HOME", directory.join("state"));
    command
}

/// A collector that ends with the test, whatever happens to that.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    fn terminate(mut self) -> Output {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        for _ in 0..100 {
            if self.0.try_wait().unwrap().is_some() {
                break;
            }
            sleep(Duration::from_millis(50));
        }
        let status = self.0.try_wait().unwrap().expect("it ends within five seconds of SIGTERM");
        let read = |pipe: Option<&mut dyn Read>| {
            let mut text = Vec::new();
            pipe.unwrap().read_to_end(&mut text).unwrap();
            text
        };
        let stdout = read(self.0.stdout.as_mut().map(|pipe| pipe as _));
        let stderr = read(self.0.stderr.as_mut().map(|pipe| pipe as _));
        Output { status, stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for something that another process is about to do.
#[track_caller]
fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    for _ in 0..200 {
        if condition() {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("waited ten seconds for {what}");
}

fn file(path: &Path) -> Option<StatsFile> {
    let text = fs::read(path).ok()?;
    Some(StatsFile::parse(&text).unwrap())
}

fn samples_of(path: &Path, interface: &str) -> Vec<stats::Sample> {
    let Some(file) = file(path) else { return Vec::new() };
    let found = file.targets.iter().flat_map(|target| &target.interfaces).find(|stats| stats.name == interface);
    found.map(|stats| stats.samples.to_vec()).unwrap_or_default()
}

fn put(path: &Path, text: &str) {
    File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn check_refused(arguments: &[&str], says: &str) {
    let directory = tempfile::tempdir().unwrap();
    let output = collector(directory.path()).args(arguments).output().unwrap();
    let said = stderr(&output);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains(says), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn bad_targets_get_a_sentence_each() {
    check_refused(&["list", "snmp://"], "names no host");
    check_refused(&["list", "http://192.0.2.1"], "is no target: write `local`");
    check_refused(&["run", "router.example"], "`snmp://router.example`?");
    check_refused(&["list", "l0"], "there is no interface `l0` (did you mean `lo`?)");
    check_refused(&["run", "local", "local"], "local is given twice");
    check_refused(&["list", "snmp://host.invalid"], "cannot resolve host.invalid");
    check_refused(&["run", "--interface", "a[", "local"], "write a name, or a pattern");
}

#[test]
fn an_unknown_interface_gets_the_nearest_name() {
    check_refused(&["list", "--interface", "l0"], "there is no interface `l0` (did you mean `lo`?)");
}

#[test]
fn a_secret_in_a_target_is_not_repeated() {
    let directory = tempfile::tempdir().unwrap();
    let output = collector(directory.path()).args(["list", "snmp://s3cret@192.0.2.1"]).output().unwrap();
    let said = stderr(&output);
    assert!(said.contains("--community-file") && !said.contains("s3cret"), "{said}");
}

#[test]
fn a_community_that_is_no_text_is_refused_and_public_is_not_tried_in_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let mut list = collector(directory.path());
    list.env("SNMP_COMMUNITY", OsStr::from_bytes(b"s3cret\xff")).args(["list", "snmp://127.0.0.1"]);
    let said = stderr(&list.output().unwrap());
    assert!(said.contains("SNMP_COMMUNITY is not in UTF-8") && !said.contains("s3cret"), "{said}");
}

#[cfg(not(feature = "page"))]
#[test]
fn without_the_page_init_says_how_to_have_it() {
    check_refused(
        &["init", "here"],
        "this collector was built without the page: build that with `cargo xtask test page`",
    );
}

#[test]
fn bad_secrets_get_a_sentence_each() {
    check_refused(
        &["list", "--community-file", "/nowhere/community"],
        "cannot read the community file /nowhere/community",
    );
    check_refused(&["list", "--community-file", "/dev/null"], "community file /dev/null");
}

#[test]
fn a_pipe_is_waited_for_where_a_secret_may_come_from_it_and_not_for_ever() {
    let directory = tempfile::tempdir().unwrap();
    let run = |script: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).current_dir(directory.path());
        shell.env("COLLECTOR", env!("CARGO_BIN_EXE_live-interface-stats")).output().unwrap()
    };
    let nobody = run("mkfifo pipe; \"$COLLECTOR\" list --community-file pipe snmp://127.0.0.1:1");
    let said = stderr(&nobody);
    assert!(said.contains("the community file pipe: it is a pipe that nobody writes into"), "{said}");
    let somebody = "(sleep 0.3; echo secret > pipe) & \"$COLLECTOR\" list --community-file pipe snmp://127.0.0.1:1";
    let said = stderr(&run(somebody));
    assert!(said.contains("nothing listens at 127.0.0.1:1"), "{said}");
    let said = stderr(&run("\"$COLLECTOR\" list file:pipe"));
    assert!(said.contains("pipe is no file: name one like /proc/net/dev"), "{said}");
}

#[test]
fn an_output_directory_that_cannot_be_gets_a_sentence() {
    check_refused(&["run", "--out", "/proc/nowhere/stats"], "cannot make the directory /proc/nowhere/stats");
    check_refused(&["once", "--state", "/proc/nowhere/state"], "name another file with --state");
}

#[test]
fn whatever_is_made_for_the_stats_files_others_can_look_into() {
    let directory = tempfile::tempdir().unwrap();
    let script = "umask 077; \"$COLLECTOR\" once --out u/v/stats --state state lo";
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).current_dir(directory.path());
    assert!(shell.env("COLLECTOR", env!("CARGO_BIN_EXE_live-interface-stats")).status().unwrap().success());
    let mode = |path: &str| fs::metadata(directory.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(["u", "u/v", "u/v/stats"].map(mode), [0o755; 3]);
    assert_eq!((mode("u/v/stats/index.json"), mode("state")), (0o644, 0o600));
}

#[track_caller]
fn check_config(text: &str, says: &str) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.toml");
    put(&path, text);
    let output = collector(directory.path()).args(["run", "--config", "config.toml"]).output().unwrap();
    let said = stderr(&output);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains(says), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
}

#[test]
fn every_error_of_a_config_names_the_file_the_line_and_what_to_write() {
    check_config(
        "out = \"x\"\nintervall = \"1s\"\n",
        "config.toml:2: unknown key `intervall`: did you mean `interval`?",
    );
    check_config("interval = \"fast\"\n", "config.toml:1: interval: ");
    check_config("\n[[target]]\naddress = \"snmp://\"\n", "config.toml:3: address: `snmp://` names no host");
    check_config("[[target]]\nname = \"a\"\n", "config.toml:1: missing field `address`");
    check_config(
        "[[target]]\naddress = \"local\"\n[[target]]\naddress = \"local\"\n",
        "config.toml:4: two targets are",
    );
    check_config("interval = \"fast\"\n", "expected number at 0: write 1s, 500ms or 5m");
    check_config("interfaces = [\"eth*\",\n  \"a[\"]\n", "config.toml:2: interfaces: ");
    check_config("community = \"\"\n", "config.toml:1: community: a community has 1 to 255 octets, and this one has 0");
    check_config("community-file = \"secret\"\n", "config.toml:1: cannot read the community file");
    check_config("out = 5\n", "config.toml:1: out: write a text, between quotes");
    check_config("out = \"\"\n", "config.toml:1: out: it is empty: write the directory that the stats files go to");
    check_config("out = \"x\n", "config.toml:1: out: invalid basic string");
    check_config("[target]\naddress = \"local\"\n", "config.toml:1: target: write [[target]], with two brackets");
    check_config(
        "[[target]]\naddress = \"ppp0\"\n",
        "config.toml:2: address: `ppp0` is no target: an interface of this machine is chosen with `address = \"local\"` and \
         `interfaces = [\"ppp0\"]`",
    );
}

#[test]
fn many_targets_come_from_a_config() {
    let directory = tempfile::tempdir().unwrap();
    let config = "out = \"www\"\ninterval = \"200ms\"\ninterfaces = [\"lo\"]\n\
                  [[target]]\naddress = \"local\"\nname = \"this machine\"\n\
                  [[target]]\naddress = \"snmp://127.0.0.1:1\"\nname = \"nobody\"\n";
    let path = directory.path().join("config.toml");
    put(&path, config);
    let running = Running::start(collector(directory.path()).args(["run", "--config", "config.toml"]));
    let index = directory.path().join("www/index.json");
    wait_until("samples", || samples_of(&index, "lo").len() > 2);
    wait_until("a problem", || file(&index).is_some_and(|file| file.targets.iter().any(|one| one.problem.is_some())));
    let index = file(&index).unwrap();
    let names: Vec<&str> = index.targets.iter().map(|target| target.name.as_str()).collect();
    assert_eq!(names, ["this machine", "nobody"]);
    let output = running.terminate();
    assert!(stderr(&output).contains("nobody: "), "{}", stderr(&output));
}

#[test]
fn what_is_written_fits_the_schema() {
    let directory = tempfile::tempdir().unwrap();
    let running = Running::start(collector(directory.path()).args(["run", "--interval", "100ms", "--interface", "*"]));
    let out = directory.path().join("dist/stats");
    wait_until("samples", || samples_of(&out.join("index.json"), "lo").len() > 2);
    running.terminate();
    let schema = serde_json::from_str(include_str!("../../docs/stats-file.schema.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut files = 0;
    for entry in fs::read_dir(out).unwrap() {
        let text = fs::read(entry.unwrap().path()).unwrap();
        let file = serde_json::from_slice(&text).unwrap();
        let errors = validator.iter_errors(&file).map(|error| error.to_string());
        assert_eq!(errors.collect::<Vec<String>>(), [""; 0]);
        files += 1;
    }
    assert!(files >= 2, "an index and a recent file");
}

#[test]
fn it_ends_cleanly_and_says_that_nothing_is_due() {
    for signal in ["-TERM", "-INT", "-HUP"] {
        let directory = tempfile::tempdir().unwrap();
        let running = Running::start(collector(directory.path()).args(["run", "--out", "o", "--interface", "lo"]));
        let index = directory.path().join("o/index.json");
        wait_until("an index", || index.exists());
        assert!(file(&index).unwrap().due.is_some());
        let pid = running.0.id().to_string();
        Command::new("kill").args([signal, &pid]).status().unwrap();
        let output = running.terminate();
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(file(&index).unwrap().due, None);
        let left: Vec<_> = fs::read_dir(directory.path().join("o")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{left:?}");
    }
}

/// The time that the index says it was written at, more than once.
#[track_caller]
fn check_goes_on(index: &Path) {
    let written = || file(index).and_then(|file| file.written);
    for _ in 0..2 {
        let before = written();
        wait_until("another index", || written() > before);
    }
}

#[test]
fn a_directory_is_written_to_by_one_collector_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let running = Running::start(collector(directory.path()).args(["run", "--out", "o", "--interface", "lo"]));
    wait_until("an index", || directory.path().join("o/index.json").exists());
    let other =
        |command| collector(directory.path()).args([command, "--out", "o", "--interface", "lo"]).output().unwrap();
    for command in ["run", "once"] {
        let output = other(command);
        let said = stderr(&output);
        assert!(!output.status.success() && said.contains("another collector writes to o: end it, or name"), "{said}");
    }
    running.terminate();
    assert!(other("once").status.success());
}

#[test]
fn what_was_started_to_outlive_its_terminal_does() {
    let directory = tempfile::tempdir().unwrap();
    let mut nohup = Command::new("nohup");
    nohup.arg(env!("CARGO_BIN_EXE_live-interface-stats")).current_dir(directory.path());
    let running = Running::start(nohup.args(["run", "--out", "o", "--interval", "100ms", "--interface", "lo"]));
    let index = directory.path().join("o/index.json");
    wait_until("an index", || index.exists());
    assert!(Command::new("kill").args(["-HUP", &running.0.id().to_string()]).status().unwrap().success());
    check_goes_on(&index);
    assert!(running.terminate().status.success());
}

#[test]
fn a_collector_whose_log_nobody_can_read_any_more_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["run", "--out", "o", "--interval", "100ms", "--interface", "lo"];
    let mut running = Running::start(collector(directory.path()).args(arguments));
    let index = directory.path().join("o/index.json");
    wait_until("an index", || index.exists());
    drop(running.0.stderr.take());
    // Which is something to be told.
    fs::remove_file(&index).unwrap();
    fs::create_dir(&index).unwrap();
    sleep(Duration::from_millis(500));
    fs::remove_dir(&index).unwrap();
    wait_until("an index", || index.is_file());
    check_goes_on(&index);
}

#[test]
fn a_collector_that_is_restarted_goes_on_after_a_gap() {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("o/index.json");
    let run = || {
        Running::start(collector(directory.path()).args([
            "run",
            "--out",
            "o",
            "--interval",
            "100ms",
            "--interface",
            "lo",
        ]))
    };
    let first = run();
    wait_until("samples", || samples_of(&index, "lo").len() > 3);
    first.terminate();
    let before = file(&index).unwrap();
    let second = run();
    wait_until("another run", || file(&index).is_some_and(|now| now.targets[0].run != before.targets[0].run));
    wait_until("samples after the gap", || samples_of(&index, "lo").last().is_some_and(|sample| sample.gap.is_none()));
    second.terminate();
    let samples = samples_of(&index, "lo");
    let gaps = samples.iter().filter(|sample| sample.gap == Some(GapReason::CollectorStopped)).count();
    assert_eq!(gaps, 1, "{samples:?}");
    assert!(samples.windows(2).all(|pair| pair[0].end == pair[1].start()), "one ends where the next begins");
}

#[test]
fn a_directory_that_vanishes_costs_one_line_and_is_made_again() {
    let directory = tempfile::tempdir().unwrap();
    let www = directory.path().join("www");
    let out = www.join("stats");
    let running = Running::start(collector(directory.path()).args([
        "run",
        "--out",
        "www/stats",
        "--interval",
        "100ms",
        "--interface",
        "lo",
    ]));
    wait_until("an index", || out.join("index.json").exists());
    fs::remove_dir_all(&out).unwrap();
    wait_until("the directory", || out.join("index.json").exists());
    // What it stands in is not the collector's to make.
    fs::rename(&www, directory.path().join("away")).unwrap();
    sleep(Duration::from_millis(500));
    assert!(!www.exists());
    fs::rename(directory.path().join("away"), &www).unwrap();
    let written = || file(&out.join("index.json")).and_then(|file| file.written);
    let before = written();
    wait_until("new data", || written() > before);
    let said = stderr(&running.terminate());
    assert_eq!(said.matches("cannot write").count(), 1, "{said}");
    assert_eq!(said.matches("is written again").count(), 1, "{said}");
}

#[test]
fn a_full_disk_costs_one_line_and_leaves_the_last_file_whole() {
    let directory = tempfile::tempdir().unwrap();
    // A file system of 64 KiB in a name space of its own, so that nobody else sees it; it fills up, and is freed again.
    let script = r#"
        mount -t tmpfs -o size=64k tmpfs full && mkdir full/stats || exit 77
        "$COLLECTOR" run --out full/stats --interval 100ms --interface lo 2> log &
        collector=$!
        sleep 1
        # Again and again: while a file is being replaced it holds more than afterwards, and that would be left over.
        for _ in $(seq 50); do
            cat /dev/zero >> full/filler 2> /dev/null
            sleep 0.02
        done
        cp full/stats/index.json when-full.json
        rm full/filler
        sleep 1
        cp full/stats/index.json when-freed.json
        kill $collector
        wait $collector
    "#;
    fs::create_dir(directory.path().join("full")).unwrap();
    let mut unshare = Command::new("unshare");
    unshare.args(["--mount", "--map-root-user", "sh", "-c", script]).current_dir(directory.path());
    let status = unshare.env("COLLECTOR", env!("CARGO_BIN_EXE_live-interface-stats")).status().unwrap();
    assert!(status.success(), "this test mounts a file system in a user name space of its own: {status}");
    let (full, freed) = (directory.path().join("when-full.json"), directory.path().join("when-freed.json"));
    assert!(file(&full).unwrap().written < file(&freed).unwrap().written);
    let said = fs::read_to_string(directory.path().join("log")).unwrap();
    let about_index = |what: &str| said.lines().filter(|line| line.contains(what)).count();
    assert_eq!(about_index("No space left on device"), 1, "{said}");
    assert_eq!(about_index("is written again"), 1, "{said}");
}

#[test]
fn a_file_that_cannot_be_replaced_costs_one_line_and_no_other_file() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("o");
    fs::create_dir_all(out.join("metrics.txt")).unwrap();
    let arguments = ["run", "--out", "o", "--interval", "100ms", "--interface", "lo", "--openmetrics"];
    let running = Running::start(collector(directory.path()).args(arguments));
    wait_until("samples", || samples_of(&out.join("index.json"), "lo").len() > 5);
    fs::remove_dir(out.join("metrics.txt")).unwrap();
    wait_until("metrics", || out.join("metrics.txt").is_file());
    let said = stderr(&running.terminate());
    assert_eq!(said.matches("cannot write o/metrics.txt").count(), 1, "{said}");
    assert_eq!(said.matches("is written again").count(), 1, "{said}");
}

#[test]
fn once_fails_where_one_of_its_files_cannot_be_replaced() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir_all(directory.path().join("o/live_interface_stats_lo.txt")).unwrap();
    let once = || collector(directory.path()).args(["once", "--out", "o", "--legacy", "lo"]).output().unwrap();
    assert!(once().status.success(), "after one reading there is nothing to write in it");
    let output = once();
    assert!(!output.status.success());
    assert!(stderr(&output).contains("not everything could be written to o"), "{}", stderr(&output));
}

#[test]
fn a_pipe_in_the_way_of_a_stats_file_holds_nothing_up() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("o");
    fs::create_dir(&out).unwrap();
    // All that is opened there: the earlier file and the new one.
    let pipes = ["o/index.json", "o/.index.json.new"];
    assert!(Command::new("mkfifo").args(pipes).current_dir(directory.path()).status().unwrap().success());
    let running = Running::start(collector(directory.path()).args(["run", "--out", "o", "--interface", "lo"]));
    let index = out.join("index.json");
    wait_until("an index", || index.is_file());
    assert!(running.terminate().status.success());
}

#[test]
fn once_keeps_what_the_next_call_needs() {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("o/index.json");
    let once = || {
        let output = collector(directory.path()).args(["once", "--out", "o", "--interface", "lo"]).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        samples_of(&index, "lo")
    };
    assert_eq!(once().len(), 0);
    sleep(Duration::from_millis(300));
    let first = once();
    assert_eq!(first.len(), 1);
    sleep(Duration::from_millis(300));
    let second = once();
    assert_eq!(second.len(), 2);
    assert_eq!(second[0], first[0]);
    assert_eq!(second[1].start(), second[0].end);
    assert!(second.iter().all(|sample| sample.gap.is_none() && sample.duration >= Duration::from_millis(300)));
    assert!(second.iter().all(|sample| sample.passed.get(Quantity::InOctets).is_some()));
}

#[test]
fn only_a_file_is_replaced_by_the_state() {
    let directory = tempfile::tempdir().unwrap();
    let in_directory = |program: &str, arguments: &[&str]| {
        assert!(Command::new(program).args(arguments).current_dir(directory.path()).status().unwrap().success());
    };
    in_directory("mkfifo", &["pipe"]);
    in_directory("ln", &["-s", "pipe", "link"]);
    in_directory("mkdir", &["directory"]);
    for state in ["pipe", "link", "directory"] {
        let mut once = collector(directory.path());
        let output = once.args(["once", "--out", "o", "--interface", "lo", "--state", state]).output().unwrap();
        assert!(!output.status.success());
        let said = stderr(&output);
        assert!(said.contains(&format!("cannot keep state in {state}, which is no file: name another file")), "{said}");
    }
    let mut left: Vec<_> = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort_unstable();
    assert_eq!(left, ["directory", "link", "pipe"], "it is said before anything is read or written");
}

#[test]
fn a_damaged_state_file_costs_a_line_and_not_the_reading() {
    let directory = tempfile::tempdir().unwrap();
    let once = || collector(directory.path()).args(["once", "--out", "o", "--state", "s.json"]).output().unwrap();
    assert!(once().status.success());
    put(&directory.path().join("s.json"), "{\"boot");
    let output = once();
    assert!(output.status.success());
    assert!(stderr(&output).contains("the state file s.json is damaged"), "{}", stderr(&output));
}

#[test]
fn list_gives_scripts_the_same_keys_for_every_interface() {
    let directory = tempfile::tempdir().unwrap();
    let output = collector(directory.path()).args(["list", "local", "--json"]).output().unwrap();
    let listed: Vec<BTreeMap<String, serde_json::Value>> = serde_json::from_slice(&output.stdout).unwrap();
    let lo = listed.iter().find(|one| one["name"] == "lo").unwrap();
    let keys: Vec<&str> = lo.keys().map(String::as_str).collect();
    assert_eq!(keys, ["adminStatus", "alias", "counters", "descr", "index", "name", "operStatus", "speed", "status"]);
    assert!(lo["counters"]["inOctets"].is_u64());
    let table = collector(directory.path()).args(["list"]).output().unwrap();
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.starts_with("INDEX  NAME"), "{table}");
    assert_eq!(table.lines().count(), 1 + listed.len(), "{table}");
}

#[test]
fn a_command_becomes_samples_and_is_gone_when_the_collector_is() {
    for signal in ["-TERM", "-HUP"] {
        check_command_is_gone(signal);
    }
}

#[track_caller]
fn check_command_is_gone(signal: &str) {
    let directory = tempfile::tempdir().unwrap();
    // A thousand octets for each hundredth of a second since the machine was started.
    let script = "awk '{ printf \\\"sda inOctets %.0f\\\\n\\\", $1 * 100000 }' /proc/uptime";
    let config = format!(
        "out = \"o\"\ninterval = \"200ms\"\n[[target]]\nname = \"disk\"\nshell = \"{script}\"\n\
         [[target]]\nname = \"hangs\"\nshell = \"echo $$ > pid; sleep 60; true\"\n"
    );
    put(&directory.path().join("config.toml"), &config);
    let running = Running::start(collector(directory.path()).args(["run", "--config", "config.toml"]));
    let index = directory.path().join("o/index.json");
    wait_until("samples", || samples_of(&index, "sda").iter().filter(|sample| sample.gap.is_none()).count() > 5);
    let rates = samples_of(&index, "sda");
    let rates: Vec<f64> = rates.iter().filter_map(|sample| sample.per_second(Quantity::InOctets)).collect();
    let average = rates.iter().sum::<f64>() / f64::from(u32::try_from(rates.len()).unwrap());
    assert!((80_000.0..120_000.0).contains(&average), "{rates:?}");
    let pid = fs::read_to_string(directory.path().join("pid")).unwrap();
    let process = Path::new("/proc").join(pid.trim());
    assert!(process.exists());
    assert!(Command::new("kill").args([signal, &running.0.id().to_string()]).status().unwrap().success());
    let output = running.terminate();
    assert!(output.status.success(), "{}", stderr(&output));
    wait_until("the end of the command", || !process.exists());
    let targets = file(&index).unwrap().targets;
    assert!(targets.iter().all(|target| target.source.as_deref() == Some("command")), "{targets:?}");
    assert!(targets.iter().all(|target| target.problem.is_none()), "that it ends is no problem of theirs: {targets:?}");
}

/// What `check` says, on standard output and in the end, and whether it is content.
#[track_caller]
fn check(directory: &Path, arguments: &[&str]) -> (String, String, bool) {
    let output = collector(directory).arg("check").args(arguments).output().unwrap();
    let told = String::from_utf8(output.stdout.clone()).unwrap();
    (told, stderr(&output), output.status.success())
}

#[test]
fn check_tells_what_an_agent_is_and_what_would_be_written_and_leaves_nothing() {
    let mut device = Device::new(switch(2, Port::Wide));
    device.refresh(Refresh::Timer { period: Duration::from_secs(2), jitter: Duration::ZERO });
    for index in device.indexes() {
        device.set_rate(Of::Interface(index), Count::InOctets, 1_000_000);
    }
    let agent = Agent::serving(device);
    let directory = tempfile::tempdir().unwrap();
    let target = format!("snmp://127.0.0.1:{}", agent.port());
    let (told, complaint, is_content) = check(directory.path(), &[&target, "--out", "stats", "--openmetrics"]);
    assert!(is_content, "{told}{complaint}");
    for sentence in [
        "The command line holds together and has 1 target.",
        "Stats files go to stats, which is not there yet",
        "(SNMP v2c) answers",
        "It answers to SNMP v1 too.",
        "2 interfaces of it will be read: Gi1, Gi2.",
        "and will be taken every 1s.",
        "Its counters refresh every 2.0 s",
        "2 files to stats: index.json, ",
        "metrics.txt for Prometheus",
    ] {
        assert!(told.contains(sentence), "{sentence}: {told}");
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn check_names_the_files_of_the_original_and_what_they_lack() {
    let directory = tempfile::tempdir().unwrap();
    let config = "out = \"stats\"\nlegacy = true\ninterfaces = [\"lo\"]\n[[target]]\naddress = \"local\"\nname = \"a\"\n\
                  max = { lo = \"1G\" }\n[[target]]\naddress = \"file:/proc/net/dev\"\nname = \"b\"\n\
                  [[target]]\naddress = \"local\"\nname = \"c\"\nlegacy = false\n";
    put(&directory.path().join("live.toml"), config);
    let (told, complaint, is_content) = check(directory.path(), &["--config", "live.toml"]);
    assert!(is_content, "{told}{complaint}");
    let of_b = told.split("live_interface_stats_lo@").nth(1).and_then(|rest| rest.split_once(".txt")).unwrap().0;
    let sentence = format!(
        "Beside them, as the original did: live_interface_stats_lo.txt, live_interface_stats_lo@{of_b}.txt.\n\
         What counts as full is not known in live_interface_stats_lo@{of_b}.txt, and 0 there"
    );
    assert!(told.contains(&sentence), "{told}");
}

#[test]
fn a_directory_that_cannot_be_written_to_is_told_by_check_and_ends_run_at_once() {
    let directory = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("nowhere", directory.path().join("link")).unwrap();
    let (told, _, is_content) = check(directory.path(), &["--out", "link", "lo"]);
    assert!(!is_content && told.contains("Stats files go to link, but link is a link that leads nowhere."), "{told}");
    // A file system that is read only, in a name space of its own.
    let script = "mount -t tmpfs -o ro tmpfs read-only && \"$COLLECTOR\" run --out read-only lo";
    fs::create_dir(directory.path().join("read-only")).unwrap();
    let mut unshare = Command::new("unshare");
    unshare.args(["--mount", "--map-root-user", "sh", "-c", script]).current_dir(directory.path());
    let output = unshare.env("COLLECTOR", env!("CARGO_BIN_EXE_live-interface-stats")).output().unwrap();
    let said = stderr(&output);
    assert!(!output.status.success() && said.contains("cannot write to read-only: name another directory"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn check_fails_where_something_is_to_be_mended_and_says_what() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("live.toml");
    put(
        &config,
        "out = \"stats\"\ncommunity-file = \"secret\"\n[[target]]\naddress = \"snmp://127.0.0.1:9\"\ntimeout = \"200ms\"\n",
    );
    put(&directory.path().join("secret"), "s3cret\n");
    fs::set_permissions(directory.path().join("secret"), Permissions::from_mode(0o644)).unwrap();
    put(&directory.path().join("stats"), "no directory\n");
    let (told, complaint, is_content) = check(directory.path(), &["--config", "live.toml"]);
    assert!(!is_content, "{told}");
    assert!(told.contains("The config live.toml holds together and has 1 target."), "{told}");
    assert!(told.contains("everybody can read it: chmod o-r"), "{told}");
    assert!(told.contains("cannot write to"), "{told}");
    assert!(told.contains("nothing listens at 127.0.0.1:9"), "{told}");
    assert!(complaint.contains("3 things are to be mended"), "{complaint}");
    assert!(!told.contains("s3cret") && !complaint.contains("s3cret"), "{told}{complaint}");
}
