//! What the page knows, as files for others: samples as CSV, and a stats file that this page and everybody else can read
//! again. Knows nothing of browsers.

mod json;
mod stats_file;

use std::fmt::Write as _;

use stats::{Amounts, GapReason, Quantity, Sample, Timestamp};

use crate::calendar::Wall;
use crate::list::List;
use crate::model::Model;
use crate::model::find::{Place, full_name};

pub use stats_file::stats_file;

/// Each column after the names and times.
const QUANTITIES: [(&str, Quantity); 8] = [
    ("in octets", Quantity::InOctets),
    ("out octets", Quantity::OutOctets),
    ("in packets", Quantity::InPackets),
    ("out packets", Quantity::OutPackets),
    ("in errors", Quantity::InErrors),
    ("out errors", Quantity::OutErrors),
    ("in discards", Quantity::InDiscards),
    ("out discards", Quantity::OutDiscards),
];

/// What is said of a time of which there are samples that this page has not fetched.
const NOT_FETCHED: &str = "not fetched: not in sight";

/// The samples of the window as CSV of RFC 4180, of all that is shown: a line a sample with what passed in it, and not a
/// second. Times are universal. What is not known is an empty field, and a gap says why: also of what this page has not
/// fetched, since it is of an interface that has not been in sight.
#[must_use]
pub fn csv(model: &Model) -> String {
    let mut text = String::from("target,interface,begin,end,seconds");
    for (name, _) in QUANTITIES {
        text.push(',');
        text.push_str(name);
    }
    text.push_str(",gap\r\n");
    for place in shown(model) {
        let (target, interface) = model.at(place);
        let names = format!("{},{}", field(&target.name), field(&interface.about.name));
        let [mut known, end] = model.window(target);
        let write_missing = |text: &mut String, begin: Timestamp, end: Timestamp| {
            let gap = Some(GapReason::Other(NOT_FETCHED.to_owned()));
            if begin < end {
                let (duration, passed) = (end.since(begin), Amounts::UNKNOWN);
                write_line(text, &names, &Sample { end, duration, gap, passed });
            }
        };
        let samples: Vec<Sample> = model.window_of(place).list();
        if !interface.is_opened && interface.recent.is_some() {
            let begin = samples.first().map_or(end, Sample::start);
            write_missing(&mut text, known, begin);
            known = begin;
        }
        for sample in &samples {
            write_line(&mut text, &names, sample);
            known = sample.end;
        }
        if interface.is_listed && !interface.is_in_sight {
            write_missing(&mut text, known, end);
        }
    }
    text
}

fn write_line(text: &mut String, names: &str, sample: &Sample) {
    text.push_str(names);
    let times = [sample.start(), sample.end].map(|at| Wall::utc(at).iso());
    for time in times {
        text.push(',');
        text.push_str(&time);
    }
    let (seconds, micros) = (sample.duration.as_secs(), sample.duration.subsec_micros());
    // Writing to a string cannot fail.
    let _ = write!(text, ",{seconds}.{micros:06}");
    for (_, quantity) in QUANTITIES {
        text.push(',');
        if let Some(amount) = sample.passed.get(quantity) {
            let _ = write!(text, "{amount}");
        }
    }
    text.push(',');
    text.push_str(&sample.gap.as_ref().map(|reason| field(reason.as_str())).unwrap_or_default());
    text.push_str("\r\n");
}

