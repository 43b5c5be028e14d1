//! The script of `docs/stats-file.md`, run as it stands there: the page takes what it writes, and draws it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use frontend::address::Address;
use frontend::model::testimony::Testimony;
use frontend::model::{Arrival, Effect, Event, Model};
use stats::{Monotonic, Quantity, Timestamp};

const DOCUMENT: &str = include_str!("../../docs/stats-file.md");

/// The first script of the document.
fn script() -> &'static str {
    let (_, rest) = DOCUMENT.split_once("```sh\n").unwrap();
    rest.split_once("```").unwrap().0
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The next text of the file, once it is another than `before`.
#[track_caller]
fn next(path: &Path, before: &str) -> String {
    for _ in 0..1_000 {
        match fs::read_to_string(path) {
            Ok(text) if text != before => return text,
            _ => sleep(Duration::from_millis(10)),
        }
    }
    panic!("the script wrote nothing in ten seconds");
}

#[test]
fn what_the_script_of_the_documentation_writes_is_shown() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mine.json");
    let mut command = Command::new("sh");
    command.args(["-c", script(), "mine.sh", "lo"]).arg(&path).current_dir(directory.path());
    let _running = Running(command.spawn().unwrap());

    let mut model = Model::new(Address::parse("?stats=mine.json"), 0);
    let mut now = Monotonic::default();
    let mut text = String::new();
    let mut effects = model.update(Event::Woke, now);
    for _ in 0..2 {
        text = next(&path, &text);
        assert_eq!(text.lines().count(), 1, "{text}");
        let fetch = effects.iter().find_map(|effect| match effect {
            Effect::Fetch(fetch) => Some(fetch.clone()),
            _ => None,
        });
        let arrival = Arrival { text: text.clone().into_bytes(), testimony: Testimony::default() };
        model.update(Event::Fetched(fetch.unwrap(), Ok(arrival)), now);
        now = now.after(Duration::from_millis(2_100));
        effects = model.update(Event::Woke, now);
    }
    assert_eq!(model.targets.len(), 1, "{text}");
    let samples: Vec<_> = model.targets[0].interfaces[0].track.samples_since(Timestamp::default()).collect();
    assert_eq!(samples.len(), 2, "each file is a sample, and they follow each other: {samples:?}");
    assert!(samples.iter().all(|sample| sample.gap.is_none() && sample.duration == Duration::from_secs(2)));
    assert!(samples.iter().all(|sample| sample.passed.get(Quantity::InOctets).is_some()));
    let page = frontend::view::page(&model, now, &|_| String::new());
    assert_eq!((page.status.state.name(), page.status.sentence), ("live", None));
}
