//! The collector against a real `snmpd`, with its counters as they come from it: cached for three seconds.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "snmpd/collector.rs"]
mod collector;
#[path = "snmpd/daemon.rs"]
mod daemon;
#[path = "snmpd/observer.rs"]
mod observer;
#[path = "snmpd/refresh.rs"]
mod refresh;
#[path = "snmpd/relay.rs"]
mod relay;
#[path = "snmpd/versions.rs"]
mod versions;

use std::net::UdpSocket;
use std::process::Output;
use std::thread::{self, sleep};
use std::time::Duration;

use serde_json::Value;
use stats::{GapReason, Quantity, Sample};

use collector::{Collector, collector};
use daemon::{Snmpd, has_ipv6};
use relay::{Relay, Said};

/// `ifHCInOctets` and `ifHCOutOctets` of the loopback.
const LO_IN_OCTETS: &str = "1.3.6.1.2.1.31.1.1.1.6.1";
const LO_OUT_OCTETS: &str = "1.3.6.1.2.1.31.1.1.1.10.1";

fn list(target: &str, community: &str) -> Output {
    collector().args(["list", "--json", target]).env("SNMP_COMMUNITY", community).output().unwrap()
}

/// Sends so many datagrams of 1,000 octets over the loopback, evenly over a time.
fn load_loopback(datagrams: u32, over: Duration) {
    let sink = UdpSocket::bind("127.0.0.1:0").unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.connect(sink.local_addr().unwrap()).unwrap();
    for _ in 0..datagrams {
        // Whether the sink has room for it or not, it was on the wire.
        sender.send(&[0; 1_000]).unwrap();
        sleep(over / datagrams);
    }
}

fn sum(samples: &[Sample], quantity: Quantity) -> u64 {
    samples.iter().filter_map(|sample| sample.passed.get(quantity)).sum()
}

#[test]
fn the_octets_of_a_minute_are_exactly_what_snmpd_counted() {
    const DATAGRAMS: u32 = 5_000;

    let snmpd = Snmpd::start();
    let relay = Relay::to(snmpd.port());
    let before = [LO_IN_OCTETS, LO_OUT_OCTETS].map(|name| snmpd.get(name));
    let collector = Collector::run(relay.port());
    let load = thread::spawn(|| {
        // Not from the first moment to the last, so that all of it is between two readings.
        sleep(Duration::from_secs(5));
        load_loopback(DATAGRAMS, Duration::from_secs(45));
    });
    sleep(Duration::from_secs(61));
    load.join().unwrap();
    let samples = collector.end();
    let after = [LO_IN_OCTETS, LO_OUT_OCTETS].map(|name| snmpd.get(name));

    let said = relay.said();
    let first = said[0];
    let told = Said {
        in_octets: first.in_octets + sum(&samples, Quantity::InOctets),
        out_octets: first.out_octets + sum(&samples, Quantity::OutOctets),
    };
    // Something that its agent said, to the octet. It may have seen more when it was ended than it could tell of yet.
    assert!(said.contains(&told), "{told:?} is none of {said:?}: {samples:#?}");
    // And that was what another manager saw.
    assert!(before[0] <= first.in_octets && told.in_octets <= after[0]);
    assert!(before[1] <= first.out_octets && told.out_octets <= after[1]);

    assert!(sum(&samples, Quantity::InOctets) > u64::from(DATAGRAMS) * 1_000);
    // One for each three seconds, as snmpd has it.
    assert!(samples.len() >= 15, "{} samples in a minute", samples.len());
    assert!(samples.iter().all(|sample| sample.gap.is_none()), "{samples:#?}");
}

#[test]
fn silence_is_a_gap_and_what_passed_in_it_is_not_lost() {
    let snmpd = Snmpd::start();
    let relay = Relay::to(snmpd.port());
    let collector = Collector::run(relay.port());
    collector.wait_for("two samples", |samples| samples.len() >= 2);
    snmpd.halt();
    // Longer than its counters are old when it answers: what they were in between can't be had any more.
    sleep(Duration::from_secs(9));
    snmpd.go_on();
    let is_gap = |sample: &Sample| sample.gap == Some(GapReason::NoAnswer);
    collector.wait_for("samples after a gap", |samples| {
        samples.iter().any(is_gap) && samples.iter().rev().take(2).all(|sample| sample.gap.is_none())
    });
    let samples = collector.end();
    let said = relay.said();
    let passed = said.last().unwrap().in_octets - said.first().unwrap().in_octets;
    assert_eq!(sum(&samples, Quantity::InOctets), passed, "{samples:#?}");
}

#[test]
fn a_restart_is_a_gap_of_that_name() {
    let mut snmpd = Snmpd::start();
    let collector = Collector::run(snmpd.port());
    collector.wait_for("two samples", |samples| samples.len() >= 2);
    snmpd.restart();
    collector.wait_for("samples after a restart", |samples| {
        samples.iter().any(|sample| sample.gap == Some(GapReason::Restarted))
            && samples.last().is_some_and(|sample| sample.gap.is_none())
    });
}

#[test]
fn the_list_for_scripts_has_the_loopback() {
    let snmpd = Snmpd::start();
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        if host == "[::1]" && !has_ipv6() {
            continue;
        }
        let before = snmpd.get(LO_IN_OCTETS);
        let output = list(&format!("snmp://{host}:{}", snmpd.port()), "public");
        assert!(output.status.success(), "{host}: {}", String::from_utf8_lossy(&output.stderr));
        let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
        let lo = &listed.as_array().unwrap()[0];
        assert_eq!((&lo["index"], &lo["name"], &lo["status"]), (&1.into(), &"lo".into(), &"up".into()));
        assert_eq!(lo["speed"], 10_000_000);
        let octets = lo["counters"]["inOctets"].as_u64().unwrap();
        assert!((before..=snmpd.get(LO_IN_OCTETS)).contains(&octets));
    }
}

#[test]
fn a_wrong_community_is_said_to_be_what_it_may_be() {
    let snmpd = Snmpd::start();
    let output = list(&format!("snmp://127.0.0.1:{}", snmpd.port()), "wr0ng");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("is the community right?") && !said.contains("wr0ng"), "{said}");
}
