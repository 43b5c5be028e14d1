//! One interface: its graphs and figures.

use stats::{Quantity, Sample};

use crate::model::find::Place;
use crate::model::{Model, Target};
use crate::options::Options;
use crate::plot::Traffic;
use crate::units::Units;

use super::figures::Figures;
use super::{LocalTime, status, words};

/// One interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// Where it is in the model.
    pub place: Place,
    /// What tells it from all others.
    pub key: String,
    /// What it is called here.
    pub name: String,
    /// What the people who run the device call it.
    pub alias: String,
    /// The device.
    pub target: String,
    /// What is wrong with the device.
    pub trouble: Option<String>,
    /// What else is known of it.
    pub facts: Vec<Fact>,
    /// The query that shows all interfaces.
    pub all: String,
    /// Its graphs.
    pub panels: [Panel; 2],
}

/// Something that is known of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub term: &'static str,
    /// What is known.
    pub text: String,
}

/// A graph and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// What it is of.
    pub traffic: Traffic,
    /// The same in words.
    pub title: &'static str,
    /// What came in.
    pub inbound: Figures,
    /// What went out.
    pub outbound: Figures,
    /// The graph in words, for those who do not see it.
    pub summary: String,
}

impl Detail {
    /// For the document's title.
    #[must_use]
    pub fn title(&self) -> String {
        let [octets, _] = &self.panels;
        format!("{} ↓ {} ↑ {}", self.name, octets.inbound.now, octets.outbound.now)
    }
}

pub(super) fn detail(model: &Model, place: Place, local: LocalTime) -> Detail {
    let (target, interface) = model.at(place);
    let about = &interface.about;
    let options = &model.address.options;
    let end = model.last_seen(target).unwrap_or_default();
    let begin = end.before(options.window.duration());
    let samples: Vec<&Sample> = interface.track.since(begin).take_while(|sample| sample.end <= end).collect();
    let name = stats::clean(&about.name);
    let target_names = [Some(target.name.as_str()), target.sys_name.as_deref(), target.source.as_deref()];
    let alias = words::names([about.if_alias.as_deref()]).into_iter().find(|alias| *alias != name);
    Detail {
        place,
        key: crate::model::find::full_name(target, interface),
        alias: alias.unwrap_or_default(),
        target: words::names(target_names).join(" · "),
        trouble: status::trouble(target, local),
        facts: facts(about, target, &name),
        all: model.address.with_interface(None).to_query(),
        panels: [Traffic::Octets, Traffic::Packets].map(|traffic| panel(&samples, traffic, options, local)),
        name,
    }
}

fn facts(about: &stats::Interface, target: &Target, name: &str) -> Vec<Fact> {
    let text = |text: &Option<String>| words::names([text.as_deref()]).into_iter().find(|text| text != name);
    // In bits whatever rates are in: it is what the link is called.
    let speed = about.speed.filter(|speed| speed.bits_per_second() > 0);
    let speed = speed.map(|speed| Units::default().tick(speed.into()));
    let status = about.oper_status.map(|status| match (words::trouble(about), status.as_str()) {
        (Some(trouble), _) => trouble.to_owned(),
        (None, status) => status.to_owned(),
    });
    let facts = [
        ("Status", status),
        ("Speed", speed),
        ("Description", text(&about.if_descr)),
        ("ifName", text(&about.if_name)),
        ("Agent", words::refresh(target)),
        ("ifIndex", about.if_index.map(|index| index.to_string())),
    ];
    facts.into_iter().filter_map(|(term, text)| Some(Fact { term, text: text? })).collect()
}

fn panel(samples: &[&Sample], traffic: Traffic, options: &Options, local: LocalTime) -> Panel {
    let (title, quantities) = match traffic {
        Traffic::Octets => ("Throughput", [Quantity::InOctets, Quantity::OutOctets]),
        Traffic::Packets => ("Packets", [Quantity::InPackets, Quantity::OutPackets]),
    };
    let [inbound, outbound] = quantities.map(|quantity| Figures::of(samples, traffic, quantity, options.units, local));
    let summary = format!(
        "{title} of the last {} minutes. In: average {}, peak {}. Out: average {}, peak {}.",
        options.window.minutes(),
        inbound.average,
        inbound.peak,
        outbound.average,
        outbound.peak,
    );
    Panel { traffic, title, inbound, outbound, summary }
}
