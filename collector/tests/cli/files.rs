//! What is written, and what becomes of it where it cannot be.

use super::*;

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
    let schema = serde_json::from_str(include_str!("../../../docs/stats-file.schema.json")).unwrap();
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
