//! One interface: its graphs and figures.

use stats::{Sample, Timestamp};

use crate::list::List;
use crate::model::find::Place;
use crate::model::track::Track;
use crate::model::{Model, Target};
use crate::plot::{Direction, Setting, Traffic};
use crate::units::{BitsPerSecond, Units};

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
    /// What the two directions are called.
    pub labels: [String; 2],
    /// Its graphs.
    pub panels: Vec<Panel>,
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
        match self.panels.first() {
            Some(octets) => format!("{} ↓ {} ↑ {}", self.name, octets.inbound.now, octets.outbound.now),
            None => self.name.clone(),
        }
    }
}

pub(super) fn detail(model: &Model, place: Place, local: LocalTime) -> Detail {
    let (target, interface) = model.at(place);
    let about = &interface.about;
    let window = words::window(model.address.options.window);
    let setting = model.setting(place);
    let samples: Vec<Sample> = model.window_of(place).list();
    let name = stats::clean(&about.name);
    let target_names = [Some(target.name.as_str()), target.sys_name.as_deref(), target.source.as_deref()];
    let alias = words::names([about.if_alias.as_deref()]).into_iter().find(|alias| *alias != name);
    Detail {
        place,
        key: crate::model::find::full_name(target, interface),
        alias: alias.unwrap_or_default(),
        target: words::names(target_names).join(" · "),
        trouble: status::trouble(target, local),
        facts: facts(about, target, &name, &setting),
        all: model.address.with_interface(None).to_query(),
        labels: Direction::both(|direction| setting.label(direction).to_owned()),
        panels: shown(&interface.track, &setting)
            .map(|traffic| panel(&samples, traffic, &setting, &window, local))
            .list(),
        name,
    }
}

fn facts(about: &stats::Interface, target: &Target, name: &str, setting: &Setting) -> Vec<Fact> {
    let text = |text: &Option<String>| words::names([text.as_deref()]).into_iter().find(|text| text != name);
    // In bits whatever rates are in: it is what the link is called.
    let speed = about.speed.filter(|speed| speed.bits_per_second() > 0);
    let speed = speed.map(BitsPerSecond::from).map(|speed| Units::default().tick(speed, speed));
    let status = about.oper_status.map(|status| match (words::trouble(about), status.as_str()) {
        (Some(trouble), _) => trouble.to_owned(),
        (None, status) => status.to_owned(),
    });
    // What was chosen and can't be done.
    let lost = setting.thresholds.filter(|_| setting.speed.is_none());
    let facts = [
        ("Status", status),
        ("Speed", speed),
        ("Description", text(&about.if_descr)),
        ("ifName", text(&about.if_name)),
        ("Agent", words::refresh(target).or_else(|| words::waiting(target))),
        ("ifIndex", about.if_index.map(|index| format!("{index}"))),
        ("Thresholds", lost.map(|_| "none: the link’s speed is not known".to_owned())),
    ];
    facts.into_iter().filter_map(|(term, text)| Some(Fact { term, text: text? })).list()
}

/// What there are graphs of: errors and discards only where there were any of late, packets of a network unless they are not
/// counted.
fn shown(track: &Track, setting: &Setting) -> impl Iterator<Item = Traffic> {
    let is_network = setting.counted().is_none();
    let has = |traffic: Traffic, least: u64| {
        let quantities = Direction::both(|direction| traffic.quantity(direction));
        let of = |sample: &Sample, quantity| sample.passed.get(quantity).is_some_and(|count| count >= least);
        track.since(Timestamp::default()).any(|sample| quantities.iter().any(|quantity| of(sample, *quantity)))
    };
    Traffic::ALL.into_iter().filter(move |traffic| match traffic {
        Traffic::Octets => true,
        // Where octets are not known either, it is a gap of both.
        Traffic::Packets if is_network => has(*traffic, 0) || !has(Traffic::Octets, 0),
        _ => has(*traffic, 1),
    })
}

fn panel(samples: &[Sample], traffic: Traffic, setting: &Setting, window: &str, local: LocalTime) -> Panel {
    let title = match traffic {
        Traffic::Octets => "Throughput",
        Traffic::Packets => "Packets",
        Traffic::Errors => "Errors",
        Traffic::Discards => "Discards",
    };
    let figures = |direction| Figures::of(samples, traffic, traffic.quantity(direction), setting, local);
    let [inbound, outbound] = Direction::both(figures);
    let summary = format!(
        "{title} of the last {window}. {}: average {}, peak {}. {}: average {}, peak {}.",
        setting.label(Direction::In),
        inbound.average,
        inbound.peak,
        setting.label(Direction::Out),
        outbound.average,
        outbound.peak,
    );
    Panel { traffic, title, inbound, outbound, summary }
}
