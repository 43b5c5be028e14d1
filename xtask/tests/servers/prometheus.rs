//! Prometheus as Debian has it, scraping what the collector writes from a static host, as `docs/deploying.md` says.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;
use xtask::process::{Process, tied_command};
use xtask::stage::Stage;
use xtask::workspace::Workspace;

use super::server::{Kind, Server, Site, program};

const DOCUMENT: &str = include_str!("../../../docs/deploying.md");

/// A million octets in and half of that out, each second.
const CONFIG: &str = r#"
interval = "200ms"
openmetrics = true

[[target]]
name = "router"
command = ["awk", '{ printf "eth0 inOctets %.0f outOctets %.0f\n", $1 * 1e6, $1 * 5e5 }', "/proc/uptime"]
"#;

struct Prometheus {
    port: u16,
    _process: Process,
    _home: TempDir,
}

impl Prometheus {
    /// With the config of the document, for the host on that port, and more often.
    fn start(host: u16) -> Result<Self> {
        let (_, rest) = DOCUMENT.split_once("```yaml\n").context("the document has no config")?;
        let (config, _) = rest.split_once("```").context("the config has no end")?;
        let config = config.replace("www.example.net", &format!("127.0.0.1:{host}")).replace("15s", "500ms");
        let home = tempfile::tempdir()?;
        fs::File::create(home.path().join("config.yml"))?.write_all(config.as_bytes())?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let root = Workspace::find()?.servers();
        let mut command = tied_command(program(&root, "usr/bin/prometheus").as_os_str());
        let at = home.path().display();
        command.args([
            format!("--config.file={at}/config.yml"),
            format!("--storage.tsdb.path={at}/data"),
            format!("--web.listen-address=127.0.0.1:{port}"),
            "--log.level=error".to_owned(),
        ]);
        Ok(Self { port, _process: Process::start(&mut command)?, _home: home })
    }

    /// The one value that it answers a question with, if it has any yet.
    fn ask(&self, question: &str) -> Option<f64> {
        let path = format!("/api/v1/query?query={}", encoded(question));
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        let answer: Value = serde_json::from_str(body).ok()?;
        let result = answer["data"]["result"].as_array().filter(|result| result.len() == 1)?;
        result[0]["value"][1].as_str()?.parse().ok()
    }

    /// Waits until the answer is near to that: at first there are too few samples, of which each is of a little earlier.
    fn wait_for(&self, question: &str, expected: f64) -> Result<()> {
        let mut last = None;
        for _ in 0..600 {
            last = self.ask(question);
            if last.is_some_and(|value| (value - expected).abs() <= expected * 0.05) {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
        anyhow::bail!("{question} is {last:?} after a minute, and not {expected}")
    }
}

/// For a URL.
fn encoded(question: &str) -> String {
    question.bytes().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "%{byte:02X}");
        text
    })
}

#[test]
fn prometheus_scrapes_the_counters_and_tells_their_rates() -> Result<()> {
    let mut stage = Stage::new()?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("config.toml");
    fs::File::create(&path)?.write_all(CONFIG.as_bytes())?;
    stage.start_collector(&["--config", &path.display().to_string()])?;
    let page = Workspace::find()?.page();
    let server = Server::start(Kind::Nginx, Site { page: &page, stats: stage.stats(), prefix: "/live" })?;
    let prometheus = Prometheus::start(server.port)?;
    prometheus.wait_for("up", 1.0)?;
    prometheus.wait_for("live_interface_stats_target_up", 1.0)?;
    prometheus.wait_for(r#"rate(interface_receive_bytes_total{target="router",interface="eth0"}[5s])"#, 1e6)?;
    prometheus.wait_for("rate(interface_transmit_bytes_total[5s])", 5e5)?;
    stage.stop_collector();
    let metrics = fs::read_to_string(stage.stats().join("metrics.txt"))?;
    ensure!(metrics.ends_with("# EOF\n"), "{metrics}");
    Ok(())
}
