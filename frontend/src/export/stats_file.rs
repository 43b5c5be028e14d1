//! Everything that the page has of what is shown, as a stats file that ends there. `docs/stats-file.md` describes the format.
//!
//! The crate `stats` writes such files too, whatever they hold; this writes what is left of them in a page, and spares every
//! viewer the rest.

use stats::{Quantity, Sample, Timestamp, VERSION, micros};

use super::json::{Object, array};
use crate::list::List;
use crate::model::find::Place;
use crate::model::{Interface, Model, Target};

/// Everything that the page has of what is shown, as a stats file that ends there.
#[must_use]
pub fn stats_file(model: &Model) -> String {
    let mut text = String::new();
    let mut file = Object::open(&mut text);
    file.number("version", Some(VERSION.into()));
    file.number("written", model.targets.iter().filter_map(Target::newest).max().map(Timestamp::as_micros));
    let shown = super::shown(model);
    // In one row they may be in any order, and no two targets of a file are to be equal.
    let of = |target| shown.iter().copied().filter(|place| place.target == target).list();
    let targets = (0..model.targets.len()).map(of).filter(|places| !places.is_empty());
    array(file.at("targets"), targets, |text, places| write_target(text, model, &places));
    file.close();
    text
}

fn write_target(text: &mut String, model: &Model, places: &[Place]) {
    let mut object = Object::open(text);
    let Some(target) = places.first().map(|place| model.at(*place).0) else { return object.close() };
    object.string("name", Some(&target.name));
    object.string("sysName", target.sys_name.as_deref());
    object.string("source", target.source.as_deref());
    object.number("interval", Some(micros(target.interval())));
    object.number("refresh", target.refresh.map(micros));
    if let Some(counts) = &target.counts {
        let mut words = Object::open(object.at("counts"));
        for (name, word) in [("unit", &counts.unit), ("in", &counts.inbound), ("out", &counts.outbound)] {
            words.string(name, word.as_deref());
        }
        words.close();
    }
    object.string("problem", target.problem.as_deref());
    object.number("answered", target.last_answered.map(Timestamp::as_micros));
    array(object.at("interfaces"), places.iter(), |text, place| write_interface(text, model.at(*place).1));
    object.close();
}

fn write_interface(text: &mut String, interface: &Interface) {
    let about = &interface.about;
    let mut object = Object::open(text);
    object.string("name", Some(&about.name));
    object.string("ifName", about.if_name.as_deref());
    object.string("ifAlias", about.if_alias.as_deref());
    object.string("ifDescr", about.if_descr.as_deref());
    object.number("ifIndex", about.if_index.map(u64::from));
    object.number("speed", about.speed.map(stats::Speed::bits_per_second));
    object.string("adminStatus", about.admin_status.map(stats::AdminStatus::as_str));
    object.string("operStatus", about.oper_status.map(stats::OperStatus::as_str));
    if let Some(max) = &about.max {
        let mut maxima = Object::open(object.at("max"));
        for (name, quantity) in COLUMNS {
            maxima.number(name, max.get(quantity));
        }
        maxima.close();
    }
    let samples: Vec<Sample> = interface.track.samples_since(Timestamp::default()).list();
    if let Some(last) = samples.last() {
        write_samples(object.at("samples"), &samples, last.end);
    }
    object.close();
}

const COLUMNS: [(&str, Quantity); 8] = [
    ("inOctets", Quantity::InOctets),
    ("outOctets", Quantity::OutOctets),
    ("inPackets", Quantity::InPackets),
    ("outPackets", Quantity::OutPackets),
    ("inErrors", Quantity::InErrors),
    ("outErrors", Quantity::OutErrors),
    ("inDiscards", Quantity::InDiscards),
    ("outDiscards", Quantity::OutDiscards),
];

