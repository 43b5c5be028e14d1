//! A real `snmpd` of net-snmp, with a folder and a port of its own.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use std::{env, thread};

use tempfile::TempDir;

/// The password of all users for authentication, and that for privacy.
pub(crate) const AUTH_PASSWORD: &str = "auth-s3cret-word";
pub(crate) const PRIVACY_PASSWORD: &str = "privacy-s3cret-word";

/// A user of an agent: a name, what net-snmp calls the protocols of it, and from what level on it may read.
type User = (&'static str, Option<&'static str>, Option<&'static str>, &'static str);

/// One for each level, and for protocols old and new.
const USERS: [User; 8] = [
    ("open", None, None, "noauth"),
    ("md5", Some("MD5"), None, "auth"),
    ("des", Some("MD5"), Some("DES"), "authpriv"),
    ("mon1", Some("SHA"), Some("AES"), "authpriv"),
    ("mon256", Some("SHA-256"), Some("AES"), "authpriv"),
    ("big", Some("SHA-512"), Some("AES-256"), "authpriv"),
    ("stretched", Some("SHA"), Some("AES-256"), "authpriv"),
    // With a password, and nothing that it may read.
    ("blind", Some("SHA-256"), Some("AES"), ""),
];

/// An agent on this machine's loopback. It ends with this, whatever happens.
pub(crate) struct Snmpd {
    port: u16,
    folder: TempDir,
    daemon: Child,
}

