//! What the page does with an index that has no samples, as a large site's.

use super::*;

/// Six interfaces of `r`, two a file: written at that second, and due a minute later.
fn listing(second: u64) -> String {
    let interface = |number: u64| {
        let group = number / 2;
        format!(r#"{{"name":"{number}","live":"{group}.live.json","recent":"{group}.recent.json"}}"#)
    };
    let interfaces: Vec<String> = (0..6).map(interface).collect();
    target(7, second, Some(second + 60), &interfaces.join(","))
}

/// The file of a group with these samples, the last of which ended when it was written.
fn group(run: u64, group: u64, samples: std::ops::RangeInclusive<u64>) -> String {
    let columns: Vec<u64> = samples.clone().collect();
    let (first, end) = (samples.start(), EPOCH + samples.end());
    let interface = |number: u64| {
        format!(
            r#"{{"name":"{number}","samples":{{"first":{first},"end":{end}000000,"duration":1000000,"inOctets":{columns:?}}}}}"#
        )
    };
    let interfaces = [group * 2, group * 2 + 1].map(interface);
    target(run, *samples.end(), Some(samples.end() + 1), &interfaces.join(","))
}

fn target(run: u64, written: u64, due: Option<u64>, interfaces: &str) -> String {
    let due = due.map(|due| format!(r#""due":{}000000,"#, EPOCH + due)).unwrap_or_default();
    format!(
        r#"{{"version":1,"written":{}000000,{due}"targets":[{{"name":"r","run":{run},"interval":1000000,
            "interfaces":[{interfaces}]}}]}}"#,
        EPOCH + written
    )
}

/// A page that shows the first of three groups, and has seen its samples 1 to 20.
fn opened(query: &str) -> Page {
    let mut page = Page::open(query);
    page.window = (0, 2);
    page.get(Ok(listing(20)));
    page.asks(&["0.live.json", "0.recent.json"]);
    page.get(Ok(group(7, 0, 5..=20)));
    page.get(Ok(group(7, 0, 1..=10)));
    page.asks(&[]);
    page
}

#[track_caller]
fn shows_to(page: &Page, interface: &str, last: u64) {
    let all: Vec<String> = (1..=last).map(|number| number.to_string()).collect();
    page.shows(interface, &all.join(" "));
}

/// Lets so many seconds pass at a server on which each file is replaced when it is due, and says which were fetched.
fn fetched(page: &mut Page, seconds: u64) -> Vec<String> {
    let mut fetched = Vec::new();
    for _ in 0..seconds * 50 {
        page.wait(20);
        while let Some(fetch) = page.asked.first() {
            // The page was opened 400 ms after the files had been written.
            let second = 20 + (page.now_ms + 400) / 1_000;
            let path = fetch.path.clone().unwrap_or_else(|| "index".to_owned());
            let file = match path.split_once('.') {
                Some((number, _)) => group(7, number.parse().unwrap(), second - 15..=second),
                None => listing(20 + (second - 20) / 60 * 60),
            };
            page.get(Ok(file));
            fetched.push(path);
        }
        assert_eq!(page.model.freshness(page.now()), Freshness::Live);
    }
    fetched
}

#[test]
fn the_live_files_of_what_is_in_sight_are_polled_once_an_interval_and_the_listing_each_minute() {
    let mut page = opened("");
    // Some looks are to find out when the files are written.
    assert!(fetched(&mut page, 10).len() < 16);
    // And one is to find out when the listing is, which may have been old when the page was opened.
    fetched(&mut page, 30);
    let files = fetched(&mut page, 120);
    let count = |path: &str| files.iter().filter(|other| *other == path).count();
    assert_eq!((count("0.live.json"), count("index"), files.len()), (120, 2, 122));
    shows_to(&page, "r/0", 180);
    shows_to(&page, "r/1", 180);
}

