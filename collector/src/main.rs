//! `live-interface-stats` reads interface counters, by SNMP or from this machine's kernel, and writes them into small stats
//! files that a static page draws.
//!
//! Begin with `source` (where readings come from), go on to `watch` (what becomes of them) and `publish` (which files they
//! end up in); `run` and `once` put these together. Sockets, files and clocks are at the edges: `source`, `replace`,
//! `clock`; what is between them is told the time.

mod args;
mod config;
mod config_file;
mod log;
mod secret;
mod settings;
mod target;

mod max;
mod open;
mod selection;
mod source;

mod clock;
mod grid;
mod pulse;
mod shared;
mod timeline;

mod calibration;
mod refresh;

mod earlier;
mod publish;
mod replace;
mod watch;

mod check;
mod init;
mod list;
mod once;
mod round;
mod run;
mod service;
mod state;
mod stop;

use std::io::{self, ErrorKind};
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};
use crate::config::{Config, TargetConfig};
use crate::list::Form;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log::begin();
    match obey(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "it is what the caller is told, not a line of the log")]
            {
                eprintln!("live-interface-stats: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Run(arguments) => run::run(&Config::new(arguments)?),
        Command::Once(arguments) => once::once(arguments),
        Command::Init(arguments) => init::init(&arguments.directory, &mut io::stdout().lock()),
        Command::Check(arguments) => check::check(arguments, &mut io::stdout().lock()),
        Command::List(arguments) => {
            let config = TargetConfig::single(&arguments.target, &arguments.interfaces, &arguments.snmp)?;
            let form = if arguments.json { Form::Json } else { Form::Table };
            list::list(&config, form, &mut io::stdout().lock())
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