impl Snmpd {
    /// An agent for the community `public` and the [`USERS`], on 127.0.0.1, and on `::1` where there is IPv6.
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// The same with more lines in its config.
    pub(crate) fn start_with(lines: &str) -> Self {
        // Another one may take the port before the agent has it: then it ends, and there are others.
        for _ in 0..5 {
            let port = free_port();
            let folder = tempfile::tempdir().expect("a folder");
            configure(folder.path(), port, lines);
            let mut snmpd = Self { port, daemon: spawn(folder.path()), folder };
            if snmpd.is_ready() {
                return snmpd;
            }
        }
        panic!("snmpd does not come up on any of five free ports");
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Stops it and starts it again with the same folder and port.
    pub(crate) fn restart(&mut self) {
        self.end();
        self.daemon = spawn(self.folder.path());
        assert!(self.is_ready(), "snmpd comes up again");
    }

    /// The same, but what it kept from run to run is lost: which engine it is, and how often that was started.
    pub(crate) fn restart_without_memory(&mut self) {
        self.end();
        let memory = self.folder.path().join("var");
        fs::remove_dir_all(&memory).expect("a folder that can be emptied");
        make_folder(&memory);
        self.daemon = spawn(self.folder.path());
        assert!(self.is_ready(), "snmpd comes up again");
    }

    /// Makes it silent until [`Snmpd::go_on`], as a device that is too busy is.
    pub(crate) fn halt(&self) {
        self.signal("STOP");
    }

    /// Lets it answer what came in the meantime, and go on.
    pub(crate) fn go_on(&self) {
        self.signal("CONT");
    }

    /// What `snmpget` says that an instance is, as a number.
    pub(crate) fn get(&self, name: &str) -> u64 {
        let mut command = Command::new("snmpget");
        command.args(["-v2c", "-c", "public", "-Oqv", &format!("127.0.0.1:{}", self.port), name]);
        let output = command.env("MIBS", "").output().expect("snmpget, of the package snmp");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.trim().parse().unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Has it read its counters each time it is asked, until it is started again: `nsCacheTimeout` of `ifTable` is 0 then.
    pub(crate) fn have_live_counters(&self) {
        const TIMEOUT: &str = "1.3.6.1.4.1.8072.1.5.3.1.2.1.3.6.1.2.1.2.2";

        let mut command = Command::new("snmpset");
        command.args(["-v2c", "-c", "tuner", &format!("127.0.0.1:{}", self.port), TIMEOUT, "i", "0"]);
        let output = command.env("MIBS", "").output().expect("snmpset, of the package snmp");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn is_ready(&mut self) -> bool {
        let log = self.folder.path().join("log/snmpd.log");
        for _ in 0..100 {
            thread::sleep(Duration::from_millis(50));
            if self.daemon.try_wait().expect("the state of a child").is_some() {
                return false;
            }
            // It says so when it has its port, each time it is started.
            let said = fs::read_to_string(&log).unwrap_or_default();
            if said.contains("Error opening specified endpoint") {
                return false;
            }
            if said.contains("NET-SNMP version") {
                return true;
            }
        }
        false
    }

    fn signal(&self, name: &str) {
        let pid = self.daemon.id().to_string();
        let status = Command::new("kill").args([&format!("-{name}"), &pid]).status().expect("kill");
        assert!(status.success(), "kill -{name} {pid}");
    }

    fn end(&mut self) {
        // Also one that is halted.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
        let _ = fs::remove_file(self.folder.path().join("log/snmpd.log"));
    }
}

impl Drop for Snmpd {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether this machine has a loopback of IPv6.
pub(crate) fn has_ipv6() -> bool {
    UdpSocket::bind("[::1]:0").is_ok()
}

/// Not of the range that is handed out to those who ask for any port, so that the other tests don't get it.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);

    let first = 20_000 + u16::try_from(std::process::id() % 8_000).unwrap_or(0);
    let is_free = |port: &u16| UdpSocket::bind(("127.0.0.1", *port)).is_ok();
    let from_here = std::iter::repeat_with(|| first + NEXT.fetch_add(1, Ordering::Relaxed) % 4_000);
    from_here.take(4_000).find(is_free).expect("a free port")
}

fn make_folder(path: &Path) {
    fs::create_dir(path).expect("a folder");
    fs::set_permissions(path, Permissions::from_mode(0o700)).expect("a folder of ours");
}

fn configure(folder: &Path, port: u16, more: &str) {
    for name in ["etc", "var", "log"] {
        make_folder(&folder.join(name));
    }
    let also_on_ipv6 = if has_ipv6() { format!(",udp6:[::1]:{port}") } else { String::new() };
    let mut text = format!(
        "agentAddress udp:127.0.0.1:{port}{also_on_ipv6}\n\
         sysName testhost\n\
         view interfaces included .1.3.6.1.2.1.1\n\
         view interfaces included .1.3.6.1.2.1.2\n\
         view interfaces included .1.3.6.1.2.1.31\n\
         view caches included .1.3.6.1.4.1.8072.1.5.3\n\
         rocommunity public 127.0.0.1 -V interfaces\n\
         rwcommunity tuner 127.0.0.1 -V caches\n\
         rocommunity6 public ::1 -V interfaces\n\
         dontLogTCPWrappersConnects yes\n\
         {more}\n"
    );
    for (name, auth, privacy, level) in USERS {
        let protocol = |protocol: Option<&str>, password: &str| {
            protocol.map_or_else(String::new, |protocol| format!(" {protocol} \"{password}\""))
        };
        let [auth, privacy] = [protocol(auth, AUTH_PASSWORD), protocol(privacy, PRIVACY_PASSWORD)];
        text.extend(["createUser ", name, &auth, &privacy, "\n"]);
        if !level.is_empty() {
            text.extend(["rouser ", name, " ", level, " -V interfaces\n"]);
        }
    }
    let path = folder.join("etc/snmpd.conf");
    let mut file = File::create(&path).expect("a config");
    file.write_all(text.as_bytes()).expect("a config");
    fs::set_permissions(path, Permissions::from_mode(0o600)).expect("a config of ours");
}

fn spawn(folder: &Path) -> Child {
    let path = |name: &str| folder.join(name).into_os_string();
    let mut configs = path("etc");
    configs.push(":");
    configs.push(path("var"));
    let mut command = Command::new(program());
    command
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("MIBS", "")
        .env("SNMPCONFPATH", configs)
        .env("SNMP_PERSISTENT_DIR", path("var"))
        .arg("-f")
        .arg("-Lf")
        .arg(path("log/snmpd.log"))
        .args(["-I", "-smux", "-p"])
        .arg(path("var/pid"));
    command.spawn().expect("snmpd, of the package snmpd")
}

/// Daemons are where an ordinary user's PATH does not lead.
fn program() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join("snmpd")).find(|program| program.is_file()).expect("snmpd, of the package snmpd")
}
