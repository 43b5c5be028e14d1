//! How it starts, goes on and ends.

use super::*;

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
