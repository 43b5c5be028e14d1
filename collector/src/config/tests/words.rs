//! What the words of a command line come to, and the configs that the documentation shows.

use clap::Parser;

use super::{Arguments, Command, Config, Folder, Target, TargetConfig};
use crate::selection::{Candidate, Selection};

/// What `run` with these words reads, and whether it would take an interface of each name.
#[track_caller]
fn check(words: &[&str], expected: &[(&str, &[&str])]) {
    let arguments = Arguments::parse_from(["live-interface-stats", "run"].iter().chain(words));
    let Command::Run(arguments) = arguments.command else { panic!("it was run") };
    let config = Config::new(arguments).unwrap();
    let names = ["ppp0", "eth0.7", "ge-0"];
    let taken = |selection: &Selection| {
        let takes = |name: &&str| {
            let interface = stats::Interface { name: (*name).to_owned(), ..stats::Interface::default() };
            selection.admits(Candidate { interface: &interface, loopback: false })
        };
        names.into_iter().filter(takes).collect::<Vec<_>>()
    };
    let found = config.targets.iter().map(|target| (target.name.as_str(), taken(&target.selection)));
    let expected = expected.iter().map(|(name, taken)| (*name, taken.to_vec()));
    assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn a_word_that_is_no_target_is_an_interface_of_this_machine() {
    check(&["ppp0"], &[("local", &["ppp0"])]);
    check(&["ppp0", "eth0.7"], &[("local", &["ppp0", "eth0.7"])]);
    check(&["snmp://a", "ppp0"], &[("local", &["ppp0"]), ("a", &["ppp0", "eth0.7", "ge-0"])]);
    check(&["ppp0", "snmp://a", "--interface=ge-*"], &[("local", &["ppp0", "ge-0"]), ("a", &["ge-0"])]);
    check(&[], &[("local", &["ppp0", "eth0.7", "ge-0"])]);
}

#[test]
fn one_interface_can_be_listed_by_its_name() {
    let arguments = Arguments::parse_from(["live-interface-stats", "list", "ppp0"]);
    let Command::List(arguments) = arguments.command else { panic!("it was list") };
    let config = TargetConfig::single(&arguments.target, &arguments.interfaces, &arguments.snmp).unwrap();
    assert_eq!(config.target, Target::Local);
    assert!(matches!(config.selection, Selection::Named(_)));
}

#[test]
fn what_is_full_of_what_a_command_counts_is_in_its_own_unit() {
    let config = "max = { \"*\" = \"100M\" }\n[[target]]\ncommand = [\"a\"]\nunit = \"requests\"\nmax = { \"n*\" = 500 }\n\
                  [[target]]\ncommand = [\"b\"]\nlabels = [\"read\", \"written\"]\nmax = { \"n*\" = \"8k\" }\n";
    let config = Folder::with(config).config(&[]).unwrap();
    let full = |target: &TargetConfig, name: &str| {
        let interface = stats::Interface { name: name.to_owned(), ..stats::Interface::default() };
        target.max.of(&interface).and_then(|max| max.in_octets)
    };
    let full = config.targets.iter().map(|target| [full(target, "nginx"), full(target, "other")]);
    assert_eq!(full.collect::<Vec<_>>(), [[Some(500), None], [Some(1_000), Some(12_500_000)]]);
}

#[test]
fn configs_of_the_documentation_hold_together() {
    let documents = [
        include_str!("../../../../README.md"),
        include_str!("../../../../docs/migrating.md"),
        include_str!("../../../../docs/sources.md"),
    ];
    for document in documents {
        let configs: Vec<&str> =
            document.split("```toml\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect();
        assert!(!configs.is_empty());
        for config in configs {
            let folder = Folder::with(config);
            for secret in ["switch.community", "router.auth", "router.privacy"] {
                folder.put(secret, "hidden-word\n");
            }
            let targets = folder.config(&[]).map(|config| config.targets.len());
            assert!(targets.as_ref().is_ok_and(|targets| *targets > 0), "{targets:?}\n{config}");
        }
    }
}
