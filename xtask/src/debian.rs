//! Programs that tests need and that no crate brings: installs Debian's packages of them, where there is apt-get.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::command;
use crate::progress::say;

/// A program, and what brings it.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// The name of the program.
    pub name: &'static str,
    /// Debian's packages for it.
    pub packages: &'static [&'static str],
}

/// The SNMP agent that the collector is tried against.
pub const SNMPD: Program = Program { name: "snmpd", packages: &["snmpd", "snmp"] };

/// The browser that the page is tried in. Without a font it draws no text.
pub const CHROMIUM: Program = Program { name: "chromium", packages: &["chromium", "fonts-dejavu-core"] };

/// What drives the browser.
pub const CHROMEDRIVER: Program = Program { name: "chromedriver", packages: &["chromium-driver"] };

/// What makes the wasm smaller.
pub const WASM_OPT: Program = Program { name: "wasm-opt", packages: &["binaryen"] };

/// What reads man pages, and finds what is wrong with them.
pub const MAN: Program = Program { name: "man", packages: &["man-db"] };

/// What gets packages of the npm registry.
pub const NPM: Program = Program { name: "npm", packages: &["npm"] };

/// Where daemons such as `snmpd` are, which an ordinary user's PATH leaves out.
const DAEMON_FOLDERS: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];

/// Makes sure that programs are installed.
///
/// # Errors
///
/// When one is missing and apt-get is not there to install it, or does not succeed.
pub fn ensure_installed(programs: &[Program]) -> Result<()> {
    let missing = missing(programs);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.iter().map(|program| program.name).collect::<Vec<_>>().join(", ");
    let packages = missing.iter().flat_map(|program| program.packages).copied().collect::<Vec<_>>();
    ensure!(
        can_install(),
        "{names}: not installed, and there is no apt-get to do it: install what your system has for Debian's packages {}",
        packages.join(", ")
    );
    say(format_args!("installing {} …", packages.join(", ")));
    install(&packages).with_context(|| format!("install {} by hand", packages.join(", ")))?;
    match self::missing(programs).first() {
        Some(program) => bail!("apt-get installed {}, but there is no {}", program.packages.join(", "), program.name),
        None => Ok(()),
    }
}

/// Unpacks Debian's packages of programs into a folder, with what they need and this machine lacks. Nothing is installed,
/// so that no service of theirs starts, now or with the machine.
///
/// # Errors
///
/// When there is no apt-get, or it does not find or fetch them.
pub fn unpack(packages: &[&str], folder: &Path) -> Result<()> {
    let done = folder.join(packages.join("+"));
    if done.is_file() {
        return Ok(());
    }
    ensure!(can_install(), "there is no apt-get to fetch {} with", packages.join(", "));
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    say(format_args!("unpacking {} …", packages.join(", ")));
    let plan = if let Ok(plan) = plan(packages) {
        plan
    } else {
        command::run(apt_get().args(["--quiet", "update"]))?;
        plan(packages)?
    };
    let names: Vec<&str> = plan.lines().filter_map(planned).collect();
    if !names.is_empty() {
        let mut download = Command::new("apt-get");
        command::run(download.current_dir(folder).args(["--quiet=2", "download"]).args(names))?;
    }
    for entry in folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            command::run(Command::new("dpkg-deb").arg("--extract").arg(path).arg(folder))?;
        }
    }
    std::fs::File::create(&done).with_context(|| format!("cannot write {}", done.display()))?;
    Ok(())
}

/// What apt-get would do to install them.
fn plan(packages: &[&str]) -> Result<String> {
    let mut simulation = Command::new("apt-get");
    command::output(simulation.args(["--simulate", "--quiet=2", "--no-install-recommends", "install"]).args(packages))
}

/// The package that a line of such a plan would install, but for what only people would see of a program: no test looks at
/// Prometheus' own pages.
fn planned(line: &str) -> Option<&str> {
    let name = line.strip_prefix("Inst ")?.split(' ').next()?;
    (!name.starts_with("libjs-") && !name.starts_with("fonts-")).then_some(name)
}

/// Whether packages can be installed here at all.
#[must_use]
pub fn can_install() -> bool {
    which::which("apt-get").is_ok()
}

/// A PATH on which daemons are found too.
///
/// # Errors
///
/// Never, unless the PATH of this program is broken.
pub fn path_with_daemons() -> Result<std::ffi::OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(env::split_paths(&path).chain(DAEMON_FOLDERS.map(Into::into))).context("the PATH is broken")
}

fn missing(programs: &[Program]) -> Vec<Program> {
    programs.iter().copied().filter(|program| !is_installed(program.name)).collect()
}

fn is_installed(name: &str) -> bool {
    which::which(name).is_ok() || DAEMON_FOLDERS.iter().any(|folder| Path::new(folder).join(name).is_file())
}

fn install(packages: &[&str]) -> Result<()> {
    command::run(apt_get().args(["--quiet", "update"]))?;
    command::run(apt_get().args(["--quiet", "--yes", "install", "--no-install-recommends"]).args(packages))
}

fn apt_get() -> Command {
    // Through `env`, since sudo drops the environment.
    // A machine that has just been started may be busy updating itself, for which apt-get is told to wait.
    let mut env = as_root("env");
    env.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--option=DPkg::Lock::Timeout=120"]);
    env
}

/// A program that is run as root, never asking for a password, since nobody may be there to give it.
#[must_use]
pub fn as_root(program: &str) -> Command {
    if rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", program]);
    sudo
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELL: Program = Program { name: "sh", packages: &["dash"] };
    const NONE: Program = Program { name: "no-such-program", packages: &["no-such-package"] };

    #[test]
    fn only_what_is_missing_is_installed() {
        let names: Vec<_> = missing(&[SHELL, NONE]).iter().map(|program| program.name).collect();
        assert_eq!(names, ["no-such-program"]);
    }

    #[test]
    fn a_plan_names_what_would_be_installed() {
        let plan = "Inst libxxhash0 (0.8.1-1 Debian:12.11/stable [amd64])\nInst libjs-d3 (3.5.17-4 Debian)\n\
                    Conf libxxhash0 (0.8.1-1 Debian)";
        assert_eq!(plan.lines().filter_map(planned).collect::<Vec<_>>(), ["libxxhash0"]);
    }

    #[test]
    fn where_all_is_there_nothing_is_done() {
        ensure_installed(&[SHELL]).unwrap();
    }
}
