//! The Containerfile as far as it can be tried without a container: what it copies is there, and what it calls is understood.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::Command;

use xtask::workspace::Workspace;

/// Its instructions, each in a line.
fn instructions() -> Vec<String> {
    let path = Workspace::find().unwrap().root().join("packaging/container/Containerfile");
    let text = std::fs::read_to_string(path).unwrap().replace("\\\n", "");
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn what_is_copied_is_there() {
    let workspace = Workspace::find().unwrap();
    let mut copied = Vec::new();
    for instruction in instructions() {
        let Some(words) = instruction.strip_prefix("COPY ") else { continue };
        let words: Vec<&str> = words.split_whitespace().collect();
        match words[..] {
            ["--from=build", from, to] => {
                let made = ["/src/target/release/live-interface-stats", "/src/dist"];
                assert!(made.contains(&from), "{from}: the first image makes {made:?}");
                copied.push(to.to_owned());
            }
            [from, to] => {
                assert!(workspace.root().join(from).exists(), "{from}");
                copied.push(to.to_owned());
            }
            _ => panic!("{instruction}"),
        }
    }
    let start = instructions().into_iter().find(|line| line.starts_with("CMD [\"run\"")).unwrap();
    let config = start.split('"').skip_while(|word| *word != "--config").nth(2).unwrap();
    assert!(copied.iter().any(|path| path == config), "{config} is in the image");
}

#[test]
fn what_is_called_is_understood() {
    let all = instructions().join("\n");
    let calls: Vec<Vec<&str>> = all
        .lines()
        .filter_map(|line| line.strip_prefix("RUN "))
        .flat_map(|line| line.split("&&"))
        .map(|call| call.split_whitespace().collect())
        .filter(|call: &Vec<&str>| call[0] == "cargo")
        .collect();
    assert_eq!(calls.len(), 2, "{calls:?}");
    for call in calls {
        let root = Workspace::find().unwrap().root().to_owned();
        let mut try_out = Command::new(env!("CARGO_BIN_EXE_xtask"));
        if let ["cargo", "xtask", command, arguments @ ..] = &call[..] {
            // The word at the end is no step, and is what is complained of: all that is before it is understood.
            try_out.arg(command).args(arguments).arg("no-step").current_dir(root);
            let said = String::from_utf8(try_out.output().unwrap().stderr).unwrap();
            assert!(said.contains("there are these steps: "), "{said}");
            assert!(arguments.iter().all(|step| said.contains(&format!(" {step},"))), "{call:?}: {said}");
        } else {
            // A plan is made of what is called, and nothing is built.
            let mut tree = Command::new(std::env::var_os("CARGO").unwrap());
            let package = call.iter().skip_while(|word| **word != "--package").nth(1).unwrap();
            let output = tree.args(["tree", "--locked", "--offline", "--depth=0", "--package", package]);
            let output = output.current_dir(root).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let known = ["cargo", "build", "--locked", "--release", "--package", package];
            assert_eq!(call, known);
        }
    }
}
