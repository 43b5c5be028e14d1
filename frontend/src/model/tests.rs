//! What the page does when something happens, as conversations with a server.

use std::fmt::Write as _;

mod choices;
mod listing;
mod many;

use super::*;
use crate::model::freshness::{Copies, Freshness};
use crate::model::testimony::Testimony;

const EPOCH: u64 = 1_700_000_000;

/// A page and what it is told, one second after another.
struct Page {
    model: Model,
    asked: Vec<Fetch>,
    now_ms: u64,
    /// When the model asked to be woken.
    wake: Monotonic,
    /// Where the window is on the page: the interfaces from here on, and how many.
    window: (usize, usize),
}

impl Page {
    fn open(query: &str) -> Self {
        let mut page = Self {
            model: Model::new(Address::parse(query), 1),
            asked: Vec::new(),
            now_ms: 0,
            wake: Monotonic::default(),
            window: (0, usize::MAX),
        };
        page.tell(Event::Woke);
        page
    }

    fn now(&self) -> Monotonic {
        Monotonic::new(Duration::from_millis(self.now_ms))
    }

    /// What happens, after which the page is laid out and seen.
    fn tell(&mut self, event: Event) {
        self.update(event);
        let (first, count) = self.window;
        let sighted: Vec<Place> = self.model.places().skip(first).take(count).collect();
        let known: Vec<Place> = self.model.places().filter(|place| self.model.at(*place).1.is_in_sight).collect();
        if known != sighted {
            self.update(Event::Sighted(sighted));
        }
    }

    fn update(&mut self, event: Event) {
        let now = self.now();
        let effects = self.model.update(event, now);
        for effect in effects {
            match effect {
                Effect::Fetch(fetch) => self.asked.push(fetch),
                Effect::Wake(at) => self.wake = at,
                Effect::Tell | Effect::Remember => {}
            }
        }
    }

    /// The viewer scrolls.
    fn scroll(&mut self, first: usize, count: usize) {
        self.window = (first, count);
        self.tell(Event::Woke);
    }

    /// Time passes, and nothing comes.
    fn wait(&mut self, millis: u64) {
        self.now_ms += millis;
        self.tell(Event::Woke);
    }

    /// The files that are being waited for.
    #[track_caller]
    fn asks(&self, expected: &[&str]) {
        let asked: Vec<&str> = self.asked.iter().map(|fetch| fetch.path.as_deref().unwrap_or("index")).collect();
        assert_eq!(asked, expected);
    }

    /// The file that was asked for first comes, or does not.
    fn get(&mut self, outcome: Result<String, Failure>) {
        self.get_with(outcome, Testimony::default());
    }

    /// The same, and the server says of its age what it says.
    fn get_with(&mut self, outcome: Result<String, Failure>, testimony: Testimony) {
        let fetch = self.asked.remove(0);
        let outcome = outcome.map(|text| Arrival { text: text.into_bytes(), testimony });
        self.tell(Event::Fetched(fetch, outcome));
    }

    /// All rates of an interface in octets a second, gaps as `-`.
    #[track_caller]
    fn shows(&self, interface: &str, expected: &str) {
        let Some(place) = self.model.find(interface) else { panic!("there is no {interface}") };
        let samples = self.model.at(place).1.track.samples_since(Timestamp::default());
        let rates = samples.map(|sample| match sample.per_second(stats::Quantity::InOctets) {
            Some(rate) => format!("{rate}"),
            None => "-".to_owned(),
        });
        assert_eq!(rates.collect::<Vec<_>>().join(" "), expected);
    }
}

