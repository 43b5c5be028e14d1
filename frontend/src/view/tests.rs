//! What the page shows of a file, in words.

use std::fmt::Write as _;

use super::*;
use crate::address::Address;
use crate::model::failure::Failure;
use crate::model::testimony::Testimony;
use crate::model::{Arrival, Effect, Event};

const FILE: &str = r#"{"version":1,"written":1700000006000000,"due":1700000007000000,"targets":[
    {"name":"edge","sysName":"edge.example.net","source":"SNMP v2c","interval":1000000,"refresh":3004000,"interfaces":[
        {"name":"ppp0","ifAlias":"Uplink <b>\u0000","ifDescr":"ppp0","ifIndex":7,"speed":100000000,
            "adminStatus":"up","operStatus":"up",
            "samples":{"first":1,"count":2,"end":1700000006000000,"duration":1000000,
                "inOctets":[1000000,2000000],"outOctets":[50,null],"inPackets":[100,300]}},
        {"name":"ge-0/0/1","adminStatus":"up","operStatus":"lowerLayerDown",
            "samples":{"first":1,"end":1700000006000000,"duration":1000000,"inOctets":7,
                "gaps":[{"at":0,"reason":"noAnswer"}]}}]},
    {"name":"core","problem":"does not answer","interfaces":[]}]}"#;

/// The page a second after it was opened and got that.
fn shown(query: &str, outcome: Result<&str, Failure>) -> Page {
    let mut model = Model::new(Address::parse(query), 1);
    let effects = model.update(Event::Woke, Monotonic::default());
    let Some(Effect::Fetch(fetch)) = effects.into_iter().next() else { panic!("it asks for nothing") };
    let outcome = outcome.map(|text| Arrival { text: text.as_bytes().to_vec(), testimony: Testimony::default() });
    model.update(Event::Fetched(fetch, outcome), Monotonic::default());
    let all = model.places().collect();
    model.update(Event::Sighted(all), Monotonic::default());
    page(&model, Monotonic::new(std::time::Duration::from_secs(1)), &|at| format!("{}", at.as_micros()))
}

#[track_caller]
fn check(query: &str, outcome: Result<&str, Failure>, expected: &[&str]) {
    let page = shown(query, outcome);
    let mut text = format!("{}\n{}", page.title, page.status.word);
    write!(text, ": {}", page.status.sentence.unwrap_or_default()).unwrap();
    match page.body {
        Body::Nothing => {}
        Body::Unknown(unknown) => {
            let (name, query) = unknown.nearest.unwrap_or_default();
            write!(text, "\n{} {name} {query} {}", unknown.sentence, unknown.all).unwrap();
        }
        Body::Overview(overview) => {
            for group in overview.groups {
                write!(text, "\n{} | {} | {:?}", group.name, group.about, group.trouble).unwrap();
                for card in group.cards {
                    let Card { label: Label { name, alias, query, .. }, inbound, outbound, trouble, .. } = card;
                    write!(text, "\n{name} | {alias} | {query} | {inbound} | {outbound} | {trouble:?}").unwrap();
                }
            }
        }
        Body::Detail(detail) => {
            write!(text, "\n{} | {} | {} | {}", detail.name, detail.alias, detail.target, detail.all).unwrap();
            for Fact { term, text: fact } in detail.facts {
                write!(text, "\n{term} {fact}").unwrap();
            }
            for panel in detail.panels {
                write!(text, "\n{}", panel.summary).unwrap();
            }
        }
    }
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn the_overview_has_a_card_an_interface() {
    check(
        "?window=1m",
        Ok(FILE),
        &[
            "Live interface stats",
            "live: ",
            "edge | edge.example.net · SNMP v2c · counters refresh every 3.0 s | None",
            "ppp0 | Uplink <b> | ?interface=edge/ppp0&window=1m&unit=bits | 16.0 Mbit/s | – | None",
            "ge-0/0/1 |  | ?interface=edge/ge-0/0/1&window=1m&unit=bits | – | – | Some(\"down below\")",
            "core |  | Some(\"does not answer\")",
        ],
    );
}

#[test]
fn before_the_first_sample_it_is_said_that_there_will_be_some() {
    let file = r#"{"version":1,"written":1700000006000000,"due":1700000007000000,"targets":[
        {"name":"edge","source":"SNMP v2c","interfaces":[{"name":"a","samples":{}},{"name":"b"}]},
        {"name":"site","interfaces":[{"name":"a","live":"l"}]},
        {"name":"core","problem":"does not answer","interfaces":[{"name":"a"}]}]}"#;
    check(
        "?q=e",
        Ok(file),
        &[
            "Live interface stats",
            "live: ",
            "edge | SNMP v2c · waiting for the first samples | None",
            "a |  | ?interface=edge/a&unit=bits&q=e | – | – | None",
            "b |  | ?interface=edge/b&unit=bits&q=e | – | – | None",
            "site |  | None",
            "a |  | ?interface=site/a&unit=bits&q=e | – | – | None",
            "core |  | Some(\"does not answer\")",
            "a |  | ?interface=core/a&unit=bits&q=e | – | – | None",
        ],
    );
}

