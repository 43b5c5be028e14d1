//! The snippets in `packaging`, each in the web server that it is for. `cargo xtask test page servers` builds the page,
//! fetches the servers and passes these.

mod http;
mod prometheus;
mod rclone;
mod server;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use xtask::stage::Stage;
use xtask::workspace::Workspace;

use http::get;
use server::{Kind, Server, Site};

const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The page that was built, and stats files elsewhere, both for other users to read.
struct Folders {
    page: PathBuf,
    stats: TempDir,
}

impl Folders {
    fn new() -> Result<Self> {
        let page = Workspace::find()?.page();
        let stats = tempfile::tempdir()?;
        fs::set_permissions(stats.path(), fs::Permissions::from_mode(0o755))?;
        let index =
            format!("{{\"version\":1,\"targets\":[],\"note\":\"{}\"}}", "long enough to be compressed ".repeat(99));
        for (name, text) in [
            ("index.json", index.as_str()),
            (".index.json.new", "{\"version\":1,\"targets\":["),
            ("metrics.txt", &"# HELP interface_info What the interface is called.\n".repeat(99)),
            ("live_interface_stats_ppp0.txt", "2 12500000 20 5000000 30 8333 4 3333 5\n"),
        ] {
            let mut file = fs::File::create(stats.path().join(name))?;
            std::io::Write::write_all(&mut file, text.as_bytes())?;
        }
        Ok(Self { page, stats })
    }

    fn site<'a>(&'a self, prefix: &'a str) -> Site<'a> {
        Site { page: &self.page, stats: self.stats.path(), prefix }
    }
}

/// The name of the built file that ends like this.
fn built(page: &Path, end: &str) -> Result<String> {
    let names = page.read_dir()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.into_iter().find(|name| name.ends_with(end)).with_context(|| format!("the page has no file {end}"))
}

fn check(kind: Kind) -> Result<()> {
    let folders = Folders::new()?;
    for prefix in ["", "/live", "/graphs/core"] {
        let server = Server::start(kind, folders.site(prefix))?;
        let expect = |path: &str, expected: &[(&str, &str)]| -> Result<()> {
            let answer = get(server.port, &format!("{prefix}{path}"))?;
            ensure!(answer.status() == "200", "{prefix}{path}: {answer:?}");
            ensure!(answer.length > 0, "{prefix}{path}: {answer:?}");
            for (field, value) in expected {
                ensure!(answer.field(field).contains(value), "{prefix}{path}, {field} of {value}: {answer:?}");
            }
            Ok(())
        };
        // lighttpd says the same in other words.
        let (always, never) =
            if kind == Kind::Lighttpd { ("max-age=0", "max-age=31104000") } else { ("no-cache", "immutable") };
        let page = [("content-type", "text/html"), ("cache-control", always), ("content-security-policy", POLICY)];
        expect("/", &page)?;
        expect("/index.html", &page)?;
        for (end, kind) in
            [(".wasm", "application/wasm"), (".js", "text/javascript"), (".css", "text/css"), (".svg", "image/svg+xml")]
        {
            let name = built(&folders.page, end)?;
            let hashed = [("content-type", kind), ("cache-control", never), ("content-encoding", "gzip")];
            // An icon is so small that some servers don't compress it.
            expect(&format!("/{name}"), if end == ".svg" { &hashed[..2] } else { &hashed })?;
        }
        expect(
            "/stats/index.json",
            &[("content-type", "application/json"), ("cache-control", "no-store"), ("content-encoding", "gzip")],
        )?;
        expect(
            "/stats/metrics.txt",
            &[("content-type", OPENMETRICS), ("cache-control", "no-store"), ("content-encoding", "gzip")],
        )?;
        expect(
            "/stats/live_interface_stats_ppp0.txt",
            &[("content-type", "text/plain"), ("cache-control", "no-store")],
        )?;
        if !prefix.is_empty() {
            let answer = get(server.port, prefix)?;
            ensure!(matches!(answer.status(), "301" | "308"), "{prefix}: {answer:?}");
            ensure!(answer.field("location").ends_with(&format!("{prefix}/")), "{prefix}: {answer:?}");
        }
        for path in [
            "/stats/missing.json",
            "/stats/.index.json.new",
            "/stats/../../etc/passwd",
            "/stats../etc/passwd",
            "/gone-0123456789abcdef.wasm",
        ] {
            let answer = get(server.port, &format!("{prefix}{path}"))?;
            // Caddy says nothing of what is not its site's, in a few words fewer than the others.
            ensure!(answer.status().starts_with('4') || answer.length == 0, "{prefix}{path}: {answer:?}");
            ensure!(!answer.field("cache-control").contains(never), "{prefix}{path}: {answer:?}");
        }
    }
    Ok(())
}

#[test]
fn nginx_serves_it() -> Result<()> {
    check(Kind::Nginx)
}

#[test]
fn apache_serves_it() -> Result<()> {
    check(Kind::Apache)
}

#[test]
fn caddy_serves_it() -> Result<()> {
    check(Kind::Caddy)
}

#[test]
fn lighttpd_serves_it() -> Result<()> {
    check(Kind::Lighttpd)
}

#[test]
fn behind_each_of_them_the_page_is_live() -> Result<()> {
    let mut stage = Stage::new()?;
    fs::set_permissions(stage.stats(), fs::Permissions::from_mode(0o755))?;
    stage.start_collector(&["--interface", "lo"])?;
    let browser = stage.open("")?;
    let page = Workspace::find()?.page();
    for kind in Kind::ALL {
        let server = Server::start(kind, Site { page: &page, stats: stage.stats(), prefix: "/graphs/core" })?;
        browser.open(&format!("http://127.0.0.1:{}/graphs/core/", server.port))?;
        let is_live = "document.body.dataset.state === 'live' && document.querySelector('.card')";
        browser.wait_until("a card", is_live, Duration::from_secs(20)).with_context(|| format!("behind {kind:?}"))?;
        // It goes on asking its server as long as it is open.
        browser.open(&stage.url(""))?;
    }
    let errors = browser.console_errors()?;
    ensure!(errors.is_empty(), "{errors:?}");
    Ok(())
}
