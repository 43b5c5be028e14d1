//! The Debian package, packed by `dpkg-deb` as it is laid out: that is on every machine that such a package is for, where
//! cargo-deb would have to be built first, for a minute of two cores.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::NAME;
use super::contents::{Contents, Layout};
use crate::command;

/// A package of some [`Contents`].
#[derive(Debug, Clone, Copy)]
pub struct Package<'a> {
    /// The version that it is said to have.
    pub version: &'a str,
    /// Debian's packages that the collector needs, separated by commas; empty where it is linked statically.
    pub depends: &'a str,
    /// What it is worth that it is small.
    pub compression: Compression,
}

/// How a package is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// For people who download it.
    Small,
    /// For tests, which throw it away.
    None,
}

impl Package<'_> {
    /// Packs it into a folder.
    ///
    /// # Errors
    ///
    /// When there is no `dpkg-deb`, or it is not content.
    pub fn build(&self, contents: &Contents, out: &Path) -> Result<PathBuf> {
        let staging = tempfile::tempdir().context("cannot make a temporary folder")?;
        let root = staging.path().join("root");
        contents.lay_out(Layout::System, &root)?;
        let architecture = command::output(Command::new("dpkg").arg("--print-architecture"))?.trim().to_owned();
        let meta = root.join("DEBIAN");
        fs::create_dir(&meta).with_context(|| format!("cannot make {}", meta.display()))?;
        for name in ["preinst", "postinst", "prerm", "postrm"] {
            let to = meta.join(name);
            fs::copy(contents.scripts.join(name), &to).with_context(|| format!("cannot copy {name}"))?;
            fs::set_permissions(&to, fs::Permissions::from_mode(0o755))?;
        }
        put(&meta.join("conffiles"), "/etc/live-interface-stats.toml\n")?;
        put(&meta.join("md5sums"), &sums(&root)?)?;
        put(&meta.join("control"), &self.control(&architecture, size(&root)?))?;
        open_folders(&root)?;

        let path = out.join(format!("{NAME}_{}_{architecture}.deb", self.version));
        let mut pack = Command::new("dpkg-deb");
        if let Some(epoch) = &contents.epoch {
            pack.env("SOURCE_DATE_EPOCH", epoch);
        }
        let compression = match self.compression {
            Compression::Small => "-Zxz",
            Compression::None => "-Znone",
        };
        pack.args(["--root-owner-group", compression, "--build"]).arg(&root).arg(&path);
        // It would say what it builds, which is said elsewhere.
        command::output(&mut pack)?;
        Ok(path)
    }

    fn control(&self, architecture: &str, kilobytes: u64) -> String {
        let version = self.version;
        let depends = if self.depends.is_empty() { "passwd".to_owned() } else { format!("{}, passwd", self.depends) };
        format!(
            "Package: {NAME}\n\
             Version: {version}\n\
             Architecture: {architecture}\n\
             Maintainer: The live interface stats contributors <live-interface-stats@example.org>\n\
             Installed-Size: {kilobytes}\n\
             Depends: {depends}\n\
             Suggests: nginx | apache2 | caddy | lighttpd, snmp\n\
             Section: net\n\
             Priority: optional\n\
             Description: what network interfaces carry now, as graphs that scroll\n \
             A collector reads the counters of this machine or of routers and switches (by\n \
             SNMP), and writes them into small files, again and again. A static page, which\n \
             any web server can hand out, fetches these and draws them.\n"
        )
    }
}

fn put(path: &Path, text: &str) -> Result<()> {
    let file = fs::File::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
    file.with_context(|| format!("cannot write {}", path.display()))?;
    // Whatever the umask is here.
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o644))?)
}

/// What `dpkg --verify` goes by. The config is the administrator's, and dpkg keeps its sum elsewhere.
fn sums(root: &Path) -> Result<String> {
    let names: Vec<PathBuf> = files(root)?
        .into_iter()
        .filter_map(|path| path.strip_prefix(root).ok().map(Path::to_owned))
        .filter(|path| !path.starts_with("DEBIAN") && !path.starts_with("etc"))
        .collect();
    command::output(Command::new("md5sum").current_dir(root).arg("--").args(names))
}

/// In units of 1,024 octets, rounded up for each file, as Debian's policy has it.
fn size(root: &Path) -> Result<u64> {
    files(root)?.into_iter().map(|path| Ok(fs::metadata(path)?.len().div_ceil(1_024))).sum()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { found.append(&mut files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

/// Folders are for all to enter, whatever the umask is here.
fn open_folders(folder: &Path) -> Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    for entry in folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            open_folders(&path)?;
        }
    }
    Ok(())
}
