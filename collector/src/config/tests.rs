//! What a config comes to, with a command line before it.

mod words;

use std::fs::{self, File};
use std::io::Write;

use clap::Parser;
use stats::{Interface, Maxima};
use tempfile::TempDir;

use super::{Config, TargetConfig};
use crate::args::{Arguments, Command};
use crate::source::command::{CommandLine, Life};
use crate::target::Target;

/// A folder with a config, and files with secrets beside it.
struct Folder(TempDir);

impl Folder {
    fn with(config: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.put("config.toml", config);
        folder.put("password", "hidden-password\n");
        folder.put("other", "another-hidden-one\n");
        folder.put("short", "hidden1\n");
        folder
    }

    fn put(&self, name: &str, text: &str) {
        File::create(self.0.path().join(name)).unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn config(&self, flags: &[&str]) -> Result<Config, String> {
        let path = |name: &str| self.0.path().join(name).display().to_string();
        let flags = flags.iter().map(|flag| flag.strip_prefix("FILE:").map_or((*flag).to_owned(), path));
        let all = ["live-interface-stats", "run", "--config"].map(str::to_owned);
        let arguments = Arguments::parse_from(all.into_iter().chain([path("config.toml")]).chain(flags));
        let Command::Run(arguments) = arguments.command else { panic!("it was run") };
        Config::new(arguments).map_err(|error| error.to_string())
    }
}

/// Every target's name and how it is spoken to.
#[track_caller]
fn check(config: &str, flags: &[&str], expected: &[(&str, &str)]) {
    let config = Folder::with(config).config(flags).unwrap();
    let access = config.targets.iter().map(|target| (target.name.as_str(), format!("{:?}", target.access)));
    let expected = expected.iter().map(|(name, access)| (*name, (*access).to_owned()));
    assert_eq!(access.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[track_caller]
fn check_wrong(config: &str, flags: &[&str], says: &str) {
    let error = Folder::with(config).config(flags).unwrap_err();
    assert!(error.contains(says), "{error}");
    assert!(!error.contains("hidden"), "{error}");
}

#[test]
fn versions_are_chosen_for_all_and_for_one() {
    let config = "version = \"1\"\n\
                  [[target]]\naddress = \"snmp://a\"\n\
                  [[target]]\naddress = \"snmp://b\"\nversion = 2\ncommunity = \"hidden\"\n\
                  [[target]]\naddress = \"local\"\n";
    let expected = [("a", "V1(Community(…))"), ("b", "V2c(Community(…))"), ("local", "V2c(Community(…))")];
    check(config, &[], &expected);
    // The command line goes before what is said of all, and not before what is said of one.
    let config = &config.replace("version = \"1\"", "version = \"2c\"");
    check(config, &["--snmp-version", "1"], &expected);
}

#[test]
fn patience_is_chosen_for_all_and_for_one() {
    let config = "timeout = \"2s\"\n\
                  [[target]]\naddress = \"snmp://a\"\n\
                  [[target]]\naddress = \"snmp://b\"\ntimeout = \"50ms\"\nretries = 0\n";
    let patience = |flags: &[&str]| {
        let config = Folder::with(config).config(flags).unwrap();
        let patience = |target: &TargetConfig| (target.timeout.map(|timeout| timeout.as_millis()), target.retries);
        config.targets.iter().map(patience).collect::<Vec<_>>()
    };
    assert_eq!(patience(&[]), [(Some(2_000), None), (Some(50), Some(0))]);
    assert_eq!(patience(&["--timeout", "3s", "--retries", "4"]), [(Some(3_000), Some(4)), (Some(50), Some(0))]);
    check_wrong("timeout = \"1ms\"\n", &[], "config.toml:1: timeout: it is to be from 10ms to 1m");
    check_wrong("\nretries = 11\n", &[], "config.toml:2: retries: it is to be a number from 0 to 10");
    check_wrong("retries = \"many\"\n", &[], "config.toml:1: retries: it is to be a number");
}

#[test]
fn secrets_are_not_in_what_a_config_is_shown_as() {
    let folder = Folder::with(
        "community = \"hidden-word\"\n[[target]]\naddress = \"snmp://a\"\n\
         [[target]]\naddress = \"snmp://b\"\ncommunity-file = \"password\"\n",
    );
    let text = fs::read_to_string(folder.0.path().join("config.toml")).unwrap();
    assert!(!format!("{:?}", crate::config_file::parse(&text)).contains("hidden"));
    assert!(!format!("{:?}", folder.config(&[])).contains("hidden"));
}

#[test]
fn what_does_not_fit_the_version_is_said_with_its_line() {
    let target = "[[target]]\naddress = \"snmp://a\"\n";
    check_wrong(
        &format!("{target}user = \"u\"\n"),
        &[],
        "config.toml:3: user: that belongs to version 3: write `version = \"3\"` too",
    );
    check_wrong(&format!("auth = \"SHA-1\"\n{target}"), &[], "config.toml:1: auth: that belongs to version 3");
    check_wrong(&format!("{target}version = \"4\"\n"), &[], "config.toml:3: version: there are versions 1, 2c and 3");
    check_wrong(target, &["--context", "c"], "--context: that belongs to version 3: write `--snmp-version 3` too");
    check_wrong(
        &format!("{target}community = \"hidden\"\ncommunity-file = \"password\"\n"),
        &[],
        "config.toml:3: both `community` and `community-file`: leave one of them out",
    );
    check_wrong(&format!("{target}community = 123\n"), &[], "config.toml:3: community: a secret is a text");
}

#[test]
fn what_is_said_of_snmp_where_nothing_is_read_by_it_is_refused() {
    let says = "that belongs to SNMP, which nothing here is read by: leave it out";
    let agent = "[[target]]\naddress = \"snmp://a\"\n";
    for key in ["version = \"2c\"", "timeout = \"1s\"", "retries = 2", "community = \"hidden\"", "user = \"u\""] {
        let name = key.split(' ').next().unwrap();
        check_wrong(
            &format!("{agent}[[target]]\naddress = \"local\"\n{key}\n"),
            &[],
            &format!("config.toml:5: {name}: {says}"),
        );
    }
    check_wrong("community = \"hidden\"\n", &[], &format!("config.toml:1: community: {says}"));
    check_wrong("[[target]]\naddress = \"file:dev\"\n", &["--retries=1"], &format!("--retries: {says}"));
    let command = "[[target]]\ncommand = [\"cat\"]\n";
    check_wrong(&format!("{command}retries = 1\n"), &[], &format!("config.toml:3: retries: {says}"));
    check(&format!("{command}timeout = \"1s\"\n"), &[], &[("cat", "V2c(Community(…))")]);
}

#[test]
fn what_is_counted_is_said_of_commands_and_what_it_is_called_of_all() {
    let counts = |config: &str| Folder::with(config).config(&[]).unwrap().targets.remove(0).counts;
    let said = counts("[[target]]\ncommand = [\"a\"]\nunit = \"requests\"\n").unwrap();
    assert_eq!((said.unit.as_deref(), said.inbound.as_deref()), (Some("requests"), None));
    let said = counts("[[target]]\naddress = \"local\"\nlabels = [\"down\", \"up\"]\n").unwrap();
    assert_eq!((said.inbound.as_deref(), said.outbound.as_deref()), (Some("down"), Some("up")));
    assert_eq!(counts("[[target]]\naddress = \"local\"\n"), None);
    let check_wrong = |config: &str, says: &str| check_wrong(&format!("[[target]]\n{config}\n"), &[], says);
    check_wrong("address = \"local\"\nunit = \"bit\"", "config.toml:3: unit: interfaces count octets");
    check_wrong("command = [\"a\"]\nunit = \"\"", "config.toml:3: unit: write a short word");
    check_wrong("command = [\"a\"]\nlabels = [\"in\", \" \"]", "config.toml:3: labels: write two short words");
    check_wrong("command = [\"a\"]\nlabels = [\"in\"]", "config.toml:3: labels: write two short words");
    check_wrong("command = [\"a\"]\nlabels = [\"a\", \"b\", \"c\"]", "config.toml:3: labels: write two short words");
}

#[test]
fn what_is_written_beside_is_said_for_all_and_for_one() {
    let config = "legacy = true\n[[target]]\naddress = \"local\"\n\
                  [[target]]\naddress = \"snmp://a\"\nlegacy = false\nopenmetrics = true\n";
    let exports = |flags: &[&str]| {
        let config = Folder::with(config).config(flags).unwrap();
        config.targets.iter().map(|target| (target.exports.legacy, target.exports.openmetrics)).collect::<Vec<_>>()
    };
    assert_eq!(exports(&[]), [(true, false), (false, true)]);
    assert_eq!(exports(&["--openmetrics"]), [(true, true), (false, true)]);
}

#[test]
fn a_target_is_an_address_or_a_command() {
    let check = |config: &str, name: &str, target: Target| {
        let config = Folder::with(&format!("[[target]]\n{config}\n")).config(&[]).unwrap();
        assert_eq!((config.targets[0].name.as_str(), &config.targets[0].target), (name, &target));
    };
    let command = |words: &[&str], life| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Target::Command(CommandLine { words, life })
    };
    check("command = [\"/usr/bin/ssh\", \"host\"]", "ssh", command(&["/usr/bin/ssh", "host"], Life::Reading));
    check("name = \"x\"\nshell = \"a | b\"", "x", command(&["/bin/sh", "-c", "a | b"], Life::Reading));
    check("command = [\"a\"]\nkeep-running = true", "a", command(&["a"], Life::Kept));
    check("address = \"file:/x/dev\"", "/x/dev", Target::File("/x/dev".into()));

    let check_wrong = |config: &str, says: &str| check_wrong(&format!("[[target]]\n{config}\n"), &[], says);
    check_wrong("address = \"local\"\ncommand = [\"a\"]", "config.toml:3: both `address` and `command`: leave one");
    check_wrong("command = [\"a\"]\nshell = \"b\"", "config.toml:3: both `command` and `shell`: leave one");
    check_wrong("command = []", "config.toml:2: command: it is empty: write the program");
    check_wrong("address = \"local\"\nkeep-running = true", "config.toml:3: keep-running: that belongs to a command");
    check_wrong("command = \"a b\"", "config.toml:2: command: write a list of texts, the program and");
    check_wrong("command = [\"a\"]\n[[target]]\ncommand = [\"b/a\"]", "config.toml:4: two targets are called `a`");
}

#[cfg(not(feature = "v3"))]
#[test]
fn version_3_is_refused_where_it_was_not_built() {
    check_wrong(
        "[[target]]\naddress = \"snmp://a\"\nversion = \"3\"\nuser = \"u\"\n",
        &[],
        "config.toml:3: version: this collector was built without SNMPv3",
    );
}

#[test]
fn what_counts_as_full_is_said_by_patterns_for_all_and_for_one() {
    let config = "max = { \"ppp*\" = \"8M\" }\n\
                  [[target]]\naddress = \"snmp://a\"\n\
                  [[target]]\naddress = \"snmp://b\"\n\
                  [target.max]\nppp0 = { in = \"16M\", out = 8000, in-packets = \"2k\" }\n";
    let config = Folder::with(config).config(&[]).unwrap();
    let ppp0 = Interface { name: "ppp0".to_owned(), ..Interface::default() };
    let maxima = config.targets.iter().map(|target| target.max.of(&ppp0));
    let both = Maxima { in_octets: Some(1_000_000), out_octets: Some(1_000_000), ..Maxima::default() };
    let each =
        Maxima { in_octets: Some(2_000_000), out_octets: Some(1_000), in_packets: Some(2_000), ..Maxima::default() };
    assert_eq!(maxima.collect::<Vec<_>>(), [Some(both), Some(each)]);
}

#[test]
fn a_rate_that_is_none_is_said_with_its_line() {
    check_wrong("[max]\neth0 = \"fast\"\n", &[], "config.toml:2: max of eth0: `fast` is no rate: write bits a second");
    check_wrong("[max]\neth0 = { into = 1 }\n", &[], "config.toml:2: eth0: write bits a second, as \"100M\", or");
    check_wrong("[max]\n\"[\" = \"1M\"\n", &[], "config.toml:2: max: ");
}

#[cfg(feature = "v3")]
mod of_users {
    use super::{Folder, check, check_wrong};

    const TARGET: &str = "[[target]]\naddress = \"snmp://a\"\nversion = \"3\"\nuser = \"u\"\n";

    #[test]
    fn a_user_is_made_of_what_is_said_of_all_and_of_one() {
        let config = "user = \"all\"\nauth = \"sha256\"\nauth-password-file = \"password\"\n\
                      [[target]]\naddress = \"snmp://a\"\nversion = 3\nprivacy = \"AES\"\nprivacy-password-file = \"other\"\n\
                      [[target]]\naddress = \"snmp://b\"\nversion = \"3\"\nuser = \"guest\"\nauth = \"none\"\ncontext = \"c\"\n\
                      [[target]]\naddress = \"snmp://c\"\n";
        let auth = "Authentication { protocol: Sha256, password: Password(…) }";
        let privacy = "Encryption { protocol: Aes128, password: Password(…) }";
        check(
            config,
            &[],
            &[
                ("a", &format!("V3(User {{ name: \"all\", context: \"\", security: AuthPriv({auth}, {privacy}) }})")),
                ("b", "V3(User { name: \"guest\", context: \"c\", security: None })"),
                ("c", "V2c(Community(…))"),
            ],
        );
    }

    #[test]
    fn the_command_line_makes_a_user_too() {
        let flags = ["--snmp-version=3", "--user=u", "--auth=MD5", "--auth-password-file", "FILE:password"];
        let auth = "Authentication { protocol: Md5, password: Password(…) }";
        let user = format!("V3(User {{ name: \"u\", context: \"\", security: Auth({auth}) }})");
        check("[[target]]\naddress = \"snmp://a\"\n", &flags, &[("a", &user)]);
        check_wrong(
            "[[target]]\naddress = \"snmp://a\"\n",
            &["--snmp-version=3", "--user=u", "--auth=MD5"],
            "--auth: it needs a password: write `--auth-password-file FILE` too",
        );
    }

    #[test]
    fn what_does_not_fit_together_is_said_with_its_line() {
        let check = |more: &str, says: &str| check_wrong(&format!("{TARGET}{more}\n"), &[], says);
        check("auth = \"MD5\"", "config.toml:5: auth: it needs a password: write `auth-password-file = \"FILE\"` too");
        check(
            "auth-password = \"hidden-word\"",
            "config.toml:5: auth-password: it needs a protocol too: write `auth = \"SHA-256\"`",
        );
        check(
            "privacy = \"DES\"\nprivacy-password-file = \"password\"",
            "config.toml:5: privacy: there is no privacy without authentication: write `auth = \"SHA-256\"`",
        );
        check("auth = \"hidden-word\"", "config.toml:5: auth: write MD5, SHA-1, SHA-224, SHA-256");
        check("privacy = \"hidden-word\"", "config.toml:5: privacy: write DES, AES-128");
        check(
            "auth = \"MD5\"\nauth-password = \"hidden\"",
            "config.toml:6: auth-password: a password of SNMPv3 has at least 8 octets (RFC 3414) and at most 255, and this \
             one has 6",
        );
        check("auth = \"MD5\"\nauth-password-file = \"short\"", "short: a password of SNMPv3 has at least 8 octets");
        check("community = \"hidden\"", "config.toml:5: community: version 3 has users and no communities");
        check("context = \"a-name-that-is-too-long-for-a-context\"", "config.toml:5: context: ");
        check_wrong(
            "[[target]]\naddress = \"snmp://a\"\nversion = \"3\"\n",
            &[],
            "config.toml:3: version: version 3 needs",
        );
        check_wrong(
            &TARGET.replace("\"u\"", "\"\""),
            &[],
            "config.toml:4: user: the name of a user has 1 to 32 octets",
        );
    }

    #[test]
    fn passwords_are_not_in_what_a_config_is_shown_as() {
        let folder = Folder::with(&format!(
            "{TARGET}auth = \"MD5\"\nauth-password-file = \"password\"\nprivacy = \"DES\"\nprivacy-password = \"hidden-word\"\n"
        ));
        assert!(!format!("{:?}", folder.config(&[]).unwrap()).contains("hidden"));
    }
}
