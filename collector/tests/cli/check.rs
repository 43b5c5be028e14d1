//! What `check` tells.

use super::*;

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
