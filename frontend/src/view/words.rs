//! Durations and statuses in words.

use std::time::Duration;

use stats::{AdminStatus, Interface, OperStatus};

use crate::model::Target;
use crate::options::Window;

/// `12 s`, `3 min 5 s`, `2 h 40 min`, `3 d 4 h`.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{minutes} min {} s", seconds % 60),
        3_600..86_400 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// `minute`, `5 minutes`.
pub(super) fn window(window: Window) -> String {
    match window.minutes() {
        1 => "minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// `counters refresh every 3.0 s`, where they are not live.
pub(super) fn refresh(target: &Target) -> Option<String> {
    target.refresh.map(|period| format!("counters refresh every {:.1} s", period.as_secs_f64()))
}

/// That there is nothing to be seen of it yet and will be: at first it is learned how often an agent refreshes its counters.
pub(super) fn waiting(target: &Target) -> Option<String> {
    let of = &target.interfaces;
    let is_waiting = of.iter().all(|interface| !interface.is_listed && interface.track.newest().is_none());
    (is_waiting && !of.is_empty() && target.problem.is_none()).then(|| "waiting for the first samples".to_owned())
}

/// Why it passes nothing, where it does not.
pub(super) fn trouble(about: &Interface) -> Option<&'static str> {
    match (about.admin_status, about.oper_status) {
        (Some(AdminStatus::Down), _) => Some("switched off"),
        (_, Some(OperStatus::Down)) => Some("down"),
        (_, Some(OperStatus::LowerLayerDown)) => Some("down below"),
        (_, Some(OperStatus::NotPresent)) => Some("not present"),
        (_, Some(OperStatus::Dormant)) => Some("dormant"),
        (_, Some(OperStatus::Testing)) | (Some(AdminStatus::Testing), _) => Some("testing"),
        (_, Some(OperStatus::Up | OperStatus::Unknown) | None) => None,
    }
}

/// What is said of a device or an interface by several names, each once.
pub(super) fn names<'a>(names: impl IntoIterator<Item = Option<&'a str>>) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for name in names.into_iter().flatten().map(stats::clean) {
        if !name.is_empty() && !told.contains(&name) {
            told.push(name);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: u64, expected: &str) {
        assert_eq!(duration(Duration::from_secs(seconds)), expected);
    }

    #[test]
    fn durations_have_two_units_at_most() {
        check(0, "0 s");
        check(59, "59 s");
        check(185, "3 min 5 s");
        check(9_660, "2 h 41 min");
        check(273_600, "3 d 4 h");
    }

    #[test]
    fn a_window_is_a_minute_or_so_many() {
        assert_eq!([Window::One, Window::Ten].map(window), ["minute", "10 minutes"]);
    }

    #[test]
    fn what_has_two_equal_names_is_called_by_one() {
        assert_eq!(names([Some("a"), None, Some("b\0"), Some(" "), Some("a")]), ["a", "b"]);
    }
}
