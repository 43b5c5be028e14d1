//! `check`: tells in sentences what a collector with the same arguments would find and do. Publishes nothing.

mod asked;

use std::io::{self, Write};
use std::path::Path;
use std::thread;

use anyhow::bail;
use rustix::process::geteuid;

use crate::args::CollectArguments;
use crate::config::{Config, TargetConfig};
use crate::{publish, replace, secret};
use asked::{Asked, LOOK};

/// The config that the package's service has.
const SERVICE_CONFIG: &str = "/etc/live-interface-stats.toml";

/// Looks at everything, writes what it found, and fails where something is to be mended.
pub(crate) fn check(arguments: CollectArguments, out: &mut impl Write) -> anyhow::Result<()> {
    let file = arguments.config.clone();
    let config = Config::new(arguments)?;
    let targets = counted(config.targets.len(), "target");
    match &file {
        Some(file) => writeln!(out, "The config {} holds together and has {targets}.", file.display())?,
        None => writeln!(out, "The command line holds together and has {targets}.")?,
    }
    let mut problems = check_secrets(out)? + check_directory(&config.out, out)?;
    if file.as_deref() == Some(Path::new(SERVICE_CONFIG)) {
        tell_of_the_service(&config.out, out)?;
    }

    let patience = LOOK.as_secs();
    if config.targets.iter().any(TargetConfig::is_agent) {
        writeln!(out, "Asking {targets}, an agent for up to {patience} s to learn how often its counters refresh …")?;
    }
    out.flush()?;
    let asked: Vec<Asked> = thread::scope(|scope| {
        let threads: Vec<_> = config.targets.iter().map(|target| scope.spawn(|| Asked::about(target))).collect();
        // A thread that panicked has said why.
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    for Asked { sentences, problems: of_target, .. } in &asked {
        writeln!(out)?;
        sentences.iter().try_for_each(|sentence| writeln!(out, "{sentence}"))?;
        problems += of_target;
    }
    tell_what_is_written(&config, &asked, out)?;
    match problems {
        0 => Ok(()),
        1 => bail!("one thing is to be mended, see above"),
        more => bail!("{more} things are to be mended, see above"),
    }
}

fn check_secrets(out: &mut impl Write) -> io::Result<usize> {
    let exposed = secret::exposed();
    if exposed.is_empty() {
        writeln!(out, "No file with secrets that it names can be read by others.")?;
    }
    exposed.iter().try_for_each(|sentence| writeln!(out, "{sentence}."))?;
    Ok(exposed.len())
}

/// By trying, since who may write is told by more than by modes: by lists, read-only mounts and full disks.
fn check_directory(directory: &Path, out: &mut impl Write) -> io::Result<usize> {
    // A link that leads nowhere is there, and nothing can be made in its place.
    let there = directory.ancestors().find(|path| path.symlink_metadata().is_ok()).unwrap_or(Path::new("."));
    // Of a relative path the last ancestor is empty, which stands for the current directory.
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let user = if geteuid().is_root() { "root".to_owned() } else { format!("user {}", geteuid().as_raw()) };
    let shown = directory.display();
    match replace::probe(there) {
        _ if there.is_symlink() && !there.exists() => {
            writeln!(out, "Stats files go to {shown}, but {} is a link that leads nowhere.", there.display())?;
            return Ok(1);
        }
        Ok(()) if there == directory => writeln!(out, "Stats files go to {shown}, where {user} can write.")?,
        Ok(()) => writeln!(out, "Stats files go to {shown}, which is not there yet; {user} can make it.")?,
        Err(error) => {
            writeln!(out, "Stats files go to {shown}, but {user} cannot write to {}: {error}.", there.display())?;
            return Ok(1);
        }
    }
    if geteuid().is_root() {
        writeln!(out, "A service of another user may write elsewhere: check as that user, with `runuser -u USER`.")?;
    }
    Ok(0)
}

/// The unit is stricter than what its user may do.
fn tell_of_the_service(directory: &Path, out: &mut impl Write) -> io::Result<()> {
    if !directory.starts_with("/run/live-interface-stats") {
        let shown = directory.display();
        writeln!(out, "The service can write there only where a drop-in lets it: ReadWritePaths={shown}")?;
    }
    Ok(())
}

fn tell_what_is_written(config: &Config, asked: &[Asked], out: &mut impl Write) -> io::Result<()> {
    let files = publish::file_names(asked.iter().map(|asked| &asked.watch));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let directory = config.out.display();
    writeln!(out, "\n`run` would write {} to {directory}: {}.", counted(files.len(), "file"), some(&files))?;
    if asked.iter().any(|asked| !asked.watch.has_been_read()) {
        writeln!(out, "There will be more when all targets have answered.")?;
    }
    tell_of_legacy(config, asked, out)?;
    if config.targets.iter().any(|target| target.exports.openmetrics) {
        writeln!(out, "Beside them, {} for Prometheus.", publish::METRICS)?;
    }
    Ok(())
}

/// The files of the original, and which of them say of an interface how full it is.
fn tell_of_legacy(config: &Config, asked: &[Asked], out: &mut impl Write) -> io::Result<()> {
    let exports = config.targets.iter().map(|target| &target.exports);
    let files = publish::legacy_files(asked.iter().map(|asked| &asked.watch).zip(exports));
    if files.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    writeln!(out, "Beside them, as the original did: {}.", some(&names))?;
    let unknown: Vec<&str> = files.iter().filter(|file| !file.is_full_known).map(|file| file.name.as_str()).collect();
    if !unknown.is_empty() {
        writeln!(
            out,
            "What counts as full is not known in {}, and 0 there: write `max` into a config.",
            some(&unknown)
        )?;
    }
    Ok(())
}

fn counted(number: usize, of: &str) -> String {
    if number == 1 { format!("1 {of}") } else { format!("{number} {of}s") }
}

/// The first few.
fn some(names: &[&str]) -> String {
    const MOST: usize = 12;

    let shown = names[..names.len().min(MOST)].join(", ");
    if names.len() > MOST { format!("{shown} and {} more", names.len() - MOST) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_service(directory: &str, expected: &str) {
        let mut told = Vec::new();
        tell_of_the_service(Path::new(directory), &mut told).unwrap();
        assert_eq!(String::from_utf8(told).unwrap(), expected);
    }

    #[test]
    fn the_service_writes_elsewhere_by_a_drop_in_only() {
        check_service("/run/live-interface-stats", "");
        let expected = "The service can write there only where a drop-in lets it: ReadWritePaths=/var/www/stats\n";
        check_service("/var/www/stats", expected);
    }
}
