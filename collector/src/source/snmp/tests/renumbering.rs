//! Interfaces whose numbers change, with and without a sign of it.

use super::*;

impl Scene {
    fn swap(&self) {
        self.device().renumber(|index| 3 - index);
    }

    /// Each interface's name and the number that its counters were read under.
    fn places(&mut self) -> Vec<(String, u32)> {
        self.read()
            .into_iter()
            .map(|(interface, reading)| (interface.name().to_owned(), reading.index.unwrap()))
            .collect()
    }
}

#[test]
fn where_the_table_says_that_it_changed_nothing_is_read_under_a_name_that_is_not_its_own() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.set("1.3.6.1.2.1.31.1.5.0", Value::TimeTicks(0));
    scene.read();
    scene.swap();
    scene.set("1.3.6.1.2.1.31.1.5.0", Value::TimeTicks(1_000_001));
    assert_eq!(scene.places(), []);
    assert_eq!(scene.places(), [("Fa2".to_owned(), 1), ("Gi1".to_owned(), 2)]);
}

#[test]
fn where_the_table_says_that_it_changed_all_that_stayed_is_read() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.set("1.3.6.1.2.1.31.1.5.0", Value::TimeTicks(0));
    scene.read();
    scene.set("1.3.6.1.2.1.31.1.5.0", Value::TimeTicks(1_000_001));
    assert_eq!(scene.places().len(), 2);
}

#[test]
fn a_change_without_a_sign_is_found_in_time_and_makes_a_gap() {
    let mut scene = Scene::of(TWO_PORTS);
    let before = scene.read();
    scene.swap();
    scene.let_a_minute_pass();
    scene.read();
    let after = scene.read();
    assert_eq!((after[0].0.name(), after[1].0.name()), ("Fa2", "Gi1"));
    // Whatever the counters are at.
    let gap = stats::difference(&before[0].1, &after[1].1, None);
    assert_eq!(gap, Err(stats::GapReason::Discontinuity));
}

#[test]
fn a_table_that_is_renumbered_while_it_is_walked_is_walked_again() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.read();
    // The names were walked before, and are verified after.
    let (table, _) = scene.source.known.as_mut().unwrap();
    let mut watched = table.watched.clone();
    scene.swap();
    verify(&mut scene.source.session, &mut watched).unwrap();
    assert!(watched.iter().all(Watched::is_lost));
    assert!(!watched.iter().any(Watched::is_read));
}

/// Restarts a device of two equal ports, which it numbers the other way round from then on, and does not let it be described
/// at once.
fn renumbered_by_a_restart_and_not_described_at_once() -> Scene {
    let mut scene = Scene::with(test_agent::switch(2, test_agent::Port::Wide), Selection::All);
    scene.read();
    {
        let mut device = scene.device();
        device.pass(Duration::from_secs(20));
        device.restart();
        device.misbehave(Fault::Drop);
    }
    scene.swap();
    scene
}

#[test]
fn a_restart_after_which_a_description_fails_leaves_no_old_numbers_in_use() {
    let mut scene = renumbered_by_a_restart_and_not_described_at_once();
    scene.device().behave();
    scene.device().misbehave(Fault::Endless);
    scene.check_error("its interface table does not end");
    scene.device().behave();
    scene.device().pass(Duration::from_secs(1));
    assert_eq!(scene.places(), [("Gi2".to_owned(), 1), ("Gi1".to_owned(), 2)]);
}

#[test]
fn a_restart_that_is_first_seen_by_a_description_in_passing_leaves_no_old_numbers_in_use() {
    let mut scene = renumbered_by_a_restart_and_not_described_at_once();
    // The agent is asked who it is, which succeeds, and then for its interfaces, which does not.
    scene.device().behave();
    scene.device().misbehave(Fault::Endless);
    scene.let_a_minute_pass();
    scene.source.describe_in_passing();
    scene.device().behave();
    scene.device().pass(Duration::from_secs(1));
    assert_eq!(scene.places(), [("Gi2".to_owned(), 1), ("Gi1".to_owned(), 2)]);
}

#[test]
fn what_was_chosen_before_a_restart_stays_chosen_though_the_link_is_down_and_a_description_fails() {
    let mut scene = Scene::with(recording(TWO_PORTS), Selection::Usable);
    scene.read();
    scene.set("1.3.6.1.2.1.2.2.1.8.2", Value::Integer(2));
    scene.set("1.3.6.1.2.1.1.3.0", Value::TimeTicks(100));
    scene.device().misbehave(Fault::Endless);
    scene.check_error("its interface table does not end");
    scene.device().behave();
    scene.check_names(&["Gi1", "Fa2"]);
}
