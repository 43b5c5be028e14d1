//! Which interfaces the overview shows, and in which order. Knows nothing of cards.
//!
//! The order by traffic follows it calmly: what is read and clicked on is not to be moved about each second.

use std::cmp::Ordering;
use std::time::Duration;

use stats::{AdminStatus, Monotonic, OperStatus, Quantity};

use super::find::Place;
use super::natural::natural;
use super::{Interface, Model, Target};
use crate::list::List;
use crate::lower::lower;
use crate::options::{Condition, Grouping, Listing, Sort};
use crate::order::order;

/// What the overview shows, in order.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// In groups.
    pub rows: Vec<Row>,
    /// Changes with them.
    pub revision: u64,
    /// What they were made of, and when.
    made: Option<(u64, Listing, Monotonic)>,
}

/// Interfaces that are shown together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The target that they are all of; `None` where they are of any.
    pub target: Option<usize>,
    /// The interfaces, in order.
    pub places: Vec<Place>,
}

/// How long an order stays as it is while nobody asks for another.
const CALM: Duration = Duration::from_secs(10);

/// What is sorted by is the average of so much time.
const LATELY: Duration = Duration::from_secs(30);

impl Model {
    /// Puts in order what the overview shows, where that may have changed.
    pub(super) fn put_in_order(&mut self, now: Monotonic) {
        let wanted = &self.address.options.listing;
        // What was up and what was down is not kept: where the view stands still, it is as it was when it was first asked for.
        let is_by_state = wanted.sort == Sort::Status || matches!(wanted.state, Condition::Up | Condition::Down);
        let is_by_load = wanted.sort == Sort::Traffic || wanted.state == Condition::Busy;
        let may_move = is_by_load || is_by_state && self.address.options.paused.is_none();
        let fits = self.order.made.as_ref().is_some_and(|(listing, options, made)| {
            (*listing, options) == (self.listing, wanted) && !(may_move && now.since(*made) >= CALM)
        });
        if fits {
            return;
        }
        let rows = self.rows();
        if rows != self.order.rows || self.order.made.as_ref().is_none_or(|(listing, ..)| *listing != self.listing) {
            self.order.revision += 1;
        }
        self.order.rows = rows;
        self.order.made = Some((self.listing, self.address.options.listing.clone(), now));
    }

    fn rows(&self) -> Vec<Row> {
        let listing = &self.address.options.listing;
        let search = self.search();
        let is_of = |target: &Target| listing.target.as_ref().is_none_or(|name| *name == target.name);
        let is_wanted = |place: &Place| {
            let (target, interface) = self.at(*place);
            is_of(target) && self.is_in(listing.state, interface) && search.finds(target, interface)
        };
        let mut rows: Vec<Row> = match listing.grouping {
            Grouping::Target => {
                let targets = self.targets.iter().enumerate().filter(|(_, of)| is_of(of));
                let rows = targets.map(|(target, of)| {
                    let places = (0..of.interfaces.len()).map(|interface| Place { target, interface });
                    Row { target: Some(target), places: places.filter(is_wanted).list() }
                });
                // A device without interfaces is there all the same, and may have something to say.
                let is_whole = listing.search.is_empty() && listing.state == Condition::Any;
                rows.filter(|row| is_whole || !row.places.is_empty()).list()
            }
            Grouping::None => vec![Row { target: None, places: self.places().filter(is_wanted).list() }],
        };
        for row in &mut rows {
            self.sort(&mut row.places, listing.sort);
        }
        rows
    }

    /// What is searched for: that text, or where it is in nothing, all of its words.
    fn search(&self) -> Search {
        let text = lower(self.address.options.listing.search.trim());
        let whole = Search(vec![text]);
        let is_found = self.places().any(|place| {
            let (target, interface) = self.at(place);
            whole.finds(target, interface)
        });
        if is_found { whole } else { Search(whole.0[0].split_whitespace().map(str::to_owned).list()) }
    }

    fn sort(&self, places: &mut Vec<Place>, sort: Sort) {
        let of = |number: usize| self.at(places[number]).1;
        let by = |compare: &dyn Fn(usize, usize) -> Ordering| order(places.len(), compare);
        let numbers = match sort {
            Sort::File => return,
            Sort::Name => by(&|one, other| natural(&of(one).about.name, &of(other).about.name)),
            Sort::Status => by(&|one, other| is_down(of(other)).cmp(&is_down(of(one)))),
            Sort::Traffic => {
                let loads: Vec<f64> = (0..places.len()).map(|number| self.load(of(number))).list();
                by(&|one, other| loads[other].total_cmp(&loads[one]))
            }
        };
        *places = numbers.into_iter().map(|number| places[number]).list();
    }

    fn is_in(&self, state: Condition, interface: &Interface) -> bool {
        match state {
            Condition::Any => true,
            Condition::Up => !is_down(interface),
            Condition::Down => is_down(interface),
            Condition::Busy => self.load(interface) > 0.0,
        }
    }

