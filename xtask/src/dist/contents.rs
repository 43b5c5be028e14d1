//! What is packed, and where each file of it goes. Packs nothing.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap_complete::Shell;
use tempfile::TempDir;

use super::{NAME, words};
use crate::command;
use crate::workspace::Workspace;

/// The files of a package.
#[derive(Debug)]
pub struct Contents {
    items: Vec<Item>,
    /// What the package manager is told: `control` apart, which depends on the collector.
    pub(super) scripts: PathBuf,
    /// When the newest of the sources was made, in seconds since 1970, for archives that are the same each time.
    pub(super) epoch: Option<String>,
    /// Holds what was made for this.
    _made: TempDir,
}

#[derive(Debug)]
struct Item {
    from: PathBuf,
    /// Below the folder that the archive unpacks to.
    archived: Option<String>,
    /// Below the root of the system.
    installed: Option<String>,
    mode: u32,
}

/// Who a file is laid out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// People who unpack it and take what they need.
    Archive,
    /// A package manager.
    System,
}

impl Contents {
    /// Everything that goes with a collector: the page that was built, the config, man pages and the like.
    ///
    /// # Errors
    ///
    /// When something of it is not there.
    pub fn gather(workspace: &Workspace, collector: &Path) -> Result<Self> {
        let made = tempfile::tempdir().context("cannot make a temporary folder")?;
        let packaging = workspace.root().join("packaging");
        let mut items = vec![
            Item::new(collector, NAME, "usr/bin/live-interface-stats").with_mode(0o755),
            Item::new(
                packaging.join("live-interface-stats.toml"),
                "live-interface-stats.toml",
                "etc/live-interface-stats.toml",
            )
            // Secrets may come to stand in it. Its group is given to it when it is installed.
            .with_mode(0o640),
            Item::installed(packaging.join("debian/tmpfiles.conf"), "usr/lib/tmpfiles.d/live-interface-stats.conf"),
            Item::installed(packaging.join("debian/copyright"), "usr/share/doc/live-interface-stats/copyright"),
        ];
        add_all(&mut items, &workspace.page(), "page", "usr/share/live-interface-stats/page")
            .context("build the page first: cargo xtask test page")?;
        add_all(&mut items, &packaging.join("systemd"), "systemd", "usr/lib/systemd/system")?;
        for server in ["apache", "caddy", "lighttpd", "nginx"] {
            let folder = format!("usr/share/doc/live-interface-stats/examples/{server}");
            add_all(&mut items, &packaging.join(server), &format!("examples/{server}"), &folder)?;
        }
        add_documents(&mut items, workspace, made.path())?;
        add_words(&mut items, made.path())?;
        let scripts = packaging.join("debian");
        Ok(Self { items, scripts, epoch: epoch(workspace), _made: made })
    }

    /// Copies the files into a folder, each to its place.
    pub(super) fn lay_out(&self, layout: Layout, root: &Path) -> Result<()> {
        for item in &self.items {
            let place = match layout {
                Layout::Archive => &item.archived,
                Layout::System => &item.installed,
            };
            let Some(place) = place else { continue };
            let to = root.join(place);
            let folder = to.parent().unwrap_or(root);
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
            fs::copy(&item.from, &to).with_context(|| format!("cannot copy {}", item.from.display()))?;
            fs::set_permissions(&to, fs::Permissions::from_mode(item.mode))
                .with_context(|| format!("cannot set the mode of {}", to.display()))?;
        }
        Ok(())
    }
}

impl Item {
    fn new(from: impl Into<PathBuf>, archived: impl Into<String>, installed: impl Into<String>) -> Self {
        Self { from: from.into(), archived: Some(archived.into()), installed: Some(installed.into()), mode: 0o644 }
    }

    fn installed(from: impl Into<PathBuf>, installed: impl Into<String>) -> Self {
        Self { archived: None, ..Self::new(from, "", installed) }
    }

