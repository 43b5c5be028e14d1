//! What is exported of some rounds.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use stats::{Counter, Counts, Interface, KeptInterface, Monotonic, Reading, Speed, Width};
use tempfile::TempDir;

use super::super::{GroupFiles, Outlook, Site};
use super::*;
use crate::replace::Outlet;
use crate::source::{ReadError, Snapshot};
use crate::timeline::{Now, Timeline};

fn moment(second: u64) -> Now {
    let monotonic = Monotonic::new(Duration::from_secs(second));
    Now { monotonic, wall: Timestamp::from_micros((1_000_000_000 + second) * 1_000_000) }
}

/// A site of these targets, each with an interface `eth0`.
struct Scene {
    site: Site,
    watches: Vec<Shared<Watch>>,
    interface: KeptInterface,
    directory: TempDir,
}

impl Scene {
    fn of(names: &[&str], exports: Exports, counts: Option<&Counts>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let watch = |name: &&str| {
            let timeline = Timeline::beginning(moment(0));
            let watch = Watch::new((*name).to_owned(), "test".to_owned(), Duration::from_secs(1), timeline);
            Shared::new(watch.counting(counts.cloned().map(Box::new)))
        };
        let watches: Vec<Shared<Watch>> = names.iter().map(watch).collect();
        let outlet = Outlet::open(directory.path()).unwrap();
        let site = Site::new(outlet, watches.clone(), Duration::from_secs(1));
        let site = site.exporting(names.iter().map(|_| exports));
        let interface = KeptInterface::from(Interface {
            name: "eth0".to_owned(),
            if_alias: Some("a \"b\" \\".to_owned()),
            speed: Some(Speed::from_bits_per_second(8_000_000)),
            ..Interface::default()
        });
        Self { site, watches, interface, directory }
    }

    /// All targets are read, and have counted so much; or none answers.
    fn round(&self, second: u64, octets: Option<u64>) {
        for (number, watch) in self.watches.iter().enumerate() {
            let outcome = match octets {
                None => Err(ReadError::Unreachable { what: "nobody there".to_owned() }),
                Some(octets) => {
                    let mut reading = Reading::new(moment(second).monotonic, None);
                    reading.set(Counter::InOctets, octets, Width::Bits32);
                    for counter in [Counter::OutOctets, Counter::InPackets, Counter::OutPackets] {
                        reading.set(counter, 7 * second, Width::Bits64);
                    }
                    let interfaces = vec![(self.interface.clone(), reading)];
                    Ok(Snapshot { sys_name: None, interfaces, missing: Arc::default() })
                }
            };
            watch.lock().take(outcome, moment(second));
            self.site.publish(number, &mut GroupFiles::default(), second, moment(second));
        }
    }

    fn file(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.directory.path().join(name)).ok()
    }

    /// The value of a metric of the first target.
    fn metric(&self, name: &str) -> Option<String> {
        let text = self.file(METRICS)?;
        let line = text.lines().find(|line| line.starts_with(name) && line[name.len()..].starts_with('{'))?;
        Some(line.rsplit(' ').next()?.to_owned())
    }
}

const LEGACY: Exports = Exports { legacy: true, openmetrics: false };
const OPENMETRICS: Exports = Exports { legacy: false, openmetrics: true };

#[test]
fn a_line_is_written_a_sample_and_none_in_a_gap() {
    let scene = Scene::of(&["router", "switch"], LEGACY, None);
    let file = || scene.file("live_interface_stats_eth0.txt");
    scene.round(0, Some(1_000));
    assert_eq!(file(), None);
    scene.round(1, Some(1_500));
    assert_eq!(file().unwrap(), "1 1000000 500 1000000 7 666 7 666 7\n");
    assert_eq!(scene.file("live_interface_stats_eth0@switch.txt"), file());
    scene.round(2, None);
    assert_eq!(file().unwrap(), "1 1000000 500 1000000 7 666 7 666 7\n");
    scene.round(3, Some(2_000));
    scene.round(4, Some(2_600));
    assert_eq!(file().unwrap(), "1 1000000 600 1000000 7 666 7 666 7\n");
}

#[test]
fn counters_go_on_over_wraps_and_gaps_and_are_left_out_while_nothing_is_known() {
    let scene = Scene::of(&["router"], OPENMETRICS, None);
    let total = || scene.metric("interface_receive_bytes_total");
    scene.round(0, Some(u64::from(u32::MAX) - 99));
    assert_eq!(total(), None);
    scene.round(1, Some(u64::from(u32::MAX)));
    assert_eq!(total().as_deref(), Some("99"));
    assert_eq!(scene.metric("interface_receive_bytes_created").as_deref(), Some("1000000000.000000"));
    scene.round(2, Some(100));
    assert_eq!(total().as_deref(), Some("200"));
    scene.round(3, None);
    assert_eq!((total(), scene.metric("live_interface_stats_target_up").as_deref()), (None, Some("0")));
    scene.round(4, Some(300));
    scene.round(5, Some(400));
    assert_eq!(total().as_deref(), Some("500"), "what passed in the gap is counted too");
    scene.site.finish(moment(5).wall, Outlook::Ends);
    assert_eq!(total(), None);
}

#[test]
fn the_text_has_a_head_for_each_metric_escapes_and_an_end() {
    let scene = Scene::of(&["router"], OPENMETRICS, None);
    scene.round(0, Some(0));
    scene.round(1, Some(5));
    let text = scene.file(METRICS).unwrap();
    let expected = "# TYPE interface_receive_bytes counter\n\
                    # HELP interface_receive_bytes Octets received, with their framing.\n\
                    # UNIT interface_receive_bytes bytes\n\
                    interface_receive_bytes_total{target=\"router\",interface=\"eth0\"} 5\n\
                    interface_receive_bytes_created{target=\"router\",interface=\"eth0\"} 1000000000.000000\n\
                    # TYPE interface_transmit_bytes counter\n";
    assert!(text.starts_with(expected), "{text}");
    assert!(
        text.contains("interface_info{target=\"router\",interface=\"eth0\",alias=\"a \\\"b\\\" \\\\\",descr=\"\"} 1\n")
    );
    assert!(text.contains("interface_speed_bytes_per_second{target=\"router\",interface=\"eth0\"} 1000000\n"));
    assert!(!text.contains("errors"), "what is not counted has no metric");
    assert!(text.ends_with("live_interface_stats_written_timestamp_seconds 1000000001.000000\n# EOF\n"), "{text}");
}

#[test]
fn what_is_no_octets_is_not_called_bytes() {
    let counts = Counts { unit: Some("requests".to_owned()), ..Counts::default() };
    let scene = Scene::of(&["nginx"], OPENMETRICS, Some(&counts));
    scene.round(0, Some(0));
    scene.round(1, Some(5));
    let text = scene.file(METRICS).unwrap();
    assert!(text.contains("counted_in_total{target=\"nginx\",interface=\"eth0\",unit=\"requests\"} 5\n"), "{text}");
    assert!(!text.contains("receive_bytes") && text.contains("interface_receive_packets_total{"), "{text}");
}
