//! `check`: tells in sentences what a collector with the same arguments would find and do. Publishes nothing.

mod asked;

use std::io::{self, Write};
use std::path::Path;
use std::thread;

use anyhow::bail;
use rustix::process::geteuid;

use crate::args::CollectArguments;
use crate::config::{Config, Exports, TargetConfig};
use crate::{publish, replace, secret};
use asked::{Asked, LOOK};

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
    let there = directory.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    // Of a relative path the last ancestor is empty, which stands for the current directory.
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let user = if geteuid().is_root() { "root".to_owned() } else { format!("user {}", geteuid().as_raw()) };
    let shown = directory.display();
    match replace::probe(there) {
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

fn tell_what_is_written(config: &Config, asked: &[Asked], out: &mut impl Write) -> io::Result<()> {
    let files = publish::file_names(asked.iter().map(|asked| &asked.watch));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let directory = config.out.display();
    writeln!(out, "\n`run` would write {} to {directory}: {}.", counted(files.len(), "file"), some(&files))?;
    if asked.iter().any(|asked| !asked.watch.has_been_read()) {
        writeln!(out, "There will be more when all targets have answered.")?;
    }
    let is_any = |of: fn(Exports) -> bool| config.targets.iter().any(|target| of(target.exports));
    if is_any(|exports| exports.legacy) {
        writeln!(out, "Beside them, a live_interface_stats_IFNAME.txt for each interface, as the original did.")?;
    }
    if is_any(|exports| exports.openmetrics) {
        writeln!(out, "Beside them, {} for Prometheus.", publish::METRICS)?;
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
