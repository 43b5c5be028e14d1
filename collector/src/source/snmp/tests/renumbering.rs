//! Interfaces whose numbers change, with and without a sign of it.

use super::*;

impl Scene {
    fn swap(&self) {
        self.device().renumber(|index| 3 - index);
    }

    /// Each interface's name and the number that its counters were read under.
    fn places(&mut self) -> Vec<(String, u32)> {
        self.read().into_iter().map(|(interface, reading)| (interface.name.clone(), reading.index.unwrap())).collect()
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
    assert_eq!((after[0].0.name.as_str(), after[1].0.name.as_str()), ("Fa2", "Gi1"));
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
