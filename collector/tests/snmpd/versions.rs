//! Every version of SNMP, and every way to be let in by it.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use stats::{GapReason, Sample};

use crate::collector::{Collector, collector};
use crate::daemon::{AUTH_PASSWORD, PRIVACY_PASSWORD, Snmpd, has_ipv6};

/// A user, with the protocols as they are given to the collector.
#[derive(Clone, Copy)]
struct User {
    name: &'static str,
    auth: Option<&'static str>,
    privacy: Option<&'static str>,
}

const MON_256: User = User { name: "mon256", auth: Some("SHA-256"), privacy: Some("AES-128") };

const MON_1: User = User { name: "mon1", auth: Some("SHA-1"), privacy: Some("AES") };

const OPEN: User = User { name: "open", auth: None, privacy: None };

const USERS: [User; 7] = [
    OPEN,
    User { name: "md5", auth: Some("MD5"), privacy: None },
    User { name: "des", auth: Some("md5"), privacy: Some("DES") },
    MON_1,
    MON_256,
    User { name: "big", auth: Some("SHA-512"), privacy: Some("AES-256") },
    User { name: "stretched", auth: Some("SHA"), privacy: Some("aes256") },
];

impl User {
    fn read_by(self, command: &mut Command) -> &mut Command {
        command.args(["--snmp-version", "3", "--user", self.name]);
        if let Some(protocol) = self.auth {
            command.args(["--auth", protocol]).env("SNMP_AUTH_PASSWORD", AUTH_PASSWORD);
        }
        if let Some(protocol) = self.privacy {
            command.args(["--privacy", protocol]).env("SNMP_PRIVACY_PASSWORD", PRIVACY_PASSWORD);
        }
        command
    }
}

/// The interfaces by name, as scripts get them.
#[track_caller]
fn listed(snmpd: &Snmpd, how: impl FnOnce(&mut Command) -> &mut Command) -> BTreeMap<String, Value> {
    listed_at("127.0.0.1", snmpd, how)
}

#[track_caller]
fn listed_at(host: &str, snmpd: &Snmpd, how: impl FnOnce(&mut Command) -> &mut Command) -> BTreeMap<String, Value> {
    let output = list(host, snmpd, how);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    listed.into_iter().map(|interface| (interface["name"].as_str().unwrap().to_owned(), interface)).collect()
}

fn list(host: &str, snmpd: &Snmpd, how: impl FnOnce(&mut Command) -> &mut Command) -> Output {
    let mut command = collector();
    how(command.args(["list", "--json", &format!("snmp://{host}:{}", snmpd.port())])).output().unwrap()
}

fn by_version(version: &'static str) -> impl FnOnce(&mut Command) -> &mut Command {
    move |command| command.args(["--snmp-version", version])
}

