//! The Debian package, from its installation to its purge, by the real dpkg in a Debian of its own. `cargo xtask test page
//! package` builds what is in it, and passes these.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xtask::dist::contents::Contents;
use xtask::dist::deb::{Compression, Package};
use xtask::workspace::{Profile, Workspace};

use tree::Tree;

const USER: &str = "live-interface-stats";
const CONFIG: &str = "/etc/live-interface-stats.toml";
const SERVICE_IS_WANTED: &str = "/etc/systemd/system/multi-user.target.wants/live-interface-stats.service";

/// The package with the collector as the other tests have built it, in two versions.
struct Packages {
    folder: TempDir,
    versions: [PathBuf; 2],
}

impl Packages {
    fn build() -> Self {
        let workspace = Workspace::find().unwrap();
        let folder = tempfile::tempdir().unwrap();
        // It need not carry what debuggers want to know through all of this.
        let collector = folder.path().join("live-interface-stats");
        let mut strip = Command::new("strip");
        strip.arg("-o").arg(&collector).arg(workspace.collector(Profile::Debug));
        assert!(strip.status().unwrap().success(), "the step `package` builds the collector");
        let contents = Contents::gather(&workspace, &collector).unwrap();
        let versions = ["1.0.0", "1.0.1"].map(|version| {
            let package = Package { version, depends: "libc6, libgcc-s1", compression: Compression::None };
            package.build(&contents, folder.path()).unwrap()
        });
        Self { folder, versions }
    }

    fn install(&self, tree: &Tree, version: usize) -> String {
        tree.dpkg(&["--install", self.versions[version].to_str().unwrap()]).unwrap()
    }

    /// What is in it, in a folder.
    fn unpacked(&self) -> PathBuf {
        let root = self.folder.path().join("unpacked");
        let mut unpack = Command::new("dpkg-deb");
        unpack.arg("--extract").arg(&self.versions[0]).arg(&root);
        assert!(unpack.status().unwrap().success());
        root
    }
}

/// The config as an administrator would have it, of a machine that is not this one.
fn edit_config(tree: &Tree) {
    let before = tree.run_as("root", &["cat", CONFIG]).unwrap();
    let after = before.replace("address = \"local\"", "address = \"file:/srv/net-dev\"");
    assert_ne!(after, before);
    let devices = "Inter-|   Receive |  Transmit\n face |bytes packets errs drop fifo frame compressed multicast|bytes \
                   packets errs drop fifo colls carrier compressed\n  eth0: 1000 10 0 0 0 0 0 0 2000 20 0 0 0 0 0 0\n";
    for (path, text) in [(CONFIG, after.as_str()), ("/srv/net-dev", devices)] {
        // In place, as an editor that keeps owner and mode.
        tree.run_as("root", &["sh", "-c", "printf %s \"$2\" > \"$1\"", "sh", path, text]).unwrap();
    }
}

