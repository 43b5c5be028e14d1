//! How often a graph is painted where there are many, and that what it shows is there.

use super::*;

/// An index that was written just after sample `last`, of so many interfaces with the last few samples of each.
fn index(count: u64, last: u64) -> String {
    let first = last.saturating_sub(15).max(1);
    let columns: Vec<u64> = (first..=last).collect();
    let end = EPOCH + last;
    let interface = |number: u64| {
        format!(
            r#"{{"name":"{number}","samples":{{"first":{first},"end":{end}000000,"duration":1000000,"inOctets":{columns:?}}}}}"#
        )
    };
    let interfaces: Vec<String> = (0..count).map(interface).collect();
    format!(
        r#"{{"version":1,"written":{end}010000,"due":{}010000,"targets":[{{"name":"r","interval":1000000,
            "interfaces":[{}]}}]}}"#,
        end + 1,
        interfaces.join(",")
    )
}

/// Follows a graph for half a minute, as the shell does. Returns how often it is painted, and how far behind the newest
/// sample's end its right edge is at the end, in milliseconds. `late_ms` is how late each third file comes.
#[track_caller]
fn check(query: &str, interfaces: u64, late_ms: u64) -> (usize, f64) {
    const SECONDS: u64 = 30;

    let mut page = Page::open(query);
    page.get(Ok(index(interfaces, 20)));
    page.asked.clear();
    let (mut painted, mut painted_ms, mut behind_ms, mut last) = (0, f64::NEG_INFINITY, 0.0, 20);
    for step in 1..SECONDS * 50 {
        page.wait(20);
        let is_late = (last + 1) % 3 == 0;
        let comes_at = (last - 19) * 1_000 + if is_late { late_ms } else { 0 };
        if step * 20 >= comes_at {
            last += 1;
            page.tell(Event::Fetched(
                Fetch { path: None, kind: Kind::Index },
                Ok(Arrival { text: index(interfaces, last).into_bytes(), testimony: Testimony::default() }),
            ));
            page.asked.clear();
        }
        let target = &page.model.targets[0];
        let clock = page.model.clock(target).unwrap();
        let newest_ms = float(target.newest().unwrap().as_micros()) / 1_000.0;
        if page.model.runs_short(target, clock, painted_ms, 0.0) && painted_ms < newest_ms - 500.0 {
            painted += 1;
            painted_ms = newest_ms - 500.0;
        }
        let shown_ms = clock.shown_at(float(page.now_ms));
        assert!(shown_ms <= painted_ms, "{} ms are not painted {step} steps on", shown_ms - painted_ms);
        behind_ms = newest_ms - shown_ms;
    }
    (painted, behind_ms)
}

#[test]
fn of_few_each_is_painted_at_each_sample() {
    let (painted, behind_ms) = check("", 4, 0);
    assert!((29..=31).contains(&painted), "{painted}");
    assert!(behind_ms < 2_500.0, "{behind_ms}");
}

#[test]
fn of_many_each_is_painted_once_in_some_samples_and_never_ends_before_its_edge() {
    let (painted, behind_ms) = check("", 48, 0);
    assert!((6..=8).contains(&painted), "{painted}");
    assert!(behind_ms < 6_500.0, "{behind_ms}");
    check("", 48, 200);
}

#[test]
fn where_a_sample_is_seen_or_one_interface_is_opened_no_graph_is_further_behind() {
    for query in ["?window=1m", "?interface=r/1"] {
        let (painted, behind_ms) = check(query, 48, 0);
        assert!((29..=31).contains(&painted), "{painted} for {query}");
        assert!(behind_ms < 2_500.0, "{behind_ms} for {query}");
    }
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of this century fit into 53 bits")]
fn float(whole: u64) -> f64 {
    whole as f64
}
