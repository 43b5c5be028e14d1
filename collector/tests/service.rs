//! The collector as a service manager starts, watches and ends it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::File;
use std::io::Write;
use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command};
use std::time::Duration;

use tempfile::TempDir;

/// A collector that ends with the test, and what it has started with it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Not by force: what it has started would be left.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// A service manager that listens.
struct Manager {
    directory: TempDir,
    socket: UnixDatagram,
}

impl Manager {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let socket = UnixDatagram::bind(directory.path().join("notify")).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self { directory, socket }
    }

    /// A collector that is to say three times in 600 ms that it is well.
    fn start(&self, arguments: &[&str]) -> Running {
        let process = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"))
            .args(["run", "--out", "stats"])
            .args(arguments)
            .current_dir(self.directory.path())
            .env("NOTIFY_SOCKET", self.directory.path().join("notify"))
            .env("WATCHDOG_USEC", "600000")
            .spawn()
            .unwrap();
        Running(process)
    }

    fn hear(&self) -> String {
        let mut words = [0; 200];
        let length = self.socket.recv(&mut words).unwrap();
        String::from_utf8_lossy(&words[..length]).trim().to_owned()
    }
}

#[test]
fn a_service_manager_hears_of_the_begin_of_life_and_of_the_end() {
    let manager = Manager::new();
    let mut collector = manager.start(&["local"]);
    let mut said = vec![manager.hear(), manager.hear()];
    said.sort_unstable();
    assert_eq!(said, ["READY=1", "WATCHDOG=1"]);
    // It goes on saying so.
    assert_eq!([manager.hear(), manager.hear()], ["WATCHDOG=1", "WATCHDOG=1"]);
    assert!(Command::new("kill").args(["-TERM", &collector.0.id().to_string()]).status().unwrap().success());
    while manager.hear() != "STOPPING=1" {}
    assert!(collector.0.wait().unwrap().success());
}

/// Life goes on for many times as long as a thread may hang.
#[track_caller]
fn check_lives(manager: &Manager, arguments: &[&str]) {
    let _collector = manager.start(arguments);
    // Much later than it is said, and much sooner than a reading ends.
    manager.socket.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    for _ in 0..25 {
        manager.hear();
    }
}

#[test]
fn a_device_that_does_not_answer_is_no_thread_that_hangs() {
    let manager = Manager::new();
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let target = format!("snmp://{}", silent.local_addr().unwrap());
    check_lives(&manager, &["--timeout", "1s", "--retries", "10", &target]);
}

#[test]
fn a_program_that_may_take_its_time_is_no_thread_that_hangs() {
    let manager = Manager::new();
    let config = "[[target]]\nname = \"slow\"\nkeep-running = true\nshell = \"sleep 60; true\"\n";
    File::create(manager.directory.path().join("config.toml")).unwrap().write_all(config.as_bytes()).unwrap();
    check_lives(&manager, &["--config", "config.toml"]);
}