fn write_samples(text: &mut String, samples: &[Sample], end: Timestamp) {
    let mut object = Object::open(text);
    object.number("first", Some(0));
    object.number("count", Some(samples.len() as u64));
    object.number("end", Some(end.as_micros()));
    write_column(&mut object, "duration", samples.iter().map(|sample| Some(micros(sample.duration))));
    for (name, quantity) in COLUMNS {
        if samples.iter().any(|sample| sample.passed.get(quantity).is_some()) {
            write_column(&mut object, name, samples.iter().map(|sample| sample.passed.get(quantity)));
        }
    }
    let gaps = samples.iter().enumerate().filter_map(|(at, sample)| Some((at, sample.gap.as_ref()?)));
    array(object.at("gaps"), gaps, |text, (at, reason)| {
        let mut gap = Object::open(text);
        gap.number("at", Some(at as u64));
        gap.string("reason", Some(reason.as_str()));
        gap.close();
    });
    object.close();
}

fn write_column(object: &mut Object, name: &str, values: impl Iterator<Item = Option<u64>>) {
    array(object.at(name), values, |text, value| match value {
        Some(value) => text.push_str(&value.to_string()),
        None => text.push_str("null"),
    });
}

#[cfg(test)]
mod tests {
    use stats::StatsFile;

    use super::*;
    use crate::model::tests::page_of;

    const FILE: &str = r#"{"version":1,"written":1700000003500000,"due":1700000004500000,"targets":[
        {"name":"r \"1\"","sysName":"r.example.net","source":"SNMP v2c","run":9,"interval":1000000,"refresh":3000000,
            "counts":{"unit":"requests","in":"read"},"problem":"slow\\","answered":1700000002250000,"interfaces":[
            {"name":"a","ifName":"A","ifAlias":"up\u0000link","ifDescr":"上联","ifIndex":3,"speed":1000,"adminStatus":"up",
                "operStatus":"lowerLayerDown","max":{"inOctets":5,"outPackets":6},"live":"l","recent":"r",
                "samples":{"first":7,"count":4,"end":1700000003250000,"duration":[1000000,1000000,1000000,1500000],
                "inOctets":[100,null,null,300],"outOctets":5,"gaps":[{"at":1,"count":2,"reason":"it's \"odd\""}]}},
            {"name":"none"}]},
        {"name":"s","interfaces":[{"name":"a","samples":{"end":1700000003250000,"duration":1}}]}]}"#;

    #[test]
    fn it_is_read_again_as_it_was() {
        let read = StatsFile::parse(stats_file(&page_of("", FILE)).as_bytes()).unwrap();
        let mut given = StatsFile::parse(FILE.as_bytes()).unwrap();
        assert_eq!(read.written, given.targets[0].interfaces[0].samples.end());
        assert_eq!((read.due, read.targets.len()), (None, 2));
        for (read, given) in read.targets.iter().zip(&mut given.targets) {
            assert_eq!((&read.name, &read.sys_name, &read.source), (&given.name, &given.sys_name, &given.source));
            assert_eq!((read.refresh, &read.problem, read.answered), (given.refresh, &given.problem, given.answered));
            assert_eq!((&read.counts, read.interfaces.len()), (&given.counts, given.interfaces.len()));
            for (read, given) in read.interfaces.iter().zip(&given.interfaces) {
                assert_eq!(read.interface(), given.interface());
                assert_eq!(read.samples.to_vec(), given.samples.to_vec());
                // Where those other files are, nobody knows who reads this one.
                assert_eq!((&read.live, &read.recent), (&None, &None));
            }
        }
    }

    #[test]
    fn what_is_shown_is_saved_each_target_once() {
        let names = |query| {
            let read = StatsFile::parse(stats_file(&page_of(query, FILE)).as_bytes()).unwrap();
            let names = read.targets.iter().flat_map(|target| {
                target.interfaces.iter().map(|interface| format!("{}/{}", target.name, interface.name))
            });
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("?group=none&sort=name"), "r \"1\"/a r \"1\"/none s/a");
        assert_eq!(names("?q=none"), "r \"1\"/none");
    }

    #[test]
    fn an_opened_interface_is_saved_alone() {
        let read = StatsFile::parse(stats_file(&page_of("?interface=s/a", FILE)).as_bytes()).unwrap();
        let names: Vec<&str> = read.targets.iter().map(|target| target.name.as_str()).collect();
        assert_eq!((names, read.targets[0].interfaces.len()), (vec!["s"], 1));
    }
}
