//! The one place where clocks are read. Everywhere else time is an argument.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};
use stats::{Monotonic, Timestamp};

/// Now, on a clock that never steps and goes on while the machine sleeps, as the counters of a distant device do.
pub(crate) fn monotonic() -> Monotonic {
    let now = clock_gettime(ClockId::Boottime);
    let seconds = u64::try_from(now.tv_sec).unwrap_or_default();
    let nanoseconds = u32::try_from(now.tv_nsec).unwrap_or_default();
    Monotonic::new(Duration::new(seconds, nanoseconds))
}

/// Now, by the wall clock, which may be wrong, and may step.
pub(crate) fn wall() -> Timestamp {
    let since_epoch = system().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX))
}

/// The wall clock as the system's own files are labelled by it.
pub(crate) fn system() -> SystemTime {
    #[expect(clippy::disallowed_methods, reason = "this is the outermost edge")]
    SystemTime::now()
}

/// How long ago that was; nothing where it is yet to come.
pub(crate) fn age(of: SystemTime) -> Duration {
    system().duration_since(of).unwrap_or_default()
}
