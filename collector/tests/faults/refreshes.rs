//! Devices that look at their counters less often than they are asked.

use std::ops::Range;
use std::thread::sleep;
use std::time::Duration;

use stats::{Sample, StatsFile};
use test_agent::{Device, Port, Refresh, switch};

use crate::scene::{RATE, Scene, gaps, octets};

const SECOND: Duration = Duration::from_secs(1);

fn refreshed(refresh: Refresh) -> Scene {
    let mut device = Device::new(switch(2, Port::Wide));
    device.refresh(refresh);
    Scene::of(device)
}

#[track_caller]
fn wait_for_period(scene: &Scene, millis: Range<u128>) {
    scene.wait_until("that the period is known", || {
        let refresh = scene.target().and_then(|target| target.refresh);
        refresh.is_some_and(|refresh| millis.contains(&refresh.as_millis()))
    });
}

/// From that sample on and until the traffic ends, all have the true rate: a constant load is a flat line.
#[track_caller]
fn check_flat(samples: &[Sample], from: usize) {
    let last = samples.iter().rposition(|sample| octets(sample) > Some(0)).unwrap();
    // The last one has the end of the traffic in it.
    assert!(last > from + 1, "{from} {samples:#?}");
    for sample in &samples[from..last] {
        let passed = u128::from(octets(sample).unwrap()) * 1_000_000 / sample.duration.as_micros();
        let right = u128::from(RATE) * 95 / 100..=u128::from(RATE) * 105 / 100;
        assert!(right.contains(&passed), "{passed} octets a second: {sample:?} in {samples:#?}");
    }
}

#[test]
fn a_device_that_refreshes_by_its_own_timer_draws_a_flat_line() {
    let scene = refreshed(Refresh::Timer { period: SECOND, jitter: Duration::ZERO });
    let beginning = scene.begin("Gi1", 1);
    wait_for_period(&scene, 950..1_050);
    let from = scene.samples("Gi1").len();
    scene.wait_for_traffic("Gi1", 5);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    story.check_unbroken(&counted);
    check_flat(&story.samples, from);
}

#[test]
fn what_has_not_changed_is_not_written_again_before_it_is_due() {
    let scene = refreshed(Refresh::Timer { period: SECOND, jitter: Duration::ZERO });
    wait_for_period(&scene, 950..1_050);
    let mut files: Vec<StatsFile> = scene.index().into_iter().collect();
    let end = scene.device().refreshes() + 5;
    while scene.device().refreshes() < end {
        let file = scene.index().unwrap();
        if files.last().is_none_or(|last| last.written != file.written) {
            files.push(file);
        }
        sleep(Duration::from_millis(5));
    }
    for (before, after) in files.iter().zip(&files[1..]) {
        let newest = |file: &StatsFile| file.targets[0].interfaces[0].samples.newest(1);
        // Due is what the next reading shows, and a reading may take half an interval.
        let is_due = after.written.unwrap().after(Duration::from_millis(50)) >= before.due.unwrap();
        assert!(newest(before) != newest(after) || is_due, "{before:#?} {after:#?}");
    }
    let is_quiet = |file: &StatsFile| file.due.unwrap().since(file.written.unwrap()) > Duration::from_millis(300);
    assert!(files.iter().filter(|file| is_quiet(file)).count() >= 3, "{files:#?}");
}

#[test]
fn a_device_that_refreshes_when_it_is_asked_has_no_zeros_and_no_spikes() {
    let scene = refreshed(Refresh::OnDemand { period: SECOND });
    let beginning = scene.begin("Gi1", 1);
    wait_for_period(&scene, 900..1_500);
    scene.wait_for_traffic("Gi1", 4);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_unbroken(&counted);
}

#[test]
fn a_device_whose_timer_is_late_at_times_has_no_zeros_and_no_spikes() {
    let scene = refreshed(Refresh::Timer { period: SECOND, jitter: SECOND / 4 });
    let beginning = scene.begin("Gi1", 1);
    // One refresh is from 0.75 to 1.25 s after another, and seen within 0.1 s.
    wait_for_period(&scene, 650..1_350);
    scene.wait_for_traffic("Gi1", 4);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_unbroken(&counted);
}

#[test]
fn a_period_that_changes_is_learned_again_and_nothing_is_lost() {
    let scene = refreshed(Refresh::Timer { period: SECOND / 2, jitter: Duration::ZERO });
    let beginning = scene.begin("Gi1", 1);
    wait_for_period(&scene, 475..525);
    scene.device().refresh(Refresh::Timer { period: SECOND * 2, jitter: Duration::ZERO });
    wait_for_period(&scene, 1_900..2_100);
    let from = scene.samples("Gi1").len();
    scene.wait_for_traffic("Gi1", 4);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    // Until it is noticed, a refresh that does not come looks as if nothing had passed.
    story.check_sum(&counted);
    assert!(gaps(&story.samples).is_empty(), "{:#?}", story.samples);
    check_flat(&story.samples, from);
}

#[test]
fn a_device_that_is_live_is_known_to_be() {
    let scene = Scene::of_switch();
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 10);
    assert_eq!(scene.target().unwrap().refresh, None);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    story.check_unbroken(&counted);
    assert!(!story.log.contains("refresh"), "{}", story.log);
}
