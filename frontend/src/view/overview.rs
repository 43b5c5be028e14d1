//! All interfaces: a card each, of which those in sight are written. There may be ten thousand others.

use stats::Quantity;

use crate::list::List;
use crate::model::Model;
use crate::model::find::{Place, full_name};
use crate::model::order::Row;
use crate::options::{Condition, Sort};
use crate::plot::Direction;

use super::{LocalTime, figures, status, words};

/// All interfaces, or those that the viewer asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// In the order that the viewer asks for.
    pub groups: Vec<Group>,
    /// How many interfaces there are in all.
    pub count: usize,
    /// How many of them are shown, where the viewer asks for some: `12 of 48 interfaces`.
    pub found: String,
    /// The devices that can be asked for, where there are several.
    pub targets: Vec<String>,
    /// Changes with what [`labels`] says.
    pub revision: u64,
}

/// Interfaces that are shown together: those of a target, where they are not in one row with all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What tells it from the others.
    pub key: String,
    /// What the target is called here; empty where these are of any.
    pub name: String,
    /// What it calls itself and how it is read.
    pub about: String,
    /// What is wrong with it.
    pub trouble: Option<String>,
    /// Those interfaces that are in sight, in order.
    pub cards: Vec<Card>,
}

/// What is on a card before it comes into sight: what it is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What tells it from the others of its target.
    pub key: String,
    /// What it is called here.
    pub name: String,
    /// What the people who run the device call it.
    pub alias: String,
    /// The query that opens it.
    pub query: String,
}

/// An interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its number in its group.
    pub number: usize,
    /// Where it is in the model.
    pub place: Place,
    /// What it is found by.
    pub label: Label,
    /// What the two directions are called.
    pub labels: [String; 2],
    /// What comes in at present.
    pub inbound: String,
    /// What goes out at present.
    pub outbound: String,
    /// Why it passes nothing, where it does not.
    pub trouble: Option<&'static str>,
}

/// The labels of all interfaces of the group with that number, in order.
pub fn labels(model: &Model, group: usize) -> impl Iterator<Item = Label> {
    model
        .order
        .rows
        .get(group)
        .into_iter()
        .flat_map(move |row| row.places.iter().map(move |place| label(model, row, *place)))
}

pub(super) fn overview(model: &Model, local: LocalTime) -> Overview {
    let count = model.targets.iter().map(|target| target.interfaces.len()).sum();
    let several = model.targets.len() > 1;
    let mut found = match model.listed() {
        listed if listed == count => interfaces(count),
        listed => format!("{listed} of {}", interfaces(count)),
    };
    let listing = &model.address.options.listing;
    let is_by_traffic = listing.sort == Sort::Traffic || listing.state == Condition::Busy;
    if is_by_traffic && model.has_listing() {
        found.push_str("; of those that have not been in sight no traffic is known");
    }
    Overview {
        groups: model.order.rows.iter().map(|row| group(model, row, local)).list(),
        count,
        found,
        targets: model.targets.iter().filter(|_| several).map(|target| target.name.clone()).list(),
        revision: model.order.revision,
    }
}

/// So many of them, in words.
pub(super) fn interfaces(count: usize) -> String {
    format!("{count} interface{}", if count == 1 { "" } else { "s" })
}

fn label(model: &Model, row: &Row, place: Place) -> Label {
    let (target, interface) = model.at(place);
    let key = full_name(target, interface);
    let name = stats::clean(&interface.about.name);
    // Where those of all targets are in one row, it is to be told which is whose.
    let target = Some(target.name.as_str()).filter(|_| row.target.is_none() && model.targets.len() > 1);
    let mut about = words::names([interface.about.if_alias.as_deref()]);
    about.retain(|alias| *alias != name);
    if let Some(target) = target {
        about.insert(0, stats::clean(target));
    }
    Label { alias: about.join(" · "), query: model.address.with_interface(Some(key.clone())).to_query(), key, name }
}

fn group(model: &Model, row: &Row, local: LocalTime) -> Group {
    let in_sight = row.places.iter().enumerate().filter(|(_, place)| model.at(**place).1.is_in_sight);
    let cards = in_sight.map(|(number, place)| {
        let interface = model.at(*place).1;
        let setting = model.setting(*place);
        let newest = model.newest_seen(*place);
        let now = |quantity| figures::now(newest.as_ref(), quantity, setting.units);
        Card {
            number,
            place: *place,
            label: label(model, row, *place),
            labels: Direction::both(|direction| setting.label(direction).to_owned()),
            inbound: now(Quantity::InOctets),
            outbound: now(Quantity::OutOctets),
            trouble: words::trouble(&interface.about),
        }
    });
    let cards = cards.list();
    let Some(target) = row.target.and_then(|target| model.targets.get(target)) else {
        return Group { key: String::new(), name: String::new(), about: String::new(), trouble: None, cards };
    };
    let name = stats::clean(&target.name);
    let [refresh, waiting] = [words::refresh(target), words::waiting(target)];
    let about = [target.sys_name.as_deref(), target.source.as_deref(), refresh.as_deref(), waiting.as_deref()];
    let mut about = words::names(about);
    about.retain(|word| *word != name);
    Group { key: target.name.clone(), about: about.join(" · "), trouble: status::trouble(target, local), cards, name }
}