/// A file of `r` that was written just after sample `last` ended; with its name, its samples are those that carry their
/// own number of octets.
fn file(run: u64, samples: std::ops::RangeInclusive<u64>) -> String {
    let mut interfaces = String::new();
    let columns: Vec<u64> = samples.clone().collect();
    let (first, last) = (samples.start(), samples.end());
    for name in ["a", "b/c"] {
        let comma = if interfaces.is_empty() { "" } else { "," };
        write!(
            interfaces,
            r#"{comma}{{"name":"{name}","live":"live.json","recent":"recent.json","samples":{{"first":{first},
                "end":{}000000,"duration":1000000,"inOctets":{columns:?}}}}}"#,
            EPOCH + last
        )
        .unwrap();
    }
    let (written, due) = (EPOCH + last, EPOCH + last + 1);
    format!(
        r#"{{"version":1,"written":{written}010000,"due":{due}010000,
            "targets":[{{"name":"r","run":{run},"interval":1000000,"interfaces":[{interfaces}]}}]}}"#
    )
}

#[test]
fn the_page_is_woken_once_for_each_file_and_each_second_where_none_comes() {
    let mut page = opened("");
    let mut woken = Vec::new();
    while page.now_ms < 40_000 {
        page.now_ms = u64::try_from(page.wake.since_zero().as_micros().div_ceil(1_000)).unwrap();
        woken.push(page.now_ms);
        page.tell(Event::Woke);
        // The writer ends after half a minute, and the server with it.
        if !page.asked.is_empty() && page.now_ms < 30_000 {
            let newest = 5 + page.now_ms / 1_000;
            page.get(Ok(file(7, newest - 2..=newest)));
        }
    }
    let between = |from, to| woken.iter().filter(|at| (from..to).contains(*at)).count();
    assert_eq!(between(20_000, 30_000), 10, "{woken:?}");
    assert_eq!(between(30_000, 40_000), 10, "{woken:?}");
}

/// A page that has just been opened, and has seen samples 1 to 5.
fn opened(query: &str) -> Page {
    let mut page = Page::open(query);
    page.get(Ok(file(7, 4..=5)));
    page.get(Ok(file(7, 1..=3)));
    page.shows("r/a", "1 2 3 4 5");
    page
}

/// What a page knows that was opened and got that.
pub(crate) fn page_of(query: &str, index: &str) -> Model {
    let mut page = Page::open(query);
    page.get(Ok(index.to_owned()));
    page.model
}

#[test]
fn a_page_opens_full() {
    let mut page = Page::open("");
    page.asks(&["index"]);
    page.get(Ok(file(7, 19..=20)));
    page.asks(&["recent.json"]);
    page.get(Ok(file(7, 1..=10)));
    page.asks(&["live.json"]);
    page.get(Ok(file(7, 5..=20)));
    page.asks(&[]);
    let all: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
    page.shows("r/a", &all.join(" "));
    page.shows("r/b/c", &all.join(" "));
}

#[test]
fn the_overview_polls_the_index_and_the_detail_its_live_file() {
    for (query, file) in [("", "index"), ("?interface=r/b/c", "live.json"), ("?interface=r/nothing", "index")] {
        let mut page = Page::open(query);
        page.get(Ok(self::file(7, 4..=5)));
        page.asked.clear();
        page.wait(1_500);
        page.asks(&[file]);
    }
}

#[test]
fn what_was_slept_through_is_fetched() {
    let mut page = opened("");
    page.tell(Event::Turned(Visibility::Hidden));
    page.wait(100_000);
    page.asks(&[]);
    page.tell(Event::Turned(Visibility::Visible));
    // All at once, and each once.
    page.asks(&["index", "recent.json"]);
    page.get(Ok(file(7, 11..=12)));
    page.asks(&["recent.json"]);
    page.get(Ok(file(7, 1..=10)));
    page.shows("r/a", "1 2 3 4 5 6 7 8 9 10 11 12");
    page.asks(&[]);
}

#[test]
fn after_a_nap_the_last_few_samples_are_enough() {
    let mut page = opened("");
    page.tell(Event::Turned(Visibility::Hidden));
    page.wait(7_000);
    page.tell(Event::Turned(Visibility::Visible));
    page.asks(&["index"]);
    page.get(Ok(file(7, 11..=12)));
    page.asks(&["live.json"]);
    page.get(Ok(file(7, 5..=12)));
    page.shows("r/a", "1 2 3 4 5 6 7 8 9 10 11 12");
    page.asks(&[]);
}

