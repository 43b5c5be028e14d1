//! The sum of what the overview shows, in words.

use stats::Quantity;

use crate::model::Model;
use crate::model::total::Total;

use super::figures;
use super::overview::interfaces;

/// The sum in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Of what it is.
    pub about: String,
    /// What comes in at present.
    pub inbound: String,
    /// What goes out at present.
    pub outbound: String,
}

/// The sum in words.
#[must_use]
pub fn total(model: &Model, total: &Total) -> Sum {
    let now = |quantity| figures::now(total.samples.last(), quantity, model.address.options.units);
    let left_out = match total.left_out {
        0 => String::new(),
        1 => "; of another nothing is known".to_owned(),
        left_out => format!("; of {left_out} others nothing is known"),
    };
    let without = match total.without.last() {
        None | Some(0) => String::new(),
        Some(without) => format!("; {without} not known at present"),
    };
    let others = match model.listed().saturating_sub(total.of + total.left_out) {
        0 => String::new(),
        1 => "; another counts something else".to_owned(),
        others => format!("; {others} others count something else"),
    };
    Sum {
        about: format!("of {}{without}{left_out}{others}", interfaces(total.of)),
        inbound: now(Quantity::InOctets),
        outbound: now(Quantity::OutOctets),
    }
}

/// Why there is none.
#[must_use]
pub fn too_many(model: &Model) -> String {
    format!("{} interfaces are too many to add up: {} are the most", model.listed(), Model::MOST_IN_TOTAL)
}