    /// What has passed through it lately, in octets a second; less than nothing where that is not known. Where the view
    /// stands still, what had passed by then.
    fn load(&self, interface: &Interface) -> f64 {
        let Some(newest) = interface.track.newest() else { return -1.0 };
        let end = self.address.options.paused.map_or(newest.end, |paused| paused.min(newest.end));
        let (mut octets, mut seconds) = (0.0, 0.0);
        for sample in interface.track.since(end.before(LATELY)).take_while(|sample| sample.end <= end) {
            let rates = [Quantity::InOctets, Quantity::OutOctets].map(|quantity| sample.per_second(quantity));
            if rates.iter().any(Option::is_some) {
                let duration = sample.duration.as_secs_f64();
                octets += rates.into_iter().flatten().sum::<f64>() * duration;
                seconds += duration;
            }
        }
        if seconds > 0.0 { octets / seconds } else { -1.0 }
    }

    /// The interface of those that the overview shows through which most passes, where something does.
    #[must_use]
    pub fn busiest(&self) -> Option<Place> {
        let (mut busiest, mut most) = (None, 0.0);
        for place in self.in_order() {
            let load = self.load(self.at(place).1);
            if load > most {
                (busiest, most) = (Some(place), load);
            }
        }
        busiest
    }

    /// How many of the interfaces that the overview shows are down.
    #[must_use]
    pub fn down(&self) -> usize {
        self.in_order().filter(|place| is_down(self.at(*place).1)).count()
    }

    /// What the overview shows, in order.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = Place> {
        let mut places = Vec::new();
        for row in &self.order.rows {
            places.extend_from_slice(&row.places);
        }
        places.into_iter()
    }

    /// How many interfaces the overview shows.
    #[must_use]
    pub fn listed(&self) -> usize {
        self.order.rows.iter().map(|row| row.places.len()).sum()
    }
}

/// Whether it is not up, as far as is known: switched off or not.
fn is_down(interface: &Interface) -> bool {
    let about = &interface.about;
    about.admin_status.is_some_and(|status| status != AdminStatus::Up)
        || about.oper_status.is_some_and(|status| !matches!(status, OperStatus::Up | OperStatus::Unknown))
}

/// Texts in small letters, each of which is in something that an interface or its target is called.
struct Search(Vec<String>);

impl Search {
    fn finds(&self, target: &Target, interface: &Interface) -> bool {
        let about = &interface.about;
        let others = [&target.sys_name, &about.if_alias, &about.if_descr, &about.if_name].map(Option::as_ref);
        let [sys_name, alias, description, if_name] = others;
        let names = [Some(&target.name), Some(&about.name), sys_name, alias, description, if_name];
        let names = names.into_iter().flatten().map(|name| lower(name)).list();
        self.0.iter().all(|text| names.iter().any(|name| holds(name, text)))
    }
}

