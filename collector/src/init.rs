//! The command `init`: lays the page and a first config out, for those who have no package. Overwrites nothing.

use std::fs::{OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::replace::make_for_all;

/// The files of the page, by their names.
type Page = [(&'static str, &'static [u8])];

/// The page, where it was there when this was built.
#[cfg(feature = "page")]
const PAGE: &Page = include!(concat!(env!("OUT_DIR"), "/page.rs"));
#[cfg(not(feature = "page"))]
const PAGE: &Page = &[];

/// The config, but for where the stats files go.
const CONFIG: &str = include_str!("init/live.toml");

/// Lays out what a directory needs for a first graph, and tells what to do next.
pub(crate) fn init(directory: &Path, out: &mut impl Write) -> Result<()> {
    if PAGE.is_empty() {
        bail!(
            "this collector was built without the page: build that with `cargo xtask test page`, and then this with `cargo \
             build --release -p collector --features page`; where a package is installed, the page is in \
             /usr/share/live-interface-stats/page already"
        );
    }
    let laid = lay_out(directory, PAGE)?;
    let (page, config) = (laid.page.display(), in_a_shell(&laid.config));
    writeln!(out, "The page is in {page}: have a web server hand that directory out.")?;
    let shown = laid.config.display();
    writeln!(out, "A first config is in {shown}, and reads this machine. See what it comes to, and begin:")?;
    writeln!(out, "  live-interface-stats check --config {config}")?;
    writeln!(out, "  live-interface-stats run --config {config}")?;
    Ok(())
}

/// A path as it is written in a shell.
fn in_a_shell(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// Where everything is.
#[derive(Debug)]
struct Laid {
    page: PathBuf,
    /// Not within the page: it will hold secrets.
    config: PathBuf,
}

fn lay_out(directory: &Path, files: &Page) -> Result<Laid> {
    let directory = std::path::absolute(directory).context("cannot tell where that is")?;
    let (page, config) = (directory.join("page"), directory.join("live.toml"));
    let stats = page.join("stats");
    let Some(stats) = stats.to_str() else {
        bail!("{} is no text in UTF-8, which a config is: name another directory", directory.display());
    };
    let text = CONFIG.replace("@OUT@", &toml::Value::String(stats.to_owned()).to_string());
    // All of it is looked at before anything is written.
    for path in files.iter().map(|(name, _)| page.join(name)).chain([config.clone()]) {
        match path.symlink_metadata() {
            Ok(_) => {
                bail!("{} is there already, and nothing is overwritten: name another directory", path.display())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot make {}", path.display())),
        }
    }
    make_for_all(&page).with_context(|| format!("cannot make the directory {}", page.display()))?;
    for (path, contents, mode) in files
        .iter()
        .map(|(name, contents)| (page.join(name), *contents, 0o644))
        // Secrets are yet to be written into it.
        .chain([(config.clone(), text.as_bytes(), 0o600)])
    {
        put(&path, contents, mode).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(Laid { page, config })
}

/// A file that was not there.
fn put(path: &Path, contents: &[u8], mode: u32) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.set_permissions(Permissions::from_mode(mode))?;
    file.write_all(contents)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use clap::Parser;

    use super::*;
    use crate::args::{Arguments, Command};
    use crate::config::Config;

    const FILES: &Page = &[("index.html", b"<!doctype html>"), ("page-0123456789abcdef.css", b"p{}")];

    fn config(path: &Path) -> Result<Config> {
        let path = path.to_str().unwrap();
        let arguments = Arguments::parse_from(["live-interface-stats", "run", "--config", path]);
        let Command::Run(arguments) = arguments.command else { panic!("it was run") };
        Ok(Config::new(arguments)?)
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_page_and_a_config_that_writes_beside_it_are_laid_out() {
        let folder = tempfile::tempdir().unwrap();
        let laid = lay_out(&folder.path().join("a \"b\"/c"), FILES).unwrap();
        assert_eq!(fs::read(laid.page.join("index.html")).unwrap(), b"<!doctype html>");
        assert_eq!([mode(&laid.page), mode(&laid.page.join("index.html")), mode(&laid.config)], [0o755, 0o644, 0o600]);
        let config = config(&laid.config).unwrap();
        assert_eq!(config.out, laid.page.join("stats"));
        assert_eq!(config.targets.len(), 1);
    }

    #[test]
    fn what_is_there_to_be_used_in_the_config_holds_together() {
        let folder = tempfile::tempdir().unwrap();
        let laid = lay_out(folder.path(), FILES).unwrap();
        let lines = CONFIG.lines().map(|line| match line.strip_prefix('#') {
            Some(used) if !used.starts_with(' ') => used,
            _ => line,
        });
        let text = lines.collect::<Vec<_>>().join("\n").replace("@OUT@", "'o'");
        fs::remove_file(&laid.config).unwrap();
        put(&laid.config, text.as_bytes(), 0o600).unwrap();
        for secret in ["router.community", "switch.auth", "switch.privacy"] {
            put(&folder.path().join(secret), b"hidden-word\n", 0o600).unwrap();
        }
        let targets = config(&laid.config).map(|config| config.targets.len());
        if cfg!(feature = "v3") {
            assert_eq!(targets.unwrap(), 4);
        }
    }

    #[test]
    fn nothing_that_is_there_is_overwritten() {
        for taken in ["live.toml", "page/index.html", "page/page-0123456789abcdef.css"] {
            let folder = tempfile::tempdir().unwrap();
            make_for_all(&folder.path().join("page")).unwrap();
            let path = folder.path().join(taken);
            symlink("nowhere", &path).unwrap();
            let error = lay_out(folder.path(), FILES).unwrap_err().to_string();
            assert_eq!(
                error,
                format!("{} is there already, and nothing is overwritten: name another directory", path.display())
            );
            let files = fs::read_dir(folder.path().join("page")).unwrap().count();
            assert_eq!(files, usize::from(taken.starts_with("page/")), "nothing is written where something is taken");
            assert!(path.symlink_metadata().unwrap().is_symlink());
        }
    }

    #[test]
    fn a_directory_that_cannot_be_gets_a_sentence() {
        let error = format!("{:#}", lay_out(Path::new("/proc/nowhere"), FILES).unwrap_err());
        assert!(error.starts_with("cannot make the directory /proc/nowhere/page: "), "{error}");
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = format!("{:#}", lay_out(file.path(), FILES).unwrap_err());
        assert!(error.contains("/page/index.html: Not a directory") && error.starts_with("cannot make "), "{error}");
    }

    #[test]
    fn a_path_is_one_word_in_a_shell() {
        for (path, expected) in [("/srv/live.toml", "/srv/live.toml"), ("/a 'b", r"'/a '\''b'")] {
            assert_eq!(in_a_shell(Path::new(path)), expected);
            let echo = format!("printf %s {}", in_a_shell(Path::new(path)));
            let output = std::process::Command::new("sh").args(["-c", &echo]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), path);
        }
    }
}