#[test]
fn a_package_is_installed_run_upgraded_removed_and_purged() {
    let packages = Packages::build();
    let tree = Tree::new(&["passwd", "libc6", "libgcc-s1"]).unwrap();
    let before = tree.state().unwrap();

    packages.install(&tree, 0);
    let installed = tree.state().unwrap();
    let what = |path: &str| installed.get(path.trim_start_matches('/')).map(String::as_str);
    assert_eq!(what(CONFIG).unwrap().split(' ').nth(1), Some("640"), "secrets may be in it");
    assert!(installed["etc/passwd:"].contains("\nlive-interface-stats:"), "{}", installed["etc/passwd:"]);
    assert!(what(SERVICE_IS_WANTED).is_some(), "it starts with the machine");
    assert!(what("usr/share/live-interface-stats/page/index.html").is_some());
    assert!(what("usr/share/man/man1/live-interface-stats.1.gz").is_some());
    assert_eq!(tree.run_as(USER, &["stat", "-c", "%U %G %a", CONFIG]).unwrap(), "root live-interface-stats 640\n");
    assert_eq!(tree.dpkg(&["--verify", "live-interface-stats"]).unwrap(), "", "all is as it was packed");
    let mut program = Command::new(tree.path("/usr/bin/live-interface-stats"));
    let version = program.arg("--version").output().unwrap().stdout;
    assert_eq!(String::from_utf8(version).unwrap().trim(), format!("live-interface-stats {}", xtask::dist::VERSION));

    edit_config(&tree);
    let collector = |command: &str| {
        let state = if command == "once" { &["--state", "/run/live-interface-stats/.state"][..] } else { &[] };
        tree.run_as(USER, &[&["/usr/bin/live-interface-stats", command, "--config", CONFIG], state].concat())
    };
    let told = collector("check").unwrap();
    assert!(told.contains("1 interface of it will be read: eth0."), "{told}");
    collector("once").unwrap();
    // Web servers can read that, and not the config.
    assert!(tree.run_as("www-data", &["cat", CONFIG]).is_err());
    let index = tree.run_as("www-data", &["cat", "/run/live-interface-stats/index.json"]).unwrap();
    assert!(index.contains("\"eth0\""), "{index}");

    let edited = tree.run_as("root", &["cat", CONFIG]).unwrap();
    let said = packages.install(&tree, 1);
    assert!(said.contains("(1.0.1) over (1.0.0)"), "{said}");
    assert_eq!(tree.run_as("root", &["cat", CONFIG]).unwrap(), edited, "what was edited is kept");
    assert_eq!(tree.run_as(USER, &["stat", "-c", "%U %G %a", CONFIG]).unwrap(), "root live-interface-stats 640\n");
    collector("once").unwrap();

    // As `systemctl enable` does, which there is none of in this tree.
    let enable = "mkdir -p \"$1\" && ln -s /usr/lib/systemd/system/live-interface-stats-once.timer \"$1\"/";
    tree.run_as("root", &["sh", "-c", enable, "sh", "/etc/systemd/system/timers.target.wants"]).unwrap();
    tree.dpkg(&["--remove", "live-interface-stats"]).unwrap();
    let removed = tree.state().unwrap();
    assert!(!removed.contains_key("usr/bin/live-interface-stats"));
    assert_eq!(tree.run_as("root", &["cat", CONFIG]).unwrap(), edited, "what was edited is kept for another time");

    tree.dpkg(&["--purge", "live-interface-stats"]).unwrap();
    tree.run_as("root", &["rm", "/srv/net-dev"]).unwrap();
    let mut purged = tree.state().unwrap();
    let mut left = Vec::new();
    for (path, what) in before {
        let now = purged.remove(&path);
        if now.as_ref() != Some(&what) {
            left.push(format!("{path}: {what} -> {now:?}"));
        }
    }
    left.extend(purged.into_keys());
    assert_eq!(left, Vec::<String>::new(), "nothing is left of it");
}

/// A `systemctl` that starts nothing, and remembers what it was told. A service whose config is wrong does not start.
const SYSTEMCTL: &str = "#!/bin/sh
echo \"$*\" >> /srv/told
case \"$*\" in
    *is-enabled*) echo enabled ;;
    *' start '*) exit 1 ;;
esac
";

#[test]
fn where_systemd_runs_the_service_is_started_and_started_anew_and_stopped() {
    let packages = Packages::build();
    let tree = Tree::new(&["passwd", "libc6", "libgcc-s1"]).unwrap();
    let in_shell = |script: &str| tree.run_as("root", &["sh", "-c", script, "sh", SYSTEMCTL]).unwrap();
    in_shell("mkdir -p /run/systemd/system; printf %s \"$1\" > /usr/bin/systemctl; chmod 755 /usr/bin/systemctl");
    let told = || in_shell("cat /srv/told; rm /srv/told");

    let said = packages.install(&tree, 0);
    assert!(said.contains("the service does not run: see `live-interface-stats check"), "{said}");
    let first = told();
    assert!(first.contains("daemon-reload\n") && first.contains(" start live-interface-stats.service\n"), "{first}");
    packages.install(&tree, 1);
    let upgraded = told();
    assert!(upgraded.contains("try-restart live-interface-stats.service\n"), "only if it runs: {upgraded}");
    assert!(!upgraded.contains("stop"), "in between it goes on: {upgraded}");
    tree.dpkg(&["--remove", "live-interface-stats"]).unwrap();
    let removed = told();
    let all = "stop live-interface-stats-once.timer live-interface-stats-once.service live-interface-stats.service\n";
    assert!(removed.contains(all), "{removed}");
    assert!(removed.ends_with("daemon-reload\n"), "{removed}");

    packages.install(&tree, 1);
    let again = told();
    assert!(again.contains(" start live-interface-stats.service\n"), "the removal had stopped it: {again}");
    packages.install(&tree, 1);
    assert!(told().contains("try-restart live-interface-stats.service\n"), "this time it was there");
}