/// A text as a field. Devices name themselves, and a program that takes a field for a formula would do what they say: such
/// a field begins with an apostrophe, which those programs take for "this is text".
fn field(text: &str) -> String {
    let text = stats::clean(text);
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    if text.contains(['"', ',']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

/// What a file of what is shown is called, without what comes after the dot: the interface, and the last moment in it. Whatever
/// it is called, it is one name and not a path, on every system.
#[must_use]
pub fn stem(model: &Model) -> String {
    const MOST: usize = 80;

    let (name, target) = match model.opened() {
        Some(place) => (full_name(model.at(place).0, model.at(place).1), Some(model.at(place).0)),
        None => ("interfaces".to_owned(), model.targets.first()),
    };
    let is_plain = |letter: char| !letter.is_ascii() || letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_');
    let mut stem = String::new();
    for letter in stats::clean(&name).chars().take(MOST) {
        if is_plain(letter) && !(letter == '.' && stem.is_empty()) {
            stem.push(letter);
        } else if !stem.is_empty() && !stem.ends_with('-') {
            stem.push('-');
        }
    }
    let at = target.and_then(|target| model.last_seen(target)).unwrap_or_default();
    let wall = Wall::utc(at);
    format!("{}-{}T{}Z", stem.trim_end_matches('-'), wall.date(), wall.time().replace(':', ""))
}

/// What is shown and of when, in a line below a picture. Times are universal, since nobody knows where it is looked at.
#[must_use]
pub fn caption(model: &Model) -> String {
    let (name, target) = match model.opened() {
        Some(place) => (full_name(model.at(place).0, model.at(place).1), Some(model.at(place).0)),
        None => (words_for_all(model.listed(), model.places().count()), model.targets.first()),
    };
    let end = target.and_then(|target| model.last_seen(target)).unwrap_or_default();
    let [begin, end] = [end.before(model.address.options.window.duration()), end].map(Wall::utc);
    format!("{} · {} {} – {} UTC", stats::clean(&name), begin.date(), begin.time(), end.time())
}

fn words_for_all(listed: usize, all: usize) -> String {
    if listed == all { "all interfaces".to_owned() } else { format!("{listed} of {all} interfaces") }
}

/// The interface that is opened, or those that the overview shows, in its order.
fn shown(model: &Model) -> Vec<Place> {
    model.opened().map_or_else(|| model.in_order().list(), |place| vec![place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::page_of;

    const FILE: &str = r#"{"version":1,"written":1700000003500000,"due":1700000004500000,"targets":[
        {"name":"=cmd|' /C calc'!A0","run":9,"interval":1000000,"interfaces":[
            {"name":"a, \"b\"","ifAlias":"uplink","speed":1000,"samples":{"first":7,"count":3,"end":1700000003250000,
                "duration":[1000000,1000000,1500000],"inOctets":[100,null,300],"outOctets":5,
                "gaps":[{"at":1,"reason":"noAnswer"}]}},
            {"name":"none"}]}]}"#;

    #[test]
    fn samples_are_lines_and_what_is_not_known_is_empty() {
        let model = page_of("", FILE);
        let names = "'=cmd|' /C calc'!A0,\"a, \"\"b\"\"\"";
        let expected = [
            "target,interface,begin,end,seconds,in octets,out octets,in packets,out packets,in errors,out errors,\
             in discards,out discards,gap",
            &format!("{names},2023-11-14T22:13:19.750Z,2023-11-14T22:13:20.750Z,1.000000,100,5,,,,,,,"),
            &format!("{names},2023-11-14T22:13:20.750Z,2023-11-14T22:13:21.750Z,1.000000,,5,,,,,,,noAnswer"),
            &format!("{names},2023-11-14T22:13:21.750Z,2023-11-14T22:13:23.250Z,1.500000,300,5,,,,,,,"),
            "",
        ];
        assert_eq!(csv(&model).split("\r\n").collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_the_window_that_is_seen_is_in_the_csv() {
        let model = page_of("?at=1700000001750", FILE);
        assert_eq!(csv(&model).lines().count(), 3);
    }

    #[track_caller]
    fn check_listed(query: &str, expected: &[&str]) {
        const TWO: &str = r#"{"version":1,"written":1700000003500000,"due":1700000004500000,"targets":[
            {"name":"r","interfaces":[
                {"name":"a","recent":"r","samples":{"first":7,"end":1700000003000000,"duration":1000000,"inOctets":1}},
                {"name":"b","samples":{"first":7,"end":1700000003000000,"duration":1000000,"inOctets":2}},
                {"name":"c","live":"l","recent":"r"}]}]}"#;
        let csv = csv(&page_of(query, TWO));
        let line = |line: &str| {
            let fields: Vec<&str> = line.split(',').collect();
            [fields[1], &fields[3][14..], fields[4], fields[5], fields[13]].join(" ").trim_end().to_owned()
        };
        let lines: Vec<String> = csv.lines().skip(1).map(line).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_the_overview_shows_is_in_the_csv_and_what_is_missing_of_it_is_told() {
        let missing = "a 13:22.000Z 59.000000  not fetched: not in sight";
        let none = "c 13:23.000Z 60.000000  not fetched: not in sight";
        check_listed("?window=1m&sort=traffic", &["b 13:23.000Z 1.000000 2", missing, "a 13:23.000Z 1.000000 1", none]);
        check_listed("?window=1m&q=b", &["b 13:23.000Z 1.000000 2"]);
        check_listed("?window=1m&q=nothing", &[]);
    }

    #[test]
    fn a_file_is_called_after_what_is_in_it_and_when_that_was() {
        let name = "?interface=%3Dcmd|'%20/C%20calc'!A0/none";
        let model = page_of(name, FILE);
        assert_eq!(stem(&model), "cmd-C-calc-A0-none-2023-11-14T221323Z");
        let hostile = page_of("?interface=../none", &FILE.replace("=cmd|' /C calc'!A0", ".."));
        assert_eq!(stem(&hostile), "none-2023-11-14T221323Z");
        assert_eq!(stem(&page_of("", FILE)), "interfaces-2023-11-14T221323Z");
        assert_eq!(caption(&page_of("?window=1m", FILE)), "all interfaces · 2023-11-14 22:12:23 – 22:13:23 UTC");
        assert_eq!(
            caption(&page_of("?window=1m&q=uplink", FILE)),
            "1 of 2 interfaces · 2023-11-14 22:12:23 – 22:13:23 UTC"
        );
        assert_eq!(caption(&model), "=cmd|' /C calc'!A0/none · 2023-11-14 22:08:23 – 22:13:23 UTC");
    }
}