/// Whether a text is in another. The standard library's way is made for long ones, and larger than all that is here.
fn holds(whole: &str, part: &str) -> bool {
    part.is_empty() || whole.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::model::{Arrival, Effect, Event};

    /// Interfaces as (name, alias, status, octets in the last second), and a device without any.
    fn file(interfaces: &[(&str, &str, &str, &str)], second: u64) -> String {
        let interfaces = interfaces.iter().map(|(name, alias, status, octets)| {
            format!(
                r#"{{"name":"{name}","ifAlias":"{alias}","operStatus":"{status}","samples":{{"first":{second},
                    "end":{second}000000,"duration":1000000,"inOctets":{octets}}}}}"#
            )
        });
        let interfaces: Vec<String> = interfaces.collect();
        format!(
            r#"{{"version":1,"written":{second}000000,"due":{}000000,"targets":[
                {{"name":"edge","sysName":"GW.example.net","interfaces":[{}]}},
                {{"name":"core","interfaces":[{{"name":"Port 2"}},{{"name":"Port 1"}}]}},
                {{"name":"dead","problem":"no answer","interfaces":[]}}]}}"#,
            second + 1,
            interfaces.join(",")
        )
    }

    const EDGE: [(&str, &str, &str, &str); 4] = [
        ("ge-10", "Uplink Köln", "up", "5"),
        ("ge-9", "spare", "lowerLayerDown", "0"),
        ("Ge-1", "", "up", "700"),
        ("lo", "", "unknown", "0"),
    ];

    fn tell(model: &mut Model, file: &str, second: u64) {
        let now = Monotonic::new(Duration::from_secs(second));
        for effect in model.update(Event::Woke, now) {
            if let Effect::Fetch(fetch) = effect {
                let arrival = Arrival { text: file.into(), testimony: crate::model::testimony::Testimony::default() };
                model.update(Event::Fetched(fetch, Ok(arrival)), now);
            }
        }
    }

    fn shown(model: &Model) -> String {
        let name = |place: &Place| model.at(*place).1.about.name.clone();
        let rows = model.order.rows.iter().map(|row| {
            let names: Vec<String> = row.places.iter().map(name).collect();
            format!("{}: {}", row.target.map_or("all", |target| &model.targets[target].name), names.join(" "))
        });
        rows.collect::<Vec<_>>().join("; ")
    }

    #[track_caller]
    fn check(query: &str, expected: &str) {
        let mut model = Model::new(Address::parse(query), 1);
        tell(&mut model, &file(&EDGE, 1_000), 0);
        assert_eq!(shown(&model), expected);
    }

    #[test]
    fn all_are_shown_in_the_order_of_the_file() {
        check("", "edge: ge-10 ge-9 Ge-1 lo; core: Port 2 Port 1; dead: ");
        check("?group=none", "all: ge-10 ge-9 Ge-1 lo Port 2 Port 1");
    }

    #[test]
    fn names_are_in_natural_order() {
        check("?sort=name", "edge: Ge-1 ge-9 ge-10 lo; core: Port 1 Port 2; dead: ");
    }

    #[test]
    fn what_carries_most_comes_first_and_the_unknown_last() {
        check("?sort=traffic&group=none", "all: Ge-1 ge-10 ge-9 lo Port 2 Port 1");
    }

    #[test]
    fn what_is_down_comes_first_by_status() {
        check("?sort=status&target=edge", "edge: ge-9 ge-10 Ge-1 lo");
    }

    #[test]
    fn states_are_told_apart() {
        check("?state=up", "edge: ge-10 Ge-1 lo; core: Port 2 Port 1");
        check("?state=down", "edge: ge-9");
        check("?state=busy", "edge: ge-10 Ge-1");
    }

    #[test]
    fn what_is_searched_for_is_in_some_name_or_else_its_words_are() {
        check("?q=KÖLN", "edge: ge-10");
        check("?q=gw ge-", "edge: ge-10 ge-9 Ge-1");
        check("?q=port 1", "core: Port 1");
        check("?q=1", "edge: ge-10 Ge-1; core: Port 1");
        check("?q=1 up", "edge: ge-10");
        check("?q=nothing", "");
        check("?target=dead", "dead: ");
        check("?target=dead&q=ge", "");
    }

    #[test]
    fn where_the_view_stands_still_the_order_is_that_of_then() {
        let mut model = Model::new(Address::parse("?sort=traffic&target=edge&at=1005000"), 1);
        let mut edge = EDGE;
        for (second, octets) in [(1_000, "5"), (1_011, "9000"), (1_022, "90000")] {
            edge[0].3 = octets;
            tell(&mut model, &file(&edge, second), second - 1_000);
            assert_eq!(shown(&model), "edge: Ge-1 ge-10 ge-9 lo");
        }
        model.address.options.listing.state = Condition::Busy;
        model.address.options.paused = Some(stats::Timestamp::default());
        tell(&mut model, &file(&edge, 1_023), 23);
        assert_eq!(shown(&model), "");
    }

    #[test]
    fn where_the_view_stands_still_what_is_down_stays_first() {
        let mut model = Model::new(Address::parse("?sort=status&target=edge"), 1);
        tell(&mut model, &file(&EDGE, 1_000), 0);
        let mut edge = EDGE;
        edge[0].2 = "down";
        model.address.options.paused = Some(stats::Timestamp::from_micros(1_000_000_000));
        tell(&mut model, &file(&edge, 1_011), 11);
        assert_eq!(shown(&model), "edge: ge-9 ge-10 Ge-1 lo");
        edge[1].2 = "up";
        tell(&mut model, &file(&edge, 1_022), 22);
        assert_eq!(shown(&model), "edge: ge-9 ge-10 Ge-1 lo");
        model.address.options.paused = None;
        tell(&mut model, &file(&edge, 1_033), 33);
        assert_eq!(shown(&model), "edge: ge-10 ge-9 Ge-1 lo");
    }

    #[test]
    fn the_order_by_traffic_changes_calmly() {
        let mut model = Model::new(Address::parse("?sort=traffic&target=edge"), 1);
        tell(&mut model, &file(&EDGE, 1_000), 0);
        let revision = model.order.revision;
        let mut edge = EDGE;
        edge[0].3 = "9000";
        tell(&mut model, &file(&edge, 1_005), 5);
        assert_eq!((shown(&model).as_str(), model.order.revision), ("edge: Ge-1 ge-10 ge-9 lo", revision));
        tell(&mut model, &file(&edge, 1_011), 11);
        assert_eq!((shown(&model).as_str(), model.order.revision), ("edge: ge-10 Ge-1 ge-9 lo", revision + 1));
        tell(&mut model, &file(&edge, 1_030), 30);
        assert_eq!(model.order.revision, revision + 1);
    }
}