#[test]
fn what_is_in_it_is_understood_by_those_it_is_for() {
    let packages = Packages::build();
    let root = packages.unpacked();
    verify_units(&root);
    complete_in_bash(&root);
    read_man_pages(&root);
    follow_links(&root.join("usr/share/doc/live-interface-stats/docs"), "deploying.md");
    let mut collector = Command::new(root.join("usr/bin/live-interface-stats"));
    collector.arg("check").arg("--config").arg(root.join("etc/live-interface-stats.toml"));
    let told = collector.arg("--out").arg(packages.folder.path()).output().unwrap().stdout;
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("holds together and has 1 target."), "{told}");
}

/// With the targets of systemd that they name, and by this machine's systemd, or one that was unpacked.
fn verify_units(root: &Path) {
    let own = root.join("usr/lib/systemd/system");
    let units = fs::read_dir(&own).unwrap();
    let units: Vec<PathBuf> = units.map(|unit| unit.unwrap().path()).collect();
    assert_eq!(units.len(), 3);
    let unpacked = Workspace::find().unwrap().systemd();
    let system = if which::which("systemd-analyze").is_ok() { Path::new("/") } else { unpacked.as_path() };
    for folder in ["usr/lib/systemd/system", "lib/systemd/system"].map(|folder| system.join(folder)) {
        for target in fs::read_dir(folder).into_iter().flatten() {
            let target = target.unwrap();
            if target.path().extension().is_some_and(|extension| extension == "target") {
                fs::copy(target.path(), own.join(target.file_name())).unwrap();
            }
        }
    }
    let analyze = |arguments: &[&str]| {
        let mut analyze = Command::new(system.join("usr/bin/systemd-analyze"));
        if system != Path::new("/") {
            let of_this_machine = format!("{}-linux-gnu", std::env::consts::ARCH);
            let folders = ["usr/lib", "lib"].map(|lib| system.join(lib).join(&of_this_machine));
            let folders = folders.into_iter().flat_map(|folder| [folder.join("systemd"), folder]);
            analyze.env("LD_LIBRARY_PATH", std::env::join_paths(folders).unwrap());
        }
        let output = analyze.arg("--root").arg(root).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let units: Vec<&str> = units.iter().map(|unit| unit.to_str().unwrap()).collect();
    assert_eq!(analyze(&[&["verify", "--man=no"][..], &units].concat()), (true, String::new()));
    // In tenths: docs/deploying.md tells the score.
    let services = ["live-interface-stats.service", "live-interface-stats-once.service"];
    let score = ["security", "--no-pager", "--offline=true", "--threshold=13"];
    assert_eq!(analyze(&[&score[..], &services].concat()), (true, String::new()));
}

fn complete_in_bash(root: &Path) {
    let complete = |words: &str| {
        let script = format!(
            "set -eu; source \"$1\"; [[ $(complete -p live-interface-stats) =~ -F' '([^' ']+) ]]; \
             COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             ${{BASH_REMATCH[1]}} live-interface-stats \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; \
             echo \"${{COMPREPLY[@]}}\""
        );
        let file = root.join("usr/share/bash-completion/completions/live-interface-stats");
        let output = Command::new("bash").args(["--norc", "-c", &script, "bash"]).arg(file).output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && complaints.is_empty(), "{complaints}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(complete("live-interface-stats ch"), "check");
    assert_eq!(complete("live-interface-stats run --snmp-v"), "--snmp-version");
}

/// What a document links to beside it is there.
fn follow_links(folder: &Path, document: &str) {
    let text = fs::read_to_string(folder.join(document)).unwrap();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
    let files: Vec<&str> = links.filter(|link| !link.contains("://") && !link.starts_with('#')).collect();
    assert!(files.len() > 4, "{files:?}");
    for file in files {
        assert!(folder.join(file).is_file(), "{document} links to {file}");
    }
}

fn read_man_pages(root: &Path) {
    let pages = fs::read_dir(root.join("usr/share/man/man1")).unwrap();
    let pages: Vec<PathBuf> = pages.map(|page| page.unwrap().path()).collect();
    assert!(pages.iter().any(|page| page.ends_with("live-interface-stats-check.1.gz")), "{pages:?}");
    for page in pages {
        let mut man = Command::new("man");
        man.args(["--warnings", "--encoding=UTF-8", "--local-file"]).arg(&page).env("LC_ALL", "C.UTF-8");
        let output = man.env("MANROFFSEQ", "").env("MANWIDTH", "100").output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && complaints.is_empty(), "{}: {complaints}", page.display());
        assert!(String::from_utf8_lossy(&output.stdout).contains("live-interface-stats"), "{}", page.display());
    }
}
