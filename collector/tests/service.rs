//! The collector as a service manager starts, watches and ends it.

#![cfg(unix)]

use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command};
use std::time::Duration;

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_service_manager_hears_of_the_begin_of_life_and_of_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let hear = || {
        let mut words = [0; 200];
        let length = manager.recv(&mut words).unwrap();
        String::from_utf8_lossy(&words[..length]).trim().to_owned()
    };
    let process = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"))
        .args(["run", "--out"])
        .arg(directory.path().join("stats"))
        .arg("local")
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "600000")
        .spawn()
        .unwrap();
    let mut collector = Running(process);

    let mut said = vec![hear(), hear()];
    said.sort_unstable();
    assert_eq!(said, ["READY=1", "WATCHDOG=1"]);
    // It goes on saying so.
    assert_eq!([hear(), hear()], ["WATCHDOG=1", "WATCHDOG=1"]);
    assert!(Command::new("kill").args(["-TERM", &collector.0.id().to_string()]).status().unwrap().success());
    while hear() != "STOPPING=1" {}
    assert!(collector.0.wait().unwrap().success());
}
