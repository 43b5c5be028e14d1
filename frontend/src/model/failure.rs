//! Why there is no stats file, in sentences for people.

use std::fmt;

use stats::{FileError, StatsFile};

/// Why a file did not come, or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The URL is none.
    BadUrl,
    /// The server answered, but not with the file: an HTTP status.
    Status(u16),
    /// There is no answer: no network, no server, or one that does not allow this page to ask.
    NoAnswer,
    /// It took too long.
    TimedOut,
    /// It is longer than any stats file.
    TooLarge,
    /// It is no stats file that this page reads; why.
    Unreadable(String),
}

impl Failure {
    /// A file that is longer is not read to its end.
    pub const MOST_BYTES: usize = 16 << 20;

    /// Whether there is no such file, yet.
    #[must_use]
    pub const fn is_absence(&self) -> bool {
        matches!(self, Self::Status(404 | 410))
    }

    /// In a sentence, about the file at `url`.
    #[must_use]
    pub fn sentence(&self, url: &str) -> String {
        match self {
            Self::BadUrl => format!("{url} is not a URL: write ?stats= and the path or address of a stats file"),
            Self::Status(404 | 410) => {
                format!("no stats file at {url} yet: is the collector running, and does --out lead here?")
            }
            Self::Status(status) => format!("the server answers HTTP {status} for {url}"),
            Self::NoAnswer => format!(
                "no answer for {url}: the server or the network is down, or it is another site, which this page’s policy or that \
                 site does not let it read"
            ),
            Self::TimedOut => format!("{url} takes too long to load"),
            Self::TooLarge => format!("{url} is no stats file: it is larger than 16 MiB"),
            Self::Unreadable(why) => format!("{url}: {why}"),
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// Reads a file, and refuses one whose times cannot be true.
///
/// # Errors
///
/// [`Failure::Unreadable`] with the reason.
pub fn read(text: &[u8]) -> Result<StatsFile, Failure> {
    let file = StatsFile::parse(text)?;
    if let Some(from) = from_the_future(&file) {
        return Err(Failure::Unreadable(from.to_string()));
    }
    Ok(file)
}

/// A sample that ended after the file was written.
struct FromTheFuture {
    interface: String,
    seconds: u64,
}

impl fmt::Display for FromTheFuture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { interface, seconds } = self;
        write!(
            formatter,
            "not a stats file: {interface}: its newest sample ended {seconds} s after the file was written"
        )
    }
}

fn from_the_future(file: &StatsFile) -> Option<FromTheFuture> {
    let written = file.written?;
    for target in &file.targets {
        // Whoever writes files may label them by a clock that only knows whole seconds.
        let most = target.interval.unwrap_or_default().max(std::time::Duration::from_secs(2));
        for stats in &target.interfaces {
            let ahead = stats.samples.end().unwrap_or_default().since(written);
            if ahead > most {
                return Some(FromTheFuture { interface: stats.name.clone(), seconds: ahead.as_secs() });
            }
        }
    }
    None
}
