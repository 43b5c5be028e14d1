//! Programs as sources: what they print, how they fail, and that nothing of them is left.

use std::fs;
use std::path::Path;
use std::thread;

use stats::Counter;
use tempfile::TempDir;

use super::*;

fn shell(script: &str, life: Life, patience: Duration) -> Command {
    let words = ["/bin/sh", "-c", script].map(str::to_owned).to_vec();
    Command::new(CommandLine { words, life }, "disk".to_owned(), patience, Selection::Usable)
}

fn octets(snapshot: &Snapshot) -> Vec<(&str, u64)> {
    let known = |reading: &Reading| reading.get(Counter::InOctets).map(|(value, _)| value);
    let all = snapshot.interfaces.iter();
    all.filter_map(|(interface, reading)| Some((interface.name(), known(reading)?))).collect()
}

#[track_caller]
fn check_error(script: &str, patience: Duration, says: &str) {
    let error = shell(script, Life::Reading, patience).read().unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);

/// Whether a process of that number runs.
fn runs(pid: &str) -> bool {
    let state = fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat")).unwrap_or_default();
    state.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with(['Z', 'X']))
}

/// The number that a script wrote into a file, once it did.
fn pid_in(directory: &TempDir) -> String {
    let path = directory.path().join("pid");
    for _ in 0..1_000 {
        match fs::read_to_string(&path) {
            Ok(pid) if pid.ends_with('\n') => return pid,
            _ => thread::sleep(Duration::from_millis(10)),
        }
    }
    panic!("no process began");
}

