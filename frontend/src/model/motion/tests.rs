//! How far behind graphs are drawn, and that nothing but time moves them.

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn at(millis: u64) -> Monotonic {
    Monotonic::new(Duration::from_millis(millis))
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// How far behind the writer's clock a graph is drawn, in milliseconds, after files of such ages.
#[track_caller]
fn check_delay(ages: &[u64], interval: Duration, expected_age: u64, expected: u64) {
    let mut motion = Motion::default();
    for age in ages {
        motion.received(ms(*age));
    }
    assert_eq!(motion.delay(interval, ms(expected_age)), ms(expected));
}

#[test]
fn a_sample_is_there_before_it_must_be_shown() {
    check_delay(&[520, 530], SECOND, 0, 1_000 + 250 + 530 + 150);
    check_delay(&[30_010], SECOND * 60, 0, 60_000 + 500 + 30_010 + 150);
}

#[test]
fn an_agent_that_answers_from_a_cache_is_shown_later() {
    check_delay(&[1_500, 2_500, 3_500, 1_500, 2_500], SECOND, 0, 4_900);
    check_delay(&[1_500], SECOND, 4_500, 5_900);
}

#[test]
fn one_late_file_among_many_changes_nothing() {
    check_delay(&[&[520; 12][..], &[1_900]].concat(), SECOND, 0, 1_920);
    check_delay(&[&[520; 12][..], &[1_900, 520, 1_800]].concat(), SECOND, 0, 3_200);
}

/// Files each second, as late as said, from the page's time 0 on; between them the page looks each 16 ms. The writer's
/// clock is the page's. Tells what is shown and what is known then, in milliseconds, at each look.
fn watch(lateness: &[u64], interval: u64) -> Vec<(u64, f64, f64)> {
    let mut motion = Motion::default();
    let (mut known_ms, mut seen) = (f64::NEG_INFINITY, Vec::new());
    let mut files =
        lateness.iter().zip(1..).map(|(late, number)| (number * interval + late, number * interval)).peekable();
    for now in (0..(lateness.len() as u64) * interval).step_by(16) {
        while let Some((written, end)) = files.next_if(|(written, _)| *written <= now) {
            motion.received(ms(written - end + interval / 2));
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let middle = (end - interval / 2) as f64;
            known_ms = middle;
        }
        if known_ms > 0.0 {
            motion.follow(0, ms(interval), Duration::ZERO, at(now));
            let shown = motion.clock(None, Duration::ZERO).unwrap().shown_at(millis_of(at(now)));
            seen.push((now, shown, known_ms));
        }
    }
    seen
}

#[test]
fn irregular_files_change_nothing_about_the_speed() {
    let lateness: Vec<u64> = (0..60).map(|number: u64| number * 7_919 % 120).collect();
    for interval in [500, 1_000, 5_000] {
        let seen = watch(&lateness, interval);
        for pair in seen.windows(2) {
            let moved = pair[1].1 - pair[0].1;
            assert!((moved - 16.0).abs() < 0.01, "{moved} ms in 16 ms at {} ms", pair[1].0);
        }
    }
}

#[test]
fn a_line_reaches_the_right_edge_all_the_time() {
    let lateness: Vec<u64> = (0..60).map(|number: u64| number * 7_919 % 100).collect();
    for interval in [200, 1_000, 5_000, 60_000] {
        // The first file tells neither how late others will be nor when.
        for (now, shown, known) in watch(&lateness, interval).into_iter().filter(|(now, ..)| *now > interval * 2) {
            assert!(shown <= known, "{} ms of nothing at {now} ms", shown - known);
        }
    }
}

#[test]
fn what_is_late_for_good_is_followed_without_a_jump_or_a_standstill() {
    let lateness = [&[0; 20][..], &[1_500; 60]].concat();
    let seen = watch(&lateness, 1_000);
    for pair in seen.windows(2) {
        let moved = pair[1].1 - pair[0].1;
        assert!((12.0..=17.0).contains(&moved), "{moved} ms in 16 ms at {} ms", pair[1].0);
    }
    assert!(seen.last().is_some_and(|(_, shown, known)| shown <= known));
}

fn following() -> Motion {
    let mut motion = Motion::default();
    follow(&mut motion, 0, 0);
    motion
}

/// Follows the writer's clock, so many milliseconds ahead of the page's, 1,650 ms behind it.
fn follow(motion: &mut Motion, anchor_ms: i64, now: u64) {
    motion.follow(anchor_ms * 1_000, SECOND, ms(250), at(now));
}

/// The file's time at the right edge at that time of the page, behind the writer's clock.
#[track_caller]
fn check_behind(motion: &Motion, anchor_ms: f64, now: u64, expected: f64) {
    let page_ms = millis_of(at(now));
    let behind = motion.clock(None, Duration::ZERO).map(|clock| anchor_ms + page_ms - clock.shown_at(page_ms));
    assert!(behind.is_some_and(|behind| (behind - expected).abs() < 0.01), "{behind:?} is not {expected}");
}

#[test]
fn a_correction_is_spread_over_time() {
    let mut motion = following();
    follow(&mut motion, 1_800, 1_000);
    check_behind(&motion, 1_800.0, 1_000, 3_450.0);
    check_behind(&motion, 1_800.0, 2_000, 3_330.0);
    follow(&mut motion, 1_800, 16_000);
    check_behind(&motion, 1_800.0, 16_000, 1_650.0);
    check_behind(&motion, 1_800.0, 60_000, 1_650.0);
}

#[test]
fn what_cannot_be_seen_is_not_corrected() {
    let mut motion = following();
    follow(&mut motion, 50, 9_000);
    check_behind(&motion, 50.0, 9_000, 1_700.0);
}

#[test]
fn what_is_an_interval_too_late_is_left_as_it_is() {
    let mut motion = following();
    follow(&mut motion, 900, 1_000);
    check_behind(&motion, 900.0, 9_000, 2_550.0);
}

#[test]
fn a_large_correction_is_made_at_once() {
    let mut motion = following();
    follow(&mut motion, 60_000, 1_000);
    check_behind(&motion, 60_000.0, 1_000, 1_650.0);
}

#[test]
fn the_graph_stands_where_nothing_more_comes() {
    let mut motion = following();
    let last = Timestamp::from_micros(4_000_000);
    follow(&mut motion, 0, 5_000);
    assert_eq!(motion.clock(Some(last), Duration::ZERO), Some(DisplayClock::new(-1_650.0)));
    follow(&mut motion, 0, 6_000);
    assert_eq!(motion.clock(Some(last), Duration::ZERO), Some(DisplayClock::Standing { shown_ms: 4_000.0 }));
}

#[test]
fn what_is_over_is_seen_whole_at_once() {
    let mut motion = following();
    motion.follow(0, ms(60_000), ms(29_350), at(60_000));
    let end = Timestamp::from_micros(60_000_000);
    assert_eq!(motion.last_clock(end, Duration::ZERO), Some(DisplayClock::Standing { shown_ms: 60_000.0 }));
}