#[test]
fn where_the_view_stands_still_so_do_its_cards() {
    check(
        "?q=ppp0&at=1700000005000",
        Ok(FILE),
        &[
            "Live interface stats",
            "live: ",
            "edge | edge.example.net · SNMP v2c · counters refresh every 3.0 s | None",
            "ppp0 | Uplink <b> | ?interface=edge/ppp0&unit=bits&at=1700000005000&q=ppp0 | 8.00 Mbit/s | 400 bit/s | None",
        ],
    );
}

#[test]
fn where_the_index_tells_no_traffic_it_is_said_that_the_order_is_of_what_was_seen() {
    let listing = r#"{"version":1,"written":1700000006000000,"due":1700000007000000,
        "targets":[{"name":"t","interfaces":[{"name":"a","live":"l"},{"name":"b","live":"l"}]}]}"#;
    let found = |query| match shown(query, Ok(listing)).body {
        Body::Overview(overview) => overview.found,
        other => panic!("{other:?}"),
    };
    let rest = "; of those that have not been in sight no traffic is known";
    assert_eq!(found(""), "2 interfaces");
    assert_eq!(found("?sort=traffic"), format!("2 interfaces{rest}"));
    assert_eq!(found("?state=busy"), format!("0 of 2 interfaces{rest}"));
}

#[test]
fn the_detail_says_what_is_known_of_the_interface() {
    check(
        "?interface=edge/ppp0",
        Ok(FILE),
        &[
            "ppp0 ↓ 16.0 Mbit/s ↑ –",
            "live: ",
            "ppp0 | Uplink <b> | edge · edge.example.net · SNMP v2c | ?unit=bits",
            "Status up",
            "Speed 100 Mbit/s",
            "Agent counters refresh every 3.0 s",
            "ifIndex 7",
            "Throughput of the last 5 minutes. In: average 12.0 Mbit/s, peak 16.0 Mbit/s. Out: average 400 bit/s, peak 400 bit/s.",
            "Packets of the last 5 minutes. In: average 200 pps, peak 300 pps. Out: average –, peak –.",
        ],
    );
}

/// What the detail of the only interface of a file says of its samples: its graphs, when the first had its peak, and what is
/// known of the link.
#[track_caller]
fn check_panels(query: &str, samples: &str, expected: &str) {
    let file = format!(
        r#"{{"version":1,"written":1700000006000000,"due":1700000007000000,"targets":[{{"name":"t","interfaces":[
            {{"name":"i","samples":{{"end":1700000006000000,"duration":1000000,{samples}}}}}]}}]}}"#
    );
    let Body::Detail(detail) = shown(query, Ok(&file)).body else { panic!("no detail") };
    let panels: Vec<&str> = detail.panels.iter().map(|panel| panel.title).collect();
    let facts: Vec<String> = detail.facts.iter().map(|fact| format!("{} {}", fact.term, fact.text)).collect();
    let told = format!("{} {} {}", panels.join(" "), detail.panels[0].inbound.peak_at, facts.join(" "));
    assert_eq!(told.trim(), expected);
}

