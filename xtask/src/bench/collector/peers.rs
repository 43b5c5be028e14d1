//! What others do who read the same counters as often, on the same machine at the same time: as Debian packs them, each in the
//! leanest way that it can be told to.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::debian;
use crate::process::{Process, tied_command};
use crate::workspace::Workspace;

/// Unpacks them.
pub(super) fn install(workspace: &Workspace) -> Result<PathBuf> {
    let root = workspace.target().join("peers");
    debian::unpack(&["collectd-core", "libsnmp40"], &root)?;
    debian::unpack(&["prometheus-snmp-exporter"], &root)?;
    debian::unpack(&["vnstat"], &root)?;
    Ok(root)
}

/// Reads octets and packets of all interfaces each second, and adds them to files in `folder`.
pub(super) fn collectd(root: &Path, folder: &Path, agent: u16) -> Result<Process> {
    let (at, root_at) = (folder.display(), root.display());
    let config = format!(
        r#"BaseDir "{at}"
PIDFile "{at}/pid"
PluginDir "{root_at}/usr/lib/collectd"
TypesDB "{root_at}/usr/share/collectd/types.db"
Interval 1
LoadPlugin csv
LoadPlugin snmp
<Plugin csv>
  DataDir "{at}"
</Plugin>
<Plugin snmp>
  <Data "octets">
    Type "if_octets"
    Table true
    TypeInstanceOID ".1.3.6.1.2.1.31.1.1.1.1"
    Values ".1.3.6.1.2.1.31.1.1.1.6" ".1.3.6.1.2.1.31.1.1.1.10"
  </Data>
  <Data "packets">
    Type "if_packets"
    Table true
    TypeInstanceOID ".1.3.6.1.2.1.31.1.1.1.1"
    Values ".1.3.6.1.2.1.31.1.1.1.7" ".1.3.6.1.2.1.31.1.1.1.11"
  </Data>
  <Host "device">
    Address "127.0.0.1:{agent}"
    Version 2
    Community "public"
    Collect "octets" "packets"
    Interval 1
  </Host>
</Plugin>
"#
    );
    let config = write(&folder.join("collectd.conf"), &config)?;
    start(&root.join("usr/sbin/collectd"), &["-f".as_ref(), "-C".as_ref(), &config])
}

/// Reads what the machine's own interfaces have counted each two seconds, which is as often as it can, into a database.
pub(super) fn vnstatd(root: &Path, folder: &Path) -> Result<Process> {
    let at = folder.display();
    let config = format!("DatabaseDir \"{at}\"\nUseLogging 0\nUpdateInterval 2\nPollInterval 2\n");
    let config = write(&folder.join("vnstat.conf"), &config)?;
    start(&root.join("usr/sbin/vnstatd"), &["-n".as_ref(), "--config".as_ref(), &config])
}

/// An exporter that is scraped each second.
pub(super) struct Exporter {
    pub(super) process: Process,
    port: u16,
    stop: Arc<AtomicBool>,
    scraper: Option<JoinHandle<()>>,
}

/// Walks four columns whenever it is scraped.
pub(super) fn snmp_exporter(root: &Path, folder: &Path, agent: u16) -> Result<Exporter> {
    const COLUMNS: [(&str, u32); 4] = [("in_octets", 6), ("in_packets", 7), ("out_octets", 10), ("out_packets", 11)];

    let oid = |column: u32| format!("1.3.6.1.2.1.31.1.1.1.{column}");
    let walk = COLUMNS.map(|(_, column)| format!("  - {}\n", oid(column))).concat();
    let metric = |(name, column)| {
        let index = "[{labelname: ifIndex, type: gauge}]";
        format!(
            "  - {{name: {name}, oid: {}, type: counter, help: octets or packets, indexes: {index}}}\n",
            oid(column)
        )
    };
    let metrics = COLUMNS.map(metric).concat();
    let config = format!("lean:\n  walk:\n{walk}  metrics:\n{metrics}  version: 2\n  auth: {{community: public}}\n");
    let config = write(&folder.join("snmp.yml"), &config)?;
    // Free now, and hardly taken by somebody else before it is used.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let options = [format!("--config.file={}", config.display()), format!("--web.listen-address=127.0.0.1:{port}")];
    let [config, address] = options.each_ref().map(Path::new);
    let process = start(&root.join("usr/bin/prometheus-snmp-exporter"), &[config, address])?;
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let scraper = thread::spawn(move || {
        while !stopped.load(Ordering::Relaxed) {
            // It may not listen yet. Whether it answers is asked when all is over.
            let _ = scrape(port, agent);
            thread::sleep(Duration::from_secs(1));
        }
    });
    Ok(Exporter { process, port, stop, scraper: Some(scraper) })
}

impl Exporter {
    /// Whether it reads that agent.
    pub(super) fn answers(&self, agent: u16) -> bool {
        scrape(self.port, agent).is_ok_and(|answer| answer.contains("in_octets{"))
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(scraper) = self.scraper.take() {
            let _ = scraper.join();
        }
    }
}

fn scrape(port: u16, agent: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET /snmp?target=127.0.0.1:{agent}&module=lean HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn start(program: &Path, arguments: &[&Path]) -> Result<Process> {
    let mut command: Command = tied_command(program.as_os_str());
    Process::start(command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()))
}

fn write(path: &Path, text: &str) -> Result<PathBuf> {
    let mut file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(text.as_bytes())?;
    Ok(path.to_owned())
}
