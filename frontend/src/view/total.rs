//! The sum of what the overview shows, in words.

use stats::Quantity;

use crate::model::Model;
use crate::model::total::Total;

use super::figures;

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
        left_out => format!("; of {left_out} others nothing is known"),
    };
    let others = match model.listed().saturating_sub(total.of + total.left_out) {
        0 => String::new(),
        others => format!("; {others} others count something else"),
    };
    Sum {
        about: format!("of {} interfaces{left_out}{others}", total.of),
        inbound: now(Quantity::InOctets),
        outbound: now(Quantity::OutOctets),
    }
}

/// Why there is none.
#[must_use]
pub fn too_many(model: &Model) -> String {
    format!("{} interfaces are too many to add up: {} are the most", model.listed(), Model::MOST_IN_TOTAL)
}
