//! All interfaces: a card each, of which those in sight are written. There may be ten thousand others.

use stats::Quantity;

use crate::model::find::{Place, full_name};
use crate::model::{Interface, Model, Target};

use super::{LocalTime, figures, status, words};

/// All interfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// By target, in the order of the file.
    pub groups: Vec<Group>,
    /// How many interfaces there are in all.
    pub count: usize,
    /// Changes with what [`labels`] says.
    pub listing: u64,
}

/// A target and its interfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What tells it from the others.
    pub key: String,
    /// What it is called here.
    pub name: String,
    /// What it calls itself and how it is read.
    pub about: String,
    /// What is wrong with it.
    pub trouble: Option<String>,
    /// Those of its interfaces that are in sight, in the order of the file.
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
    /// Where it is in the model.
    pub place: Place,
    /// What it is found by.
    pub label: Label,
    /// What comes in at present.
    pub inbound: String,
    /// What goes out at present.
    pub outbound: String,
    /// Why it passes nothing, where it does not.
    pub trouble: Option<&'static str>,
}

/// The labels of all interfaces of the group with that number, in the order of the file.
pub fn labels(model: &Model, group: usize) -> impl Iterator<Item = Label> {
    let target = model.targets.get(group);
    target.into_iter().flat_map(move |target| target.interfaces.iter().map(move |of| label(model, target, of)))
}

pub(super) fn overview(model: &Model, local: LocalTime) -> Overview {
    let groups = model.targets.iter().enumerate().map(|(number, target)| group(model, number, target, local));
    let count = model.targets.iter().map(|target| target.interfaces.len()).sum();
    Overview { groups: groups.collect(), count, listing: model.listing }
}

fn label(model: &Model, target: &Target, interface: &Interface) -> Label {
    let name = stats::clean(&interface.about.name);
    let alias = words::names([interface.about.if_alias.as_deref()]).into_iter().find(|alias| *alias != name);
    Label {
        key: interface.about.name.clone(),
        alias: alias.unwrap_or_default(),
        query: model.address.with_interface(Some(full_name(target, interface))).to_query(),
        name,
    }
}

fn group(model: &Model, number: usize, target: &Target, local: LocalTime) -> Group {
    let in_sight = target.interfaces.iter().enumerate().filter(|(_, of)| of.is_in_sight);
    let cards = in_sight.map(|(interface, of)| Card {
        place: Place { target: number, interface },
        label: label(model, target, of),
        inbound: figures::newest(&of.track, Quantity::InOctets, model.address.options.units),
        outbound: figures::newest(&of.track, Quantity::OutOctets, model.address.options.units),
        trouble: words::trouble(&of.about),
    });
    let name = stats::clean(&target.name);
    let about = words::names([target.sys_name.as_deref(), target.source.as_deref(), words::refresh(target).as_deref()]);
    let about: Vec<String> = about.into_iter().filter(|word| *word != name).collect();
    Group {
        key: target.name.clone(),
        about: about.join(" · "),
        trouble: status::trouble(target, local),
        cards: cards.collect(),
        name,
    }
}
