//! The words beside a graph: the labels of the time axis, how long ago something was, and why there is a gap.

use std::time::Duration;

use stats::GapReason;

use crate::list::List;

use super::series::{Quality, Span};

/// A label of the time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeTick {
    /// How far from the left edge, as a share of the width.
    pub share_of_width: f64,
    /// `now`, `−1:00`.
    pub label: String,
}

/// The labels of the time axis, from now on back. They do not scroll: what they say is how long ago a place is.
#[must_use]
pub fn time_ticks(window_ms: f64, width: f64) -> Vec<TimeTick> {
    /// CSS pixels from one label to the next, at least.
    const APART: f64 = 64.0;
    const SECONDS: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0];

    let mut steps = SECONDS.into_iter().map(|seconds| seconds * 1_000.0);
    // Where even the longest is too short, there is room for one label.
    let step = steps.find(|step| step / window_ms * width >= APART).unwrap_or(f64::INFINITY);
    let times_ms = std::iter::successors(Some(0.0), |ms| Some(ms + step)).take_while(|ms| *ms <= window_ms + 0.5);
    times_ms.map(|ms| TimeTick { share_of_width: 1.0 - ms / window_ms, label: ago(ms) }).list()
}

/// How long ago: `now`, `−0:07`, `−12:30`.
#[must_use]
pub fn ago(ms: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a window is minutes long")]
    let seconds = (ms / 1_000.0).round().max(0.0) as u64;
    if seconds == 0 { "now".to_owned() } else { format!("−{}:{:02}", seconds / 60, seconds % 60) }
}

/// How much is known of a span, for people: `fine`, `cache 3.1 s`, `gap`.
#[must_use]
pub fn quality_in_a_word(span: &Span, refresh: Option<Duration>) -> String {
    match span.quality(refresh) {
        Quality::Fine => "fine".to_owned(),
        Quality::Cached => format!("cache {}", seconds(refresh.unwrap_or_default())),
        Quality::Part => format!("without {}", span.without),
        Quality::Gap => "gap".to_owned(),
    }
}

/// What is to be said of a span beside its rates: why there are none, or what is peculiar about them.
#[must_use]
pub fn remark(span: &Span, refresh: Option<Duration>) -> Option<String> {
    match (&span.gap, span.quality(refresh)) {
        (Some(reason), _) => Some(reason_in_words(reason).to_owned()),
        (None, Quality::Part) => Some(format!("without {} that are not known", span.without)),
        (None, Quality::Cached) => {
            Some(format!("from the agent’s cache, refreshed each {}", seconds(refresh.unwrap_or_default())))
        }
        _ => None,
    }
}

/// `3.1 s`, `10 s`.
fn seconds(duration: Duration) -> String {
    let tenths = duration.as_secs() * 10 + u64::from((duration.subsec_millis() + 50) / 100);
    match tenths % 10 {
        0 => format!("{} s", tenths / 10),
        rest => format!("{}.{rest} s", tenths / 10),
    }
}

/// Why there is a gap, for people.
#[must_use]
pub fn reason_in_words(reason: &GapReason) -> &str {
    match reason {
        GapReason::NoAnswer => "no answer from the device",
        GapReason::BadAnswer => "an answer that makes no sense",
        GapReason::Restarted => "the device was restarted",
        GapReason::Discontinuity => "the counters were reset",
        GapReason::Implausible => "the counter jumped by more than the link can carry",
        GapReason::Absent => "the interface was not there",
        GapReason::Ambiguous => "read too seldom for a 32-bit counter on this link",
        GapReason::CollectorStopped => "the collector was not running",
        GapReason::Other(words) => words,
    }
}

#[cfg(test)]
mod tests {
    use super::super::traffic::Rates;
    use super::*;

    #[track_caller]
    fn check(window_s: f64, width: f64, expected: &[&str]) {
        let ticks = time_ticks(window_s * 1_000.0, width);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, expected);
    }

    #[test]
    fn minutes_on_a_wide_screen() {
        check(
            300.0,
            1_200.0,
            &["now", "−0:30", "−1:00", "−1:30", "−2:00", "−2:30", "−3:00", "−3:30", "−4:00", "−4:30", "−5:00"],
        );
        check(300.0, 600.0, &["now", "−1:00", "−2:00", "−3:00", "−4:00", "−5:00"]);
    }

    #[test]
    fn fewer_on_a_narrow_one() {
        check(300.0, 310.0, &["now", "−2:00", "−4:00"]);
        check(60.0, 320.0, &["now", "−0:15", "−0:30", "−0:45", "−1:00"]);
        check(60.0, 10.0, &["now"]);
    }

    #[test]
    fn labels_are_where_they_say() {
        let ticks = time_ticks(60_000.0, 320.0);
        assert_eq!(ticks.iter().map(|tick| tick.share_of_width).collect::<Vec<f64>>(), [1.0, 0.75, 0.5, 0.25, 0.0]);
    }

    #[test]
    fn what_is_known_is_said_with_the_reason_or_the_period() {
        let check = |gap: Option<GapReason>, refresh: Option<u64>, word: &str, expected: Option<&str>| {
            let span = Span { start_ms: 0.0, end_ms: 3_060.0, rates: Rates::default(), gap, without: 0 };
            let refresh = refresh.map(Duration::from_millis);
            assert_eq!(quality_in_a_word(&span, refresh), word);
            assert_eq!(remark(&span, refresh).as_deref(), expected);
        };
        check(None, None, "fine", None);
        check(None, Some(3_060), "cache 3.1 s", Some("from the agent’s cache, refreshed each 3.1 s"));
        check(None, Some(3_000), "cache 3 s", Some("from the agent’s cache, refreshed each 3 s"));
        check(Some(GapReason::NoAnswer), Some(3_060), "gap", Some("no answer from the device"));
    }

    #[test]
    fn ago_is_minutes_and_seconds() {
        assert_eq!(ago(499.0), "now");
        assert_eq!(ago(7_400.0), "−0:07");
        assert_eq!(ago(750_000.0), "−12:30");
        assert_eq!(ago(-5_000.0), "now");
    }
}