/// What was listed between two times has all interfaces and counters of these times, and counts in between.
#[track_caller]
fn check_between(before: &BTreeMap<String, Value>, listed: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) {
    assert!(before.contains_key("lo"));
    assert_eq!(listed.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (name, interface) in listed {
        for key in ["index", "name", "alias", "descr", "speed", "status", "adminStatus", "operStatus"] {
            assert_eq!(interface[key], before[name][key], "{key} of {name}");
        }
        for (counter, value) in interface["counters"].as_object().unwrap() {
            let [value, before, after] =
                [value, &before[name]["counters"][counter], &after[name]["counters"][counter]].map(Value::as_u64);
            assert!((before..=after).contains(&value), "{counter} of {name}: {before:?} {value:?} {after:?}");
        }
    }
}

#[test]
fn every_user_lists_the_same_as_a_community() {
    let snmpd = Snmpd::start();
    for user in USERS {
        let before = listed(&snmpd, by_version("2c"));
        let by_user = listed(&snmpd, |command| user.read_by(command));
        let after = listed(&snmpd, by_version("2c"));
        check_between(&before, &by_user, &after);
    }
}

#[test]
fn version_1_lists_the_same_with_counters_of_32_bits() {
    let snmpd = Snmpd::start();
    let before = listed(&snmpd, by_version("2c"));
    let mut by_v1 = listed(&snmpd, by_version("1"));
    let after = listed(&snmpd, by_version("2c"));
    for (name, interface) in &mut by_v1 {
        // All other counters have 64 bits nowhere, or are sums of what v1 counts in another way.
        for counter in ["inOctets", "outOctets"] {
            let before = before[name]["counters"][counter].as_u64().unwrap();
            let low = u32::try_from(interface["counters"][counter].as_u64().unwrap()).expect("32 bits");
            let since = u64::from(low.wrapping_sub(u32::try_from(before & 0xffff_ffff).unwrap()));
            interface["counters"][counter] = (before + since).into();
        }
        for counter in ["inPackets", "outPackets"] {
            assert!(interface["counters"][counter].is_u64(), "{counter} of {name}");
            interface["counters"][counter] = after[name]["counters"][counter].clone();
        }
    }
    check_between(&before, &by_v1, &after);
}

#[test]
fn version_3_is_spoken_over_ipv6_and_to_hosts_by_name() {
    let snmpd = Snmpd::start();
    for host in ["[::1]", "localhost"] {
        if host == "[::1]" && !has_ipv6() {
            continue;
        }
        assert!(listed_at(host, &snmpd, |command| MON_256.read_by(command)).contains_key("lo"), "{host}");
    }
}

fn two_samples(samples: &[Sample]) -> bool {
    samples.len() >= 2
}

/// The agent was started again, and there was at least one sample since.
fn goes_on_after_a_restart(samples: &[Sample]) -> bool {
    samples.iter().any(|sample| sample.gap == Some(GapReason::Restarted))
        && samples.last().is_some_and(|sample| sample.gap.is_none())
}

#[track_caller]
fn check_restart(how: impl FnOnce(&mut Command) -> &mut Command) {
    let mut snmpd = Snmpd::start();
    let collector = Collector::run_with(snmpd.port(), how);
    collector.wait_for("two samples", two_samples);
    snmpd.restart();
    collector.wait_for("samples after a restart", goes_on_after_a_restart);
}

#[test]
fn version_3_goes_on_through_a_restart() {
    for user in [MON_256, MON_1] {
        check_restart(|command| user.read_by(command));
    }
}

#[test]
fn version_1_goes_on_through_a_restart() {
    check_restart(by_version("1"));
}

#[test]
fn version_3_goes_on_with_an_engine_that_is_another_one() {
    for user in [MON_256, MON_1, OPEN] {
        let mut snmpd = Snmpd::start();
        let collector = Collector::run_with(snmpd.port(), |command| user.read_by(command));
        collector.wait_for("two samples", two_samples);
        snmpd.restart_without_memory();
        collector.wait_for("samples after a restart", goes_on_after_a_restart);
    }
}

#[test]
fn version_3_goes_on_with_an_engine_that_forgot_how_often_it_was_started() {
    // As devices do that have no place to keep it.
    let mut snmpd = Snmpd::start_with("exactEngineID 0x80001f8880e3a1b2c3d4e5f601");
    snmpd.restart();
    snmpd.restart();
    let collector = Collector::run_with(snmpd.port(), |command| MON_256.read_by(command));
    collector.wait_for("two samples", two_samples);
    snmpd.restart_without_memory();
    collector.wait_for("samples after a restart", goes_on_after_a_restart);
}

#[track_caller]
fn check_refused(snmpd: &Snmpd, how: impl FnOnce(&mut Command) -> &mut Command, says: &str) {
    let output = list("127.0.0.1", snmpd, how);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains(says), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    for secret in [AUTH_PASSWORD, PRIVACY_PASSWORD, "wr0ng"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn whoever_is_not_let_in_is_told_why() {
    let snmpd = Snmpd::start();
    check_refused(
        &snmpd,
        |command| MON_256.read_by(command).env("SNMP_AUTH_PASSWORD", "wr0ng-word"),
        "says that the password of user `mon256` is wrong (usmStatsWrongDigests)",
    );
    check_refused(
        &snmpd,
        |command| User { auth: Some("SHA-1"), ..MON_256 }.read_by(command),
        "says that the password of user `mon256` is wrong (usmStatsWrongDigests): are `auth` and its password",
    );
    check_refused(
        &snmpd,
        |command| MON_256.read_by(command).env("SNMP_PRIVACY_PASSWORD", "wr0ng-word"),
        "is there, and does not answer user `mon256`: are `privacy`, its password and `context` those",
    );
    check_refused(
        &snmpd,
        |command| User { name: "nobody", ..MON_256 }.read_by(command),
        "knows no user `nobody` (usmStatsUnknownUserNames)",
    );
    check_refused(
        &snmpd,
        |command| User { name: "md5", auth: Some("MD5"), ..MON_256 }.read_by(command),
        "cannot speak to user `md5` with privacy (usmStatsUnsupportedSecLevels)",
    );
    check_refused(
        &snmpd,
        |command| User { privacy: None, ..MON_256 }.read_by(command),
        "does not let user `mon256` read (authorizationError)",
    );
    check_refused(
        &snmpd,
        |command| User { name: "blind", ..MON_256 }.read_by(command),
        "does not let user `blind` read (authorizationError)",
    );
}

/// All that a collector says and writes in two rounds.
fn all_that_is_left_behind(config: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("config")).unwrap();
    for (name, text) in [
        ("config/live.toml", config),
        ("config/auth", AUTH_PASSWORD),
        ("config/privacy", PRIVACY_PASSWORD),
        ("config/wrong", "wr0ng-s3cret"),
    ] {
        fs::File::create(path(name)).unwrap().write_all(text.as_bytes()).unwrap();
        // Which everybody can read, whatever the umask is.
        fs::set_permissions(path(name), Permissions::from_mode(0o644)).unwrap();
    }
    let mut left = Vec::new();
    for _ in 0..2 {
        let mut command = collector();
        command.args(["once", "--interface", "lo", "--out"]).arg(path("out")).arg("--state").arg(path("state"));
        let output = command.arg("--config").arg(path("config/live.toml")).output().unwrap();
        left.extend([output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()));
    }
    fs::remove_dir_all(path("config")).unwrap();
    read_all(folder.path(), &mut left);
    left
}

fn read_all(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, texts);
        } else {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn no_secret_is_left_behind() {
    let snmpd = Snmpd::start_with("rocommunity read-s3cret 127.0.0.1 -V interfaces");
    let config = format!(
        "[[target]]\nname = \"right-2\"\naddress = \"snmp://127.0.0.1:{port}\"\ncommunity = \"read-s3cret\"\n\
         [[target]]\nname = \"wrong-2\"\naddress = \"snmp://127.0.0.1:{port}\"\ncommunity = \"wr0ng-s3cret\"\n\
         [[target]]\nname = \"right-3\"\naddress = \"snmp://127.0.0.1:{port}\"\nversion = \"3\"\nuser = \"mon256\"\n\
         auth = \"SHA-256\"\nauth-password-file = \"auth\"\nprivacy = \"AES\"\nprivacy-password = \"{PRIVACY_PASSWORD}\"\n\
         [[target]]\nname = \"wrong-3\"\naddress = \"snmp://127.0.0.1:{port}\"\nversion = \"3\"\nuser = \"mon256\"\n\
         auth = \"SHA-256\"\nauth-password-file = \"wrong\"\nprivacy = \"AES\"\nprivacy-password-file = \"privacy\"\n",
        port = snmpd.port()
    );
    let left = all_that_is_left_behind(&config);
    let all = left.join("\n");
    // It was looked in the right places.
    for expected in ["right-2", "wrong-2", "right-3", "wrong-3", "usmStatsWrongDigests", "\"samples\"", "can read it"] {
        assert!(all.contains(expected), "{expected} is in none of {left:#?}");
    }
    assert!(!all.contains("s3cret"), "{}", left.into_iter().find(|text| text.contains("s3cret")).unwrap_or_default());
}
