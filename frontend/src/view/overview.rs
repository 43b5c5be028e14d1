//! All interfaces: a card each.

use stats::Quantity;

use crate::model::find::{Place, full_name};
use crate::model::{Model, Target};

use super::{figures, status, words};

/// All interfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// By target, in the order of the file.
    pub groups: Vec<Group>,
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
    /// Its interfaces, in the order of the file.
    pub cards: Vec<Card>,
}

/// An interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Where it is in the model.
    pub place: Place,
    /// What tells it from the others of its target.
    pub key: String,
    /// What it is called here.
    pub name: String,
    /// What the people who run the device call it.
    pub alias: String,
    /// The query that opens it.
    pub query: String,
    /// What comes in at present.
    pub inbound: String,
    /// What goes out at present.
    pub outbound: String,
    /// Why it passes nothing, where it does not.
    pub trouble: Option<&'static str>,
}

pub(super) fn overview(model: &Model) -> Overview {
    let groups = model.targets.iter().enumerate().map(|(number, target)| group(model, number, target));
    Overview { groups: groups.collect() }
}

fn group(model: &Model, number: usize, target: &Target) -> Group {
    let cards = target.interfaces.iter().enumerate().map(|(interface, of)| {
        let name = stats::clean(&of.about.name);
        let alias = words::names([of.about.if_alias.as_deref()]).into_iter().find(|alias| *alias != name);
        Card {
            place: Place { target: number, interface },
            key: of.about.name.clone(),
            alias: alias.unwrap_or_default(),
            query: model.address.with_interface(Some(full_name(target, of))).to_query(),
            inbound: figures::newest(&of.track, Quantity::InOctets),
            outbound: figures::newest(&of.track, Quantity::OutOctets),
            trouble: words::trouble(&of.about),
            name,
        }
    });
    let name = stats::clean(&target.name);
    let about = words::names([target.sys_name.as_deref(), target.source.as_deref(), words::refresh(target).as_deref()]);
    let about: Vec<String> = about.into_iter().filter(|word| *word != name).collect();
    Group {
        key: target.name.clone(),
        about: about.join(" · "),
        trouble: status::trouble(target),
        cards: cards.collect(),
        name,
    }
}
