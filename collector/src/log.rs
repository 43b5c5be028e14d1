//! What the collector says of itself: lines on standard error.

use std::io::IsTerminal;

use tracing::Level;
use tracing_subscriber::fmt;

/// Begins to log. Where systemd takes the lines, it knows the time itself.
pub(crate) fn begin() {
    let lines = fmt().with_max_level(Level::INFO).with_target(false).with_writer(std::io::stderr);
    let lines = lines.with_ansi(std::io::stderr().is_terminal());
    if std::env::var_os("JOURNAL_STREAM").is_some() {
        lines.without_time().init();
    } else {
        lines.init();
    }
}