#[test]
fn there_is_no_graph_of_packets_that_are_not_counted_and_no_peak_of_nothing() {
    check_panels("?interface=t/i", r#""inOctets":1,"outOctets":0"#, "Throughput 1700000006000000");
    check_panels("?interface=t/i", r#""inOctets":0,"inPackets":0"#, "Throughput Packets");
    check_panels("?interface=t/i", r#""gaps":[{"at":0,"reason":"noAnswer"}]"#, "Throughput Packets");
}

#[test]
fn thresholds_of_a_link_of_unknown_speed_are_said_to_be_none() {
    let query = "?interface=t/i&thresholds=70,90";
    check_panels(query, r#""inOctets":0"#, "Throughput  Thresholds none: the link’s speed is not known");
}

#[test]
fn an_unknown_interface_is_answered_with_the_nearest_one() {
    check(
        "?interface=edge/pp0",
        Ok(FILE),
        &[
            "Live interface stats",
            "live: ",
            "There is no interface edge/pp0; the nearest name is edge/ppp0 ?interface=edge/ppp0&unit=bits ?unit=bits",
        ],
    );
}

#[test]
fn a_device_that_does_not_answer_is_not_the_collector() {
    let silent = r#"{"version":1,"written":1700000006000000,"due":1700000007000000,"targets":[
        {"name":"core","problem":"does not answer","interfaces":[]}]}"#;
    check(
        "",
        Ok(silent),
        &[
            "(device trouble) Live interface stats",
            "device trouble: core: does not answer; the collector is well",
            "core |  | None",
        ],
    );
}

#[test]
fn silence_says_since_when() {
    let silent = FILE.replace(r#""name":"edge","#, r#""name":"edge","problem":"no answer","#);
    let gap = r#""gaps":[{"at":1,"reason":"noAnswer"}],"inOctets":[1000000"#;
    let page = shown("?interface=edge/ppp0", Ok(&silent.replace(r#""inOctets":[1000000"#, gap)));
    let sentence = "edge: no answer, since 1700000005000000; the collector is well";
    assert_eq!(page.status.sentence.as_deref(), Some(sentence));
    // Whoever comes later than samples are kept is told by the file.
    let long = r#"{"version":1,"written":1700000006000000,"due":1700000007000000,"targets":[{"name":"edge",
        "problem":"no answer","answered":1699990000000000,"interfaces":[{"name":"ppp0","samples":{"end":1700000006000000,
        "duration":1000000,"gaps":[{"at":0,"reason":"noAnswer"}]}}]}]}"#;
    let sentence = "edge: no answer, since 1699990000000000; the collector is well";
    assert_eq!(shown("", Ok(long)).status.sentence.as_deref(), Some(sentence));
}

#[test]
fn of_copies_it_is_told_who_disagrees() {
    let second = |second: u64| Timestamp::from_micros(second * 1_000_000);
    let testimony = Testimony {
        sent: Some(second(1_700_000_007)),
        kept: std::time::Duration::from_secs(40),
        received: second(1_700_000_047),
        ..Testimony::default()
    };
    let mut model = Model::new(Address::default(), 1);
    for at in [0, 41] {
        let now = Monotonic::new(std::time::Duration::from_secs(at));
        let effects = model.update(Event::Woke, now);
        let Some(Effect::Fetch(fetch)) = effects.into_iter().next() else { panic!("it asks for nothing") };
        model.update(Event::Fetched(fetch, Ok(Arrival { text: FILE.into(), testimony })), now);
    }
    let page = page(&model, Monotonic::new(std::time::Duration::from_secs(41)), &|at| {
        format!("{}", at.as_micros() / 1_000_000 - 1_700_000_000)
    });
    assert_eq!(page.status.word, "cached 1 min 20 s");
    let sentence = "old copies of the file come from something in between: the file’s time 6, HTTP’s Date 7, this browser’s \
                    clock 47, Age 40 s; HTTP’s Date and this browser’s clock disagree by 40 s";
    assert_eq!(page.status.sentence.as_deref(), Some(sentence));
}

/// What is told of the page after so many seconds.
#[track_caller]
fn check_told(query: &str, index: &str, second: u64, turn: u64, expected: &str) {
    let model = crate::model::tests::page_of(query, index);
    let page =
        page(&model, Monotonic::new(std::time::Duration::from_secs(second)), &|at| format!("{}", at.as_micros()));
    assert_eq!((page.turn, summary(&model, &page).as_str()), (turn, expected));
}

#[test]
fn those_who_listen_are_told_the_figures_each_minute_and_trouble_at_once() {
    let file = FILE.replace("\"due\":1700000007000000", "\"due\":1700009007000000");
    check_told("", &file, 59, 0, "live: 2 interfaces, 1 of them down; most through ppp0: in 16.0 Mbit/s, out –");
    check_told("?interface=edge/ppp0", &file, 125, 2, "live: ppp0: in 16.0 Mbit/s, out –");
    check_told("?q=nothing", &file, 60, 1, "live: 0 of 2 interfaces");
    let one = r#"{"version":1,"written":1700000006000000,"due":1700009007000000,
        "targets":[{"name":"t","interfaces":[{"name":"a"}]}]}"#;
    check_told("", one, 6, 0, "live: 1 interface");
    let paused = "paused at 1700000005000000: ppp0: in 8.00 Mbit/s, out 400 bit/s";
    check_told("?interface=edge/ppp0&at=1700000005000", &file, 125, 1_700_000_005_000_000, paused);
    let over = FILE.replace("\"due\":1700000007000000,", "");
    check_told("", &over, 600, 0, "collector stopped at 1700000006000000");
}

#[test]
fn what_is_over_says_when() {
    let over = FILE.replace("\"due\":1700000007000000,", "");
    let page = shown("", Ok(&over));
    assert_eq!(page.status.sentence.as_deref(), Some("collector stopped at 1700000006000000"));
    let still = over.replace("\"written\":1700000006000000,", "");
    assert_eq!(shown("", Ok(&still)).status.word, "as of 1700000006000000");
}

#[test]
fn a_file_that_does_not_come_is_named() {
    check(
        "?stats=x.json",
        Err(Failure::Status(404)),
        &[
            "(no data yet) Live interface stats",
            "no data yet: no stats file at x.json yet: is the collector running, and does --out lead here?",
        ],
    );
    check(
        "",
        Err(Failure::NoAnswer),
        &[
            "(no contact) Live interface stats",
            "no contact: no answer for stats/index.json: the server or the network is down, or it is another site, which \
             this page’s policy or that site does not let it read",
        ],
    );
}