#[test]
fn however_many_files_are_in_sight_each_is_fetched_once_an_interval() {
    let mut page = opened("");
    page.scroll(0, 6);
    fetched(&mut page, 10);
    let files = fetched(&mut page, 30);
    for path in ["0.live.json", "1.live.json", "2.live.json"] {
        assert_eq!(files.iter().filter(|other| *other == path).count(), 30, "{path}");
    }
}

#[test]
fn the_detail_polls_its_one_live_file() {
    let mut page = Page::open("?interface=r/4");
    page.window = (0, 0);
    page.get(Ok(listing(20)));
    page.asks(&["2.live.json", "2.recent.json"]);
    page.get(Ok(group(7, 2, 5..=20)));
    page.get(Ok(group(7, 2, 1..=10)));
    page.wait(1_200);
    page.asks(&["2.live.json"]);
    shows_to(&page, "r/4", 20);
}

#[test]
fn what_comes_into_sight_is_fetched_and_what_leaves_it_is_not() {
    let mut page = opened("");
    page.scroll(2, 2);
    page.asks(&["1.live.json", "1.recent.json"]);
    page.get(Ok(group(7, 1, 5..=20)));
    page.get(Ok(group(7, 1, 1..=10)));
    page.wait(1_200);
    page.asks(&["1.live.json"]);
}

#[test]
fn going_to_and_fro_fetches_nothing_twice() {
    let mut page = opened("");
    for _ in 0..5 {
        page.scroll(4, 0);
        page.scroll(0, 2);
    }
    page.asks(&[]);
    page.wait(1_200);
    page.asks(&["0.live.json"]);
}

#[test]
fn what_was_out_of_sight_for_long_is_whole_again_and_not_late() {
    let mut page = opened("");
    page.scroll(4, 0);
    page.wait(30_000);
    page.asks(&[]);
    page.scroll(0, 2);
    page.asks(&["0.live.json"]);
    assert_eq!(page.model.freshness(page.now()), Freshness::Live);
    page.get(Ok(group(7, 0, 35..=50)));
    page.asks(&["0.recent.json"]);
    page.get(Ok(group(7, 0, 1..=40)));
    page.asks(&[]);
    shows_to(&page, "r/0", 50);
}

#[test]
fn at_most_a_handful_is_in_flight() {
    let mut page = Page::open("");
    page.get(Ok(listing(20)));
    page.asks(&["0.live.json", "1.live.json", "2.live.json", "0.recent.json"]);
}

#[test]
fn nothing_is_fetched_while_hidden() {
    let mut page = opened("");
    page.tell(Event::Turned(Visibility::Hidden));
    page.scroll(2, 2);
    page.wait(10_000);
    page.asks(&[]);
}

#[test]
fn a_live_file_that_is_late_is_news_though_the_listing_is_not() {
    let mut page = opened("");
    page.wait(10_000);
    assert!(matches!(page.model.freshness(page.now()), Freshness::Late(..)));
    // Nor does a file keep the others from being told.
    page.asks(&["0.live.json"]);
    page.get(Err(Failure::NoAnswer));
    assert!(matches!(page.model.freshness(page.now()), Freshness::Unreadable(Failure::NoAnswer, Some(_))));
    page.wait(2_000);
    page.asks(&["0.live.json"]);
    page.get(Ok(group(7, 0, 17..=32)));
    assert_eq!(page.model.freshness(page.now()), Freshness::Live);
}

#[test]
fn a_live_file_that_is_left_over_from_the_run_before_changes_nothing() {
    let mut page = opened("");
    page.scroll(0, 4);
    page.asked.clear();
    page.model.in_flight.clear();
    page.wait(1_200);
    page.asks(&["1.live.json", "0.live.json", "1.recent.json"]);
    page.asked.swap(0, 1);
    page.get(Ok(group(8, 0, 1..=2)));
    page.shows("r/0", "1 2");
    page.get(Ok(group(7, 1, 6..=21)));
    page.shows("r/0", "1 2");
}
