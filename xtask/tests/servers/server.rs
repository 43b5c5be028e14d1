//! Web servers as Debian has them, each with the snippet from `packaging` and as little as it takes around that.

use std::ffi::OsString;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use xtask::process::{Process, tied_command};
use xtask::workspace::Workspace;

/// A web server that is one of those people have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Nginx,
    Apache,
    Caddy,
    Lighttpd,
}

/// What is served.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) page: &'a Path,
    pub(crate) stats: &'a Path,
    /// Where: empty, or like `/graphs/core`.
    pub(crate) prefix: &'a str,
}

/// A web server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    _process: Process,
    _home: TempDir,
}

impl Server {
    pub(crate) fn start(kind: Kind, site: Site<'_>) -> Result<Self> {
        let workspace = Workspace::find()?;
        let root = workspace.servers();
        let home = tempfile::tempdir()?;
        let snippet = home.path().join("snippet");
        write(&snippet, &adapted(&fs::read_to_string(workspace.root().join(kind.snippet()))?, site))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = kind.command(&root, home.path(), port)?;
        command.env("LD_LIBRARY_PATH", library_path(&root)?).env("HOME", home.path());
        let server = Self { port, _process: Process::start(&mut command)?, _home: home };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            sleep(Duration::from_millis(50));
        }
        anyhow::bail!("{kind:?} did not listen within ten seconds")
    }
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Nginx, Self::Apache, Self::Caddy, Self::Lighttpd];

    const fn snippet(self) -> &'static str {
        match self {
            Self::Nginx => "packaging/nginx/live-interface-stats.conf",
            Self::Apache => "packaging/apache/live-interface-stats.conf",
            Self::Caddy => "packaging/caddy/live-interface-stats.caddy",
            Self::Lighttpd => "packaging/lighttpd/live-interface-stats.conf",
        }
    }

    fn command(self, root: &Path, home: &Path, port: u16) -> Result<Command> {
        let (at, config) = (home.display(), home.join("config"));
        let is_root = rustix::process::geteuid().is_root();
        let text = match self {
            Self::Nginx => {
                let user = if is_root { "user root;" } else { "" };
                let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|name| format!("{name}_temp_path {at}/{name};"))
                    .concat();
                format!(
                    "{user} daemon off; pid {at}/pid; error_log stderr warn; events {{}}\n\
                     http {{ access_log off; {folders}\nserver {{ listen 127.0.0.1:{port}; include {at}/snippet; }} }}"
                )
            }
            Self::Apache => {
                let user = if is_root { "User nobody\nGroup nogroup\n" } else { "" };
                let modules = ["mpm_event", "authz_core", "alias", "dir", "mime", "filter", "headers", "deflate"]
                    .map(|name| {
                        let folder = program(root, "usr/lib/apache2/modules").display().to_string();
                        format!("LoadModule {name}_module {folder}/mod_{name}.so\n")
                    })
                    .concat();
                format!(
                    "{modules}{user}ServerRoot {at}\nServerName localhost\nPidFile {at}/pid\nMutex file:{at}\n\
                     ErrorLog {at}/errors\nTypesConfig /dev/null\nListen 127.0.0.1:{port}\nInclude {at}/snippet\n"
                )
            }
            Self::Caddy => format!(
                "{{\nadmin off\nauto_https off\n}}\nhttp://127.0.0.1:{port}, http://localhost:{port} {{\nimport {at}/snippet\n}}\n"
            ),
            Self::Lighttpd => format!(
                "server.document-root = \"{at}\"\nserver.bind = \"127.0.0.1\"\nserver.port = {port}\n\
                 include \"{at}/snippet\"\n"
            ),
        };
        write(&config, &text)?;
        let start = |name: &str, arguments: &[&str]| {
            let mut command = tied_command(program(root, name).as_os_str());
            command.args(arguments);
            command
        };
        let mut command = match self {
            Self::Nginx => start("usr/sbin/nginx", &["-e", "stderr", "-c"]),
            Self::Apache => start("usr/sbin/apache2", &["-D", "FOREGROUND", "-f"]),
            Self::Caddy => start("usr/bin/caddy", &["run", "--adapter", "caddyfile", "--config"]),
            Self::Lighttpd => {
                let modules = program(root, "usr/lib/lighttpd");
                start("usr/sbin/lighttpd", &["-D", "-m", &modules.to_string_lossy(), "-f"])
            }
        };
        command.arg(config);
        Ok(command)
    }
}

/// The snippet for other folders and another path than it is written for, changed as its first lines say.
fn adapted(snippet: &str, site: Site<'_>) -> String {
    let is_redirect = |line: &&str| line.contains("/live") && (line.contains("redir") || line.contains("return 301"));
    let lines: Vec<&str> = snippet.lines().filter(|line| !site.prefix.is_empty() || !is_redirect(line)).collect();
    // The folders first: they have the path in their names.
    let (page, stats) = (site.page.to_string_lossy(), site.stats.to_string_lossy());
    let text = lines.join("\n").replace("/usr/share/live-interface-stats/page", "@page");
    let text = text.replace("/run/live-interface-stats", "@stats").replace("/live", site.prefix);
    text.replace("@page", &page).replace("@stats", &stats) + "\n"
}

/// What was unpacked, or else what the machine has.
pub(crate) fn program(root: &Path, name: &str) -> PathBuf {
    let unpacked = root.join(name);
    if unpacked.exists() { unpacked } else { Path::new("/").join(name) }
}

fn library_path(root: &Path) -> Result<OsString> {
    let triple = format!("{}-linux-gnu", std::env::consts::ARCH);
    let folders = ["usr/lib", "lib"].map(|folder| root.join(folder).join(&triple));
    std::env::join_paths(folders).context("the folder's name is no part of a path")
}

fn write(path: &Path, text: &str) -> Result<()> {
    let mut file = fs::File::create(path)?;
    std::io::Write::write_all(&mut file, text.as_bytes())?;
    ensure!(path.is_file(), "{} is not there", path.display());
    Ok(())
}
