//! What is said of arguments, secrets and configs that are wrong, and what scripts get to read.

use super::*;

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
