//! One reading for each call, and what is kept between them.

use super::*;

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
