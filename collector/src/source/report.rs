//! What a program prints, made into interfaces and counters: JSON, lines of names and values, or `/proc/net/dev`. Knows
//! nothing of programs.

mod json;
mod lines;

use std::collections::HashSet;

use stats::{Counter, Interface, Monotonic, Quantity, Reading, Width};

use super::file;
use super::proc_net_dev;

/// One interface of a report.
type Reported = (Interface, Reading);

/// Reads what was printed at `at`. What has no name of its own is called `name`.
pub(super) fn parse(text: &[u8], name: &str, at: Monotonic) -> Result<Vec<Reported>, String> {
    let reported = match text.trim_ascii_start().first() {
        None => return Err("it printed nothing".to_owned()),
        Some(b'{' | b'[') => json::parse(text, name, at)?,
        _ if proc_net_dev::is_one(text) => file::interfaces(text, at)?,
        _ => lines::parse(text, name, at)?,
    };
    let mut names = HashSet::new();
    for (interface, reading) in &reported {
        if interface.name.is_empty() {
            return Err("an interface has an empty name".to_owned());
        }
        if !names.insert(interface.name.as_str()) {
            return Err(format!("it tells of `{}` twice", interface.name));
        }
        if reading.is_empty() {
            return Err(format!("it tells no counter of `{}`: name one of {}", interface.name, counters()));
        }
    }
    if reported.is_empty() { Err("it tells of no interface".to_owned()) } else { Ok(reported) }
}

/// The counter by that name, which is that of the quantity in the stats file: programs count all kinds of packets as one.
fn counter(name: &str) -> Option<Counter> {
    let counter = match Quantity::ALL.into_iter().find(|quantity| quantity.name() == name)? {
        Quantity::InOctets => Counter::InOctets,
        Quantity::OutOctets => Counter::OutOctets,
        Quantity::InPackets => Counter::InPackets,
        Quantity::OutPackets => Counter::OutPackets,
        Quantity::InErrors => Counter::InErrors,
        Quantity::OutErrors => Counter::OutErrors,
        Quantity::InDiscards => Counter::InDiscards,
        Quantity::OutDiscards => Counter::OutDiscards,
    };
    Some(counter)
}

/// The names of all counters, for people.
fn counters() -> String {
    Quantity::ALL.map(Quantity::name).join(", ")
}

/// Puts a counter in, as large as any.
fn set(reading: &mut Reading, counter: Counter, value: u64) {
    reading.set(counter, value, Width::Bits64);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each interface with its known counters, in the order of the stats file.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, &[(Quantity, u64)])]) {
        let reported = parse(text.as_bytes(), "disk", Monotonic::default()).unwrap();
        let told: Vec<(String, Vec<(Quantity, u64)>)> = reported
            .into_iter()
            .map(|(interface, reading)| {
                let totals = reading.totals();
                let known = Quantity::ALL.into_iter().filter_map(|quantity| Some((quantity, totals.get(quantity)?)));
                (interface.name, known.collect())
            })
            .collect();
        let expected = expected.iter().map(|(name, counters)| ((*name).to_owned(), counters.to_vec()));
        assert_eq!(told, expected.collect::<Vec<_>>());
    }

    #[track_caller]
    fn check_wrong(text: &str, says: &str) {
        let error = parse(text.as_bytes(), "disk", Monotonic::default()).unwrap_err();
        assert!(error.contains(says), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }

    use Quantity::{InOctets, InPackets, OutOctets};

    #[test]
    fn lines_are_names_and_values() {
        check("inOctets 5\noutOctets 18446744073709551615\n", &[("disk", &[(InOctets, 5), (OutOctets, u64::MAX)])]);
        check("\n  inOctets 5 outOctets 6\r\n", &[("disk", &[(InOctets, 5), (OutOctets, 6)])]);
    }

    #[test]
    fn a_line_may_begin_with_the_interface_that_it_is_about() {
        check(
            "sda inOctets 5 outOctets 6\nsdb inOctets 7\nsda inPackets 8\n",
            &[("sda", &[(InOctets, 5), (OutOctets, 6), (InPackets, 8)]), ("sdb", &[(InOctets, 7)])],
        );
    }

    #[test]
    fn json_is_an_interface_or_several() {
        check(r#"{"inOctets": 5, "outOctets": null, "uptime": 3}"#, &[("disk", &[(InOctets, 5)])]);
        let several = r#"[{"name": "sda", "inOctets": 5}, {"name": "sdb", "outOctets": 6}]"#;
        check(several, &[("sda", &[(InOctets, 5)]), ("sdb", &[(OutOctets, 6)])]);
        check(&format!(r#"{{"interfaces": {several}}}"#), &[("sda", &[(InOctets, 5)]), ("sdb", &[(OutOctets, 6)])]);
    }

    #[test]
    fn what_list_prints_on_another_machine_is_read() {
        let listed = r#"[{"index": 2, "name": "eth0", "alias": "uplink", "descr": null, "speed": 1000000000, "status": "up",
            "adminStatus": "up", "operStatus": "up", "counters": {"inOctets": 5, "outOctets": 6, "inErrors": null}}]"#;
        check(listed, &[("eth0", &[(InOctets, 5), (OutOctets, 6)])]);
        let (interface, _) = parse(listed.as_bytes(), "", Monotonic::default()).unwrap().remove(0);
        assert_eq!((interface.if_alias.as_deref(), interface.if_index), (Some("uplink"), Some(2)));
        assert_eq!(interface.speed.map(stats::Speed::bits_per_second), Some(1_000_000_000));
    }

    #[test]
    fn the_kernels_table_is_read() {
        check(
            "Inter-|   Receive\n face |bytes\n  eth0: 5 9 0 0 0 0 0 0 6 8 0 0 0 0 0 0\n",
            &[(
                "eth0",
                &[
                    (InOctets, 5),
                    (OutOctets, 6),
                    (InPackets, 9),
                    (Quantity::OutPackets, 8),
                    (Quantity::InErrors, 0),
                    (Quantity::OutErrors, 0),
                    (Quantity::InDiscards, 0),
                    (Quantity::OutDiscards, 0),
                ],
            )],
        );
    }

    #[test]
    fn what_is_wrong_is_said_in_a_sentence() {
        check_wrong("", "it printed nothing");
        check_wrong("inOctet 5\n", "line 1: `inOctet` is no counter: did you mean `inOctets`?");
        check_wrong("Authorization:Bearer-s3cret 1\n", "line 1: `Authorization:Be…` is no counter: there are inOctets");
        check_wrong("inOctets word-of-more-letters\n", "`word-of-more-let…` is no whole number");
        check_wrong("inOctets\n", "line 1: there is no value after `inOctets`");
        check_wrong("inOctets 1.5e9\n", "line 1: `1.5e9` is no whole number");
        check_wrong("inOctets -1\n", "line 1: `-1` is no whole number");
        check_wrong("inOctets 1\ninOctets 2\n", "line 2: `inOctets` is there twice");
        check_wrong("{\"octets\": 5}", "it tells no counter of `disk`: name one of inOctets, outOctets");
        check_wrong("{\"inOctets\": 1.5}", "`inOctets` is no whole number");
        check_wrong("{\"inOctets\": 5", "EOF while parsing");
        check_wrong(r#"[{"name":"a","inOctets":1},{"name":"a","inOctets":1}]"#, "it tells of `a` twice");
        check_wrong("[]", "it tells of no interface");
        check_wrong("Inter-| x\n y\n eth0: 1 2\n", "not what /proc/net/dev looks like");
        check_wrong("\u{1b}[31m 5", "is no counter");
    }
}