#[track_caller]
fn check_gone(pid: &str) {
    for _ in 0..500 {
        if !runs(pid) {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{pid} still runs");
}

#[test]
fn what_a_program_prints_is_read_each_time() {
    let directory = tempfile::tempdir().unwrap();
    let script = format!("cd {} && echo x >> n && echo sda inOctets $(wc -l < n)", directory.path().display());
    let mut command = shell(&script, Life::Reading, LONG);
    assert_eq!(octets(&command.read().unwrap()), [("sda", 1)]);
    assert_eq!(octets(&command.read().unwrap()), [("sda", 2)]);
}

#[test]
fn there_is_no_shell_that_was_not_asked_for() {
    let words = ["/bin/echo", "sda", "inOctets", "5", "$HOME", ";"].map(str::to_owned).to_vec();
    let line = CommandLine { words, life: Life::Reading };
    let error = Command::new(line, "x".to_owned(), LONG, Selection::Usable).read().unwrap_err().to_string();
    assert_eq!(
        error,
        "echo: line 1: `$HOME` is no counter: there are inOctets, outOctets, inPackets, outPackets, inErrors, \
                       outErrors, inDiscards, outDiscards"
    );
}

#[test]
fn what_goes_wrong_is_said_without_the_arguments() {
    check_error("exit 3 # s3cret", LONG, "sh: it ended with exit status: 3");
    check_error("kill -9 $$", LONG, "sh: it ended with signal: 9 (SIGKILL)");
    check_error("true", LONG, "sh: it printed nothing");
    check_error("sleep 60", SHORT, "sh: it had not ended after 300ms, and was killed");
    check_error("yes inOctets 5", LONG, "sh: it printed more than 1024 KiB, and was killed");
    let line = CommandLine { words: vec!["/nowhere/program".to_owned(), "s3cret".to_owned()], life: Life::Reading };
    let error = Command::new(line, "x".to_owned(), LONG, Selection::Usable).read().unwrap_err().to_string();
    assert!(error.starts_with("cannot start program: No such file"), "{error}");
}

#[test]
fn what_a_program_leaves_running_ends_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("pid");
    // It holds the pipe open, which is nothing to wait for.
    let script = format!("sleep 60 & echo $! > {}; echo inOctets 5", file.display());
    let begun = clock::monotonic();
    assert_eq!(octets(&shell(&script, Life::Reading, LONG).read().unwrap()), [("disk", 5)]);
    assert!(clock::monotonic().since(begun) < LONG / 2);
    check_gone(&pid_in(&directory));
}

#[test]
fn a_program_that_takes_too_long_is_killed_with_all_that_it_started() {
    let directory = tempfile::tempdir().unwrap();
    let script = format!("(sleep 60 & echo $! > {}; wait); true", directory.path().join("pid").display());
    check_error(&script, SHORT, "was killed");
    check_gone(&pid_in(&directory));
}

#[test]
fn a_reading_that_is_under_way_ends_when_it_is_stopped() {
    let directory = tempfile::tempdir().unwrap();
    let script = format!("echo $$ > {}; sleep 60; true", directory.path().join("pid").display());
    for life in [Life::Reading, Life::Kept] {
        let mut command = shell(&script, life, LONG);
        let stopper = command.stopper().unwrap();
        let reading = thread::spawn(move || command.read().map(drop));
        let pid = pid_in(&directory);
        stopper.stop();
        assert!(matches!(reading.join().unwrap(), Err(ReadError::Stopped)));
        check_gone(&pid);
        fs::remove_file(directory.path().join("pid")).unwrap();
    }
}

#[test]
fn what_is_for_the_collector_alone_is_not_passed_on() {
    let words = ["/usr/bin/env".to_owned()].to_vec();
    let program = CommandLine { words, life: Life::Reading }.program();
    let removed: Vec<_> = program.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
    let secrets = ["SNMP_AUTH_PASSWORD", "SNMP_COMMUNITY", "SNMP_PRIVACY_PASSWORD"];
    assert_eq!(removed, [&["NOTIFY_SOCKET"], &secrets[..], &["WATCHDOG_PID", "WATCHDOG_USEC"]].concat());
}

#[test]
fn a_program_that_goes_on_tells_a_reading_a_line() {
    let directory = tempfile::tempdir().unwrap();
    let script = format!(
        "echo $$ > {0}/pid; for n in 1 2 3; do echo \"{{\\\"inOctets\\\": $n}}\"; while ! [ -e {0}/$n ]; do sleep 0.01; done; done",
        directory.path().display()
    );
    let mut command = shell(&script, Life::Kept, LONG);
    let first = command.read().unwrap();
    assert_eq!(octets(&first), [("disk", 1)]);
    let again = command.read().unwrap();
    assert_eq!(again.interfaces[0].1, first.interfaces[0].1, "without a new line there is no new reading");
    fs::File::create(directory.path().join("1")).unwrap();
    let next = loop {
        let next = command.read().unwrap();
        if octets(&next) != [("disk", 1)] {
            break next;
        }
        thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(octets(&next), [("disk", 2)]);
    assert!(next.interfaces[0].1.at > first.interfaces[0].1.at);
    let pid = pid_in(&directory);
    drop(command);
    check_gone(&pid);
}

#[test]
fn a_program_that_falls_silent_or_ends_is_told_of_and_started_again() {
    /// Longer than a shell takes to begin on a machine that has much to do.
    const A_WHILE: Duration = Duration::from_secs(3);

    let directory = tempfile::tempdir().unwrap();
    let script = format!("echo $$ >> {}; echo inOctets 1; sleep 60; true", directory.path().join("pid").display());
    let mut silent = shell(&script, Life::Kept, A_WHILE);
    silent.read().unwrap();
    let pid = pid_in(&directory);
    thread::sleep(A_WHILE);
    let error = silent.read().unwrap_err().to_string();
    assert!(error.starts_with("sh: it has printed no line for 3s, and was killed"), "{error}");
    check_gone(&pid);
    thread::sleep(Duration::from_millis(1_100));
    assert_eq!(octets(&silent.read().unwrap()), [("disk", 1)]);

    let mut ends = shell("echo inOctets 1; sleep 0.2", Life::Kept, LONG);
    ends.read().unwrap();
    let error = loop {
        match ends.read() {
            Ok(_) => thread::sleep(Duration::from_millis(5)),
            Err(error) => break error.to_string(),
        }
    };
    assert_eq!(error, "sh: it ended with exit status: 0; it is started again");
    assert_eq!(ends.read().unwrap_err().to_string(), "sh ended, and is started again soon");
    thread::sleep(Duration::from_millis(1_100));
    assert_eq!(octets(&ends.read().unwrap()), [("disk", 1)]);
}

#[test]
fn a_program_that_goes_on_and_prints_a_line_without_end_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let pid = directory.path().join("pid");
    let script = format!("echo $$ > {}; head -c 1048577 /dev/zero | tr '\\0' 1; sleep 60; true", pid.display());
    let error = shell(&script, Life::Kept, LONG).read().unwrap_err().to_string();
    assert_eq!(error, "sh: it printed a line of more than 1024 KiB, and was killed; it is started again");
    check_gone(&pid_in(&directory));
    // One that is just short enough is read, and is no counter's.
    let script = "printf '%1048575s\n' x; sleep 60";
    let error = shell(script, Life::Kept, LONG).read().unwrap_err().to_string();
    assert!(error.starts_with("sh: line 1: "), "{error}");
}
