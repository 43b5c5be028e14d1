//! A small Debian in a folder: the files of this machine's essential packages, and a database of its own in which no others
//! are installed. What is done to it is not done to the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use xtask::command;
use xtask::debian::as_root;

const DATABASE: &str = "var/lib/dpkg";

pub(crate) struct Tree(Option<TempDir>);

impl Tree {
    /// With what every Debian has, and with these packages.
    pub(crate) fn new(packages: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        // In this they are one, as on every Debian since the twelfth.
        for name in ["bin", "sbin", "lib", "lib64"] {
            fs::create_dir_all(root.join("usr").join(name))?;
            symlink(format!("usr/{name}"), root.join(name))?;
        }
        // Two of these are of systemd, which would be there too if it were there to start anything.
        for name in ["dev", "run", "srv", "tmp", "etc/systemd/system", "var/lib/systemd"] {
            fs::create_dir_all(root.join(name))?;
        }
        for name in ["info", "updates"] {
            fs::create_dir_all(root.join(DATABASE).join(name))?;
        }
        // As large as scripts need it: no device can be made without further rights.
        put(&root.join("dev/null"), "")?;
        let names = Installed::read()?.with_dependencies(packages)?;
        copy_files(&names, root)?;
        for name in ["passwd", "group"] {
            let from = root.join("usr/share/base-passwd").join(format!("{name}.master"));
            fs::copy(&from, root.join("etc").join(name)).with_context(|| format!("cannot copy {}", from.display()))?;
        }
        fill_database(&names, root)?;
        Ok(Self(Some(folder)))
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.as_ref().map_or_else(|| Path::new("/nonexistent"), TempDir::path)
    }

    /// A path that is absolute within it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path.trim_start_matches('/'))
    }

    /// Tells dpkg what to do, and gives what it says. Nobody is there to answer a question of its.
    pub(crate) fn dpkg(&self, arguments: &[&str]) -> Result<String> {
        let mut dpkg = as_root("dpkg");
        dpkg.arg("--root").arg(self.root()).args(arguments);
        output(&mut dpkg)
    }

    /// Runs a program of it in it, as one of its users.
    pub(crate) fn run_as(&self, user: &str, arguments: &[&str]) -> Result<String> {
        let mut chroot = as_root("chroot");
        chroot.arg(format!("--userspec={user}:{user}")).arg(self.root()).args(arguments);
        output(&mut chroot)
    }

    /// All that is there, and who; apart from what dpkg, and those who add users, remember.
    pub(crate) fn state(&self) -> Result<BTreeMap<String, String>> {
        let find = output(as_root("find").arg(self.root()).args(["-printf", "%P %y %m %u %g\n"]))?;
        let is_theirs = |path: &str| {
            path.starts_with(DATABASE) || path.starts_with("var/log") || path.ends_with('-') || path == "etc/.pwd.lock"
        };
        let lines = find.lines().filter_map(|line| line.split_once(' ')).filter(|(path, _)| !is_theirs(path));
        let mut state: BTreeMap<String, String> =
            lines.map(|(path, what)| (path.to_owned(), what.to_owned())).collect();
        for name in ["etc/passwd", "etc/group"] {
            let text = output(as_root("cat").arg(self.root().join(name)))?;
            let mut lines: Vec<&str> = text.lines().collect();
            lines.sort_unstable();
            state.insert(format!("{name}:"), lines.join("\n"));
        }
        Ok(state)
    }
}

impl Drop for Tree {
    /// By root, who owns most of it.
    fn drop(&mut self) {
        if let Some(folder) = self.0.take() {
            let path = folder.keep();
            let _ = as_root("rm").args(["--recursive", "--force", "--one-file-system"]).arg(path).status();
        }
    }
}

/// What is said on both channels, which a failure is told with.
fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start `{}`", command::line(command)))?;
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    ensure!(output.status.success(), "`{}` failed ({}): {said}", command::line(command), output.status);
    Ok(said)
}

/// The packages of this machine: what is essential, and what each depends on.
struct Installed {
    essential: Vec<String>,
    depends: BTreeMap<String, Vec<String>>,
}

impl Installed {
    fn read() -> Result<Self> {
        let mut query = Command::new("dpkg-query");
        let format = "${db:Status-Status}\t${Package}\t${Essential}\t${Pre-Depends}, ${Depends}\n";
        let lines = output(query.args(["--show", &format!("--showformat={format}")]))?;
        let mut installed = Self { essential: Vec::new(), depends: BTreeMap::new() };
        for line in lines.lines() {
            let [state, name, essential, depends] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
            if state != "installed" {
                continue;
            }
            if essential == "yes" {
                installed.essential.push(name.to_owned());
            }
            let names =
                depends.split([',', '|']).filter_map(|word| word.split([' ', ':', '(']).find(|w| !w.is_empty()));
            installed.depends.insert(name.to_owned(), names.map(str::to_owned).collect());
        }
        Ok(installed)
    }

    fn with_dependencies(&self, packages: &[&str]) -> Result<BTreeSet<String>> {
        let mut wanted: Vec<String> = packages.iter().copied().map(str::to_owned).collect();
        for name in &wanted {
            ensure!(self.depends.contains_key(name), "this machine has no package {name}");
        }
        wanted.extend(self.essential.iter().cloned());
        let mut names = BTreeSet::new();
        while let Some(name) = wanted.pop() {
            // What is not there by that name is one of several, or another's other name.
            let Some(depends) = self.depends.get(&name) else { continue };
            if names.insert(name) {
                wanted.extend(depends.iter().cloned());
            }
        }
        Ok(names)
    }
}

/// Without what only people read.
fn copy_files(names: &BTreeSet<String>, root: &Path) -> Result<()> {
    let listed = output(Command::new("dpkg-query").arg("--listfiles").args(names))?;
    let is_for_people = |path: &str| {
        ["doc", "man", "locale", "info"]
            .iter()
            .any(|name| path.strip_prefix("/usr/share/").is_some_and(|rest| rest.split('/').next() == Some(name)))
    };
    let files: BTreeSet<&str> = listed
        .lines()
        .filter(|path| path.starts_with('/') && !is_for_people(path))
        .filter(|path| fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_dir()))
        .collect();
    let list = root.join("tmp/files");
    put(&list, &files.into_iter().collect::<Vec<_>>().join("\n"))?;
    let mut copy = as_root("sh");
    copy.args(["-c", "tar --create --absolute-names --files-from=\"$1\" | tar --extract --directory=\"$2\""]);
    output(copy.arg("sh").arg(&list).arg(root))?;
    Ok(fs::remove_file(list)?)
}

fn fill_database(names: &BTreeSet<String>, root: &Path) -> Result<()> {
    let status = output(Command::new("dpkg-query").arg("--status").args(names))?;
    let database = root.join(DATABASE);
    put(&database.join("status"), &status)?;
    for name in names {
        let lists = ["", ":amd64", ":arm64", ":armhf", ":i386", ":riscv64"]
            .map(|architecture| format!("{name}{architecture}.list"));
        for list in lists {
            let from = Path::new("/var/lib/dpkg/info").join(&list);
            if from.is_file() {
                fs::copy(&from, database.join("info").join(&list))?;
            }
        }
    }
    Ok(())
}

fn put(path: &Path, text: &str) -> Result<()> {
    let file = fs::File::create(path).and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
    file.with_context(|| format!("cannot write {}", path.display()))
}
