//! What the collector says of itself: lines on standard error.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

/// Begins to log. Where systemd takes the lines, it knows the time itself.
pub(crate) fn begin() {
    let lines = fmt::layer().with_target(false).with_writer(std::io::stderr).with_ansi(false);
    // A line that nobody can be told is lost: to complain of that on the same terminal, closed by now, would be a panic.
    let lines = lines.log_internal_errors(false);
    let lines = if std::env::var_os("JOURNAL_STREAM").is_some() { lines.without_time().boxed() } else { lines.boxed() };
    // Our own lines: those of libraries are not made for whoever reads these.
    registry().with(lines).with(Targets::new().with_target(env!("CARGO_CRATE_NAME"), Level::INFO)).init();
}
