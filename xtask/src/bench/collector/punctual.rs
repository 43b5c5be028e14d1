//! Whether every reading was there in time: as the published samples tell.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// What the files of a collector say of its punctuality.
#[derive(Debug, Default)]
pub(super) struct Punctuality {
    /// How many interfaces there are in the index.
    pub(super) interfaces: usize,
    /// How many samples were looked at: the newest few of each.
    pub(super) samples: usize,
    /// How many of them are gaps, or took less than half the target's interval or more than half as much again.
    pub(super) missed: usize,
}

/// Looks at the index, and at the live files where there are any.
pub(super) fn look(out: &Path) -> Result<Punctuality> {
    let index = read(&out.join("index.json"))?;
    let mut punctuality = Punctuality::default();
    let mut lives: Vec<&str> = Vec::new();
    for target in targets(&index) {
        let interfaces = target["interfaces"].as_array().map_or(&[][..], Vec::as_slice);
        punctuality.interfaces += interfaces.len();
        lives.extend(interfaces.iter().filter_map(|interface| interface["live"].as_str()));
    }
    lives.dedup();
    if lives.is_empty() {
        punctuality.add(&index);
    }
    for live in lives {
        punctuality.add(&read(&out.join(live))?);
    }
    Ok(punctuality)
}

impl Punctuality {
    fn add(&mut self, file: &Value) {
        for target in targets(file) {
            let interval = target["interval"].as_u64().unwrap_or_default();
            let usual = interval / 2..=interval + interval / 2;
            for interface in target["interfaces"].as_array().map_or(&[][..], Vec::as_slice) {
                let samples = &interface["samples"];
                let count = samples["count"].as_u64().unwrap_or(1);
                let durations: Vec<u64> = match &samples["duration"] {
                    Value::Array(each) => each.iter().filter_map(Value::as_u64).collect(),
                    one => one.as_u64().into_iter().flat_map(|one| (0..count).map(move |_| one)).collect(),
                };
                let gaps = samples["gaps"].as_array().map_or(&[][..], Vec::as_slice);
                let gaps: u64 = gaps.iter().map(|gap| gap["count"].as_u64().unwrap_or(1)).sum();
                self.samples += durations.len();
                self.missed += durations.iter().filter(|duration| !usual.contains(duration)).count();
                self.missed += usize::try_from(gaps).unwrap_or(usize::MAX);
            }
        }
    }
}

fn targets(file: &Value) -> &[Value] {
    file["targets"].as_array().map_or(&[], Vec::as_slice)
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no JSON", path.display()))
}