#[test]
fn what_no_file_has_any_more_is_a_gap_and_not_asked_for_again() {
    let mut page = opened("");
    page.wait(8_000);
    page.get(Ok(file(7, 11..=12)));
    page.get(Ok(file(7, 9..=12)));
    page.get(Ok(file(7, 9..=12)));
    page.shows("r/a", "1 2 3 4 5 - 9 10 11 12");
    page.asked.clear();
    page.wait(60_000);
    page.asks(&["index"]);
}

#[test]
fn another_run_begins_anew() {
    let mut page = opened("");
    page.wait(1_500);
    page.get(Ok(file(8, 1..=2)));
    page.shows("r/a", "1 2");
    page.asks(&["recent.json"]);
    // It has not been written anew yet.
    page.get(Ok(file(7, 1..=5)));
    page.shows("r/a", "1 2");
}

#[test]
fn a_live_file_of_another_run_has_the_index_read() {
    let mut page = opened("?interface=r/a");
    page.wait(1_500);
    page.asks(&["live.json"]);
    page.get(Ok(file(8, 1..=2)));
    page.asked.clear();
    page.wait(1_500);
    page.asks(&["index"]);
}

#[track_caller]
fn check_failure(outcome: Result<String, Failure>, expected: &str) {
    let mut page = Page::open("");
    page.get(outcome.clone());
    let freshness = |page: &Page| match page.model.freshness(page.now()) {
        Freshness::NoData(failure) | Freshness::Unreadable(failure, _) => failure.sentence("u"),
        other => format!("{other:?}"),
    };
    assert_eq!(freshness(&page), expected);
    // When there is a file after all, all is well without anyone's doing.
    page.wait(2_000);
    page.get(Ok(file(7, 4..=5)));
    page.asked.clear();
    assert_eq!(page.model.freshness(page.now()), Freshness::Live);
    // And what was read stays when it goes wrong again, and is news only when the next file is overdue.
    page.wait(1_500);
    page.get(outcome);
    assert_eq!(page.model.freshness(page.now()), Freshness::Live);
    page.shows("r/a", "4 5");
    page.wait(5_000);
    assert_eq!(freshness(&page), expected);
    page.shows("r/a", "4 5");
}

#[test]
fn what_is_wrong_is_said_and_looked_at_again() {
    check_failure(
        Err(Failure::Status(404)),
        "no stats file at u yet: is the collector running, and does --out lead here?",
    );
    check_failure(Err(Failure::Status(502)), "the server answers HTTP 502 for u");
    check_failure(Err(Failure::TooLarge), "u is no stats file: it is larger than 16 MiB");
    check_failure(Ok("{\"version\":1".to_owned()), "u: not a stats file: it ends too soon, in line 1");
    check_failure(
        Ok("{\"version\":2}".to_owned()),
        "u: stats file version 2 is newer than this page understands (1): reload the page, or update it",
    );
    check_failure(
        Ok(file(7, 4..=5).replace(&format!("\"written\":{}", EPOCH + 5), &format!("\"written\":{}", EPOCH - 5))),
        "u: not a stats file: a: its newest sample ended 9 s after the file was written",
    );
}

#[track_caller]
fn check_freshness(file: &str, seconds: u64, expected: &Freshness) {
    let mut page = Page::open("");
    assert_eq!(page.model.freshness(page.now()), Freshness::Loading);
    page.get(Ok(file.to_owned()));
    page.wait(seconds * 1_000);
    assert_eq!(page.model.freshness(page.now()), *expected);
}

#[test]
fn how_old_it_is_is_always_known() {
    let last = Timestamp::from_micros(EPOCH * 1_000_000).after(Duration::from_secs(5));
    let written = format!("\"written\":{}010000,", EPOCH + 5);
    let due = format!("\"due\":{}010000,", EPOCH + 6);
    let at_due = last.after(Duration::from_millis(1_010));
    let file = file(7, 4..=5);
    check_freshness(&file, 1, &Freshness::Live);
    check_freshness(&file, 60, &Freshness::Late(Duration::from_millis(60_010), at_due));
    check_freshness(&file.replace(&due, ""), 60, &Freshness::Stopped(last.after(Duration::from_millis(10))));
    check_freshness(&file.replace(&due, "").replace(&written, ""), 60, &Freshness::Unannounced(last));
}