    fn archived(from: impl Into<PathBuf>, archived: impl Into<String>) -> Self {
        Self { installed: None, ..Self::new(from, archived, "") }
    }

    fn with_mode(self, mode: u32) -> Self {
        Self { mode, ..self }
    }
}

/// All files of a folder, without those of folders in it.
fn add_all(items: &mut Vec<Item>, from: &Path, archived: &str, installed: &str) -> Result<()> {
    let before = items.len();
    for entry in from.read_dir().with_context(|| format!("cannot read {}", from.display()))? {
        let path = entry?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|_| path.is_file()) {
            items.push(Item::new(&path, format!("{archived}/{name}"), format!("{installed}/{name}")));
        }
    }
    items[before..].sort_by(|a, b| a.from.cmp(&b.from));
    ensure!(items.len() > before, "there is nothing in {}", from.display());
    Ok(())
}

fn add_documents(items: &mut Vec<Item>, workspace: &Workspace, folder: &Path) -> Result<()> {
    for name in ["README.md", "CHANGELOG.md", "LICENSE-MIT"] {
        let installed = format!("usr/share/doc/live-interface-stats/{name}");
        items.push(Item::new(workspace.root().join(name), name, installed));
    }
    // Debian has that one in a place of its own.
    items.push(Item::archived(workspace.root().join("LICENSE-APACHE"), "LICENSE-APACHE"));
    let (from, docs) = (workspace.root().join("docs"), folder.join("docs"));
    fs::create_dir(&docs).with_context(|| format!("cannot make {}", docs.display()))?;
    for entry in from.read_dir().with_context(|| format!("cannot read {}", from.display()))? {
        let path = entry?.path();
        if !path.is_file() {
            continue;
        }
        let to = docs.join(path.file_name().unwrap_or_default());
        let copied = if path.extension().is_some_and(|extension| extension == "md") {
            // What they link to is called otherwise in a package.
            let text = fs::read_to_string(&path).map(|text| text.replace("](../packaging/", "](../examples/"));
            text.and_then(|text| fs::File::create(&to)?.write_all(text.as_bytes()))
        } else {
            fs::copy(&path, &to).map(drop)
        };
        copied.with_context(|| format!("cannot copy {}", path.display()))?;
    }
    add_all(items, &docs, "docs", "usr/share/doc/live-interface-stats/docs")
}

/// Man pages and completions.
fn add_words(items: &mut Vec<Item>, folder: &Path) -> Result<()> {
    let pages = folder.join("man");
    fs::create_dir(&pages).with_context(|| format!("cannot make {}", pages.display()))?;
    for page in words::man_pages(&pages)? {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        command::run(Command::new("gzip").args(["--best", "--no-name", "--keep"]).arg(&page))?;
        let compressed = pages.join(format!("{name}.gz"));
        items.push(Item::installed(compressed, format!("usr/share/man/man1/{name}.gz")));
        items.push(Item::archived(page, format!("man/{name}")));
    }
    for (shell, folder_of_shell) in [
        (Shell::Bash, "usr/share/bash-completion/completions/live-interface-stats"),
        (Shell::Zsh, "usr/share/zsh/vendor-completions/_live-interface-stats"),
        (Shell::Fish, "usr/share/fish/vendor_completions.d/live-interface-stats.fish"),
    ] {
        let file = words::completions(shell, folder)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        items.push(Item::new(file, format!("completions/{name}"), folder_of_shell));
    }
    Ok(())
}

/// As those who build packages say it, or as of the last commit.
fn epoch(workspace: &Workspace) -> Option<String> {
    std::env::var("SOURCE_DATE_EPOCH").ok().or_else(|| {
        let mut git = Command::new("git");
        let output = git.current_dir(workspace.root()).args(["log", "-1", "--format=%ct"]).output().ok()?;
        let seconds = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (output.status.success() && !seconds.is_empty()).then_some(seconds)
    })
}
