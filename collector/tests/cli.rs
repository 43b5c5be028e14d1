//! The collector as people run it: its files, its state, and what it says of bad input.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "cli/arguments.rs"]
mod arguments;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/life.rs"]
mod life;
#[path = "cli/once.rs"]
mod once;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use stats::{GapReason, Quantity, StatsFile};
use test_agent::{Agent, Count, Device, Of, Port, Refresh, switch};

fn collector(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"));
    command.current_dir(directory).env_remove("SNMP_COMMUNITY").env("XDG_STATE_HOME", directory.join("state"));
    command
}

/// A collector that ends with the test, whatever happens to that.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    fn terminate(mut self) -> Output {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        for _ in 0..100 {
            if self.0.try_wait().unwrap().is_some() {
                break;
            }
            sleep(Duration::from_millis(50));
        }
        let status = self.0.try_wait().unwrap().expect("it ends within five seconds of SIGTERM");
        let read = |pipe: Option<&mut dyn Read>| {
            let mut text = Vec::new();
            pipe.unwrap().read_to_end(&mut text).unwrap();
            text
        };
        let stdout = read(self.0.stdout.as_mut().map(|pipe| pipe as _));
        let stderr = read(self.0.stderr.as_mut().map(|pipe| pipe as _));
        Output { status, stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for something that another process is about to do.
#[track_caller]
fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    for _ in 0..200 {
        if condition() {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("waited ten seconds for {what}");
}

fn file(path: &Path) -> Option<StatsFile> {
    let text = fs::read(path).ok()?;
    Some(StatsFile::parse(&text).unwrap())
}

fn samples_of(path: &Path, interface: &str) -> Vec<stats::Sample> {
    let Some(file) = file(path) else { return Vec::new() };
    let found = file.targets.iter().flat_map(|target| &target.interfaces).find(|stats| stats.name == interface);
    found.map(|stats| stats.samples.to_vec()).unwrap_or_default()
}

fn put(path: &Path, text: &str) {
    File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