/// A server that says that the file was written so many seconds before.
fn aged(seconds: u64) -> Testimony {
    let sent = Timestamp::from_micros((EPOCH + 100_000) * 1_000_000);
    let modified = sent.before(Duration::from_secs(seconds + 1));
    Testimony { sent: Some(sent), modified: Some(modified), ..Testimony::default() }
}

#[test]
fn a_file_that_has_been_there_for_long_is_late_at_once() {
    let mut page = Page::open("");
    page.wait(10_000);
    page.get_with(Ok(file(7, 4..=5)), aged(3_600));
    let due = Timestamp::from_micros((EPOCH + 6) * 1_000_000 + 10_000);
    assert_eq!(page.model.freshness(page.now()), Freshness::Late(Duration::from_millis(3_600_010), due));
    page.asked.clear();
    page.wait(1_000);
    page.asks(&["index"]);
    // Whatever the server says: this one has just been written.
    page.get_with(Ok(file(7, 4..=6)), aged(3_600));
    assert_eq!(page.model.freshness(page.now()), Freshness::Live);
}

#[test]
fn copies_of_an_old_file_are_told_from_a_collector_that_is_late() {
    let mut page = Page::open("");
    let copy = aged(0);
    page.get_with(Ok(file(7, 4..=5)), copy);
    for _ in 0..8 {
        page.wait(1_000);
        while !page.asked.is_empty() {
            page.get_with(Ok(file(7, 4..=5)), copy);
        }
    }
    let written = Timestamp::from_micros((EPOCH + 5) * 1_000_000 + 10_000);
    let copies = Copies { age: Duration::from_millis(8_010), written: Some(written), testimony: copy };
    assert_eq!(page.model.freshness(page.now()), Freshness::Cached(copies));
    // The page goes on as soon as there is something new, whatever it comes with.
    page.wait(10_000);
    page.get_with(Ok(file(7, 4..=23)), copy);
    assert_eq!(page.model.freshness(page.now()), Freshness::Live);
}

#[test]
fn the_last_good_picture_of_a_device_that_is_silent_stays() {
    let silence = |samples: std::ops::RangeInclusive<u64>| {
        let count = samples.clone().count() - 1;
        let gaps = format!(r#""gaps":[{{"at":1,"count":{count},"reason":"noAnswer"}}],"inOctets""#);
        file(7, samples).replace(r#""inOctets""#, &gaps)
    };
    let mut page = Page::open("?window=1m");
    page.get(Ok(file(7, 4..=5)));
    page.asked.clear();
    let edge = |page: &Page| {
        let target = page.model.at(page.model.find("r/a").unwrap()).0;
        match page.model.clock(target) {
            Some(crate::plot::DisplayClock::Standing { shown_ms }) => Some(shown_ms - 1_700_000_000_000.0),
            _ => None,
        }
    };
    page.wait(10_000);
    page.get(Ok(silence(5..=15)));
    assert_eq!(edge(&page), None);
    page.asked.clear();
    page.wait(20_000);
    page.get(Ok(silence(5..=35)));
    // A third of the window after the last answer.
    assert_eq!(edge(&page), Some(25_000.0));
    page.asked.clear();
    page.wait(1_000);
    page.get(Ok(file(7, 36..=36)));
    assert_eq!(edge(&page), None);
}

#[test]
fn a_page_that_comes_back_is_given_the_time_to_look() {
    let mut page = opened("");
    page.tell(Event::Turned(Visibility::Hidden));
    page.wait(100_000);
    page.tell(Event::Turned(Visibility::Visible));
    assert_eq!(page.model.freshness(page.now()), Freshness::Live);
    page.wait(3_000);
    assert!(matches!(page.model.freshness(page.now()), Freshness::Late(..)));
}
