//! Writes stats files as a collector does, of traffic that is made up: the same for our page and its peers.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// What is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene {
    pub(super) name: &'static str,
    /// How many interfaces there are.
    pub(super) interfaces: u64,
    /// How many samples of each are shown.
    pub(super) samples: u64,
    /// How long each took, in microseconds.
    pub(super) duration: u64,
    /// What our page is asked for.
    pub(super) query: &'static str,
    /// How large each peer's chart is: as large as ours.
    pub(super) size: (u32, u32),
    /// The window of the browser.
    pub(super) window: (u32, u32),
    /// How far behind now peers are drawn, in milliseconds, for their newest sample to come from beyond the edge.
    pub(super) delay: u32,
}

/// Writes a scene's files each second until it is dropped.
pub(super) struct Feed {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scene {
    const GROUP: u64 = 16;

    /// How much time is shown, in milliseconds.
    pub(super) const fn shown_ms(&self) -> u64 {
        self.samples * self.duration / 1_000
    }

    /// The files with all samples that are shown.
    pub(super) fn recent(&self) -> Vec<String> {
        (0..self.interfaces.div_ceil(Self::GROUP)).map(|group| format!("switch-{group}.recent.json")).collect()
    }

    /// Begins to write.
    pub(super) fn feed(self, folder: &Path) -> Result<Feed> {
        let folder = folder.to_owned();
        self.write_all(&folder, micros())?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut next = micros() / 1_000_000 + 1;
            while !stopped.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_micros((next * 1_000_000).saturating_sub(micros())));
                // Recent files each ten seconds, as the collector does.
                let written = if next.is_multiple_of(10) {
                    self.write_all(&folder, micros())
                } else {
                    self.write_index(&folder, micros())
                };
                if written.is_err() {
                    return;
                }
                next += 1;
            }
        });
        Ok(Feed { stop, thread: Some(thread) })
    }

    fn write_all(self, folder: &Path, now: u64) -> Result<()> {
        for (group, name) in (0..).zip(self.recent()) {
            let ports = group * Self::GROUP..((group + 1) * Self::GROUP).min(self.interfaces);
            let some_more = 60_000_000 / self.duration;
            let ports: Vec<Value> = ports.map(|port| self.interface(port, now, self.samples + some_more)).collect();
            write(&folder.join(name), &file(self.duration, now, &ports))?;
        }
        self.write_index(folder, now)
    }

    fn write_index(self, folder: &Path, now: u64) -> Result<()> {
        let newest = (2_000_000 / self.duration).max(2);
        let ports: Vec<Value> = (0..self.interfaces).map(|port| self.interface(port, now, newest)).collect();
        write(&folder.join("index.json"), &file(self.duration, now, &ports))
    }

    fn interface(&self, port: u64, now: u64, count: u64) -> Value {
        let next = now / self.duration;
        let first = next - count;
        let amounts =
            |salt: u64| (first..next).map(move |number| amount(number, port * 2 + salt) * self.duration / 1_000_000);
        let recent = &self.recent()[usize::try_from(port / Self::GROUP).unwrap_or(0)];
        json!({
            "name": format!("Port {}", port + 1), "speed": 1_000_000_000, "operStatus": "up", "recent": recent,
            "samples": {
                "first": first, "count": count, "end": next * self.duration, "duration": self.duration,
                "inOctets": amounts(0).collect::<Vec<_>>(), "outOctets": amounts(1).collect::<Vec<_>>(),
            },
        })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Octets a second in that sample: a slow wave with noise on it, whose scale seldom changes.
fn amount(number: u64, salt: u64) -> u64 {
    let noise = (number + salt * 7_919).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44;
    let phase = (number + salt * 37) % 120;
    let wave = phase.min(120 - phase) * 700_000;
    20_000_000 + wave + noise * 20
}

fn file(duration: u64, now: u64, interfaces: &[Value]) -> Value {
    let target = json!({ "name": "switch", "run": 1, "interval": duration, "interfaces": interfaces });
    json!({ "version": 1, "written": now, "due": (now / 1_000_000 + 1) * 1_000_000, "targets": [target] })
}

fn write(path: &PathBuf, file: &Value) -> Result<()> {
    let folder = path.parent().context("a path without a folder")?;
    let mut new = tempfile::NamedTempFile::new_in(folder).context("cannot write a stats file")?;
    new.write_all(file.to_string().as_bytes()).context("cannot write a stats file")?;
    new.persist(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "files that are written now say so")]
fn micros() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_micros()).unwrap_or_default()
}
