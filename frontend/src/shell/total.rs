//! The sum of what the overview shows as elements: a graph and its figures.

use web_sys::HtmlElement;

use crate::chart::{Moment, Size};
use crate::model::Model;
use crate::model::total::Total;
use crate::plot::{Setting, Traffic};
use crate::view;

use super::card::Rate;
use super::dom::{self, Text};
use super::graph::{Graph, Shown, Which};

/// The sum of what the overview shows as elements.
pub(super) struct TotalElements {
    section: HtmlElement,
    about: Text,
    inbound: Rate,
    outbound: Rate,
    host: HtmlElement,
    graph: Option<Graph>,
    total: Total,
    revision: Option<u64>,
}

impl TotalElements {
    pub(super) fn new(host: &HtmlElement) -> Self {
        let section = dom::add(host, "section", "panel octets total");
        section.set_hidden(true);
        let head = dom::add(&section, "div", "panel-head");
        dom::add_text(&head, "h2", "", "Total");
        let about = Text::add(&head, "p", "about");
        let rates = dom::add(&head, "p", "rates");
        let (inbound, outbound) = (Rate::add(&rates, "in"), Rate::add(&rates, "out"));
        let host = dom::add(&section, "div", "graph");
        dom::set(&host, "role", "group");
        dom::set(&host, "aria-label", "Sum of the interfaces that are shown");
        Self { section, about, inbound, outbound, host, graph: None, total: Total::default(), revision: None }
    }

    /// Shows this, where it is asked for; whether there is something new to be painted.
    pub(super) fn show(&mut self, model: &Model) -> bool {
        let is_wanted = model.address.options.listing.total;
        dom::hide(&self.section, !is_wanted);
        let Some(places) = model.summed() else {
            self.graph = None;
            self.revision = None;
            self.about.set(&view::too_many(model));
            return false;
        };
        let revision = model.total_revision(&places);
        if self.revision != Some(revision) {
            self.revision = Some(revision);
            self.total = model.total(&places);
        }
        let words = view::total(model, &self.total);
        self.about.set(&words.about);
        self.inbound.show("In", &words.inbound);
        self.outbound.show("Out", &words.outbound);
        let setting = Setting::of(&model.address.options, &stats::Interface::default());
        let graph = self.graph.get_or_insert_with(|| Graph::new(&self.host, Size::Large, Traffic::Octets, setting));
        let clock = model.total_clock(&places);
        let wanted = Shown { revision, rewritten: 0, setting, clock };
        graph.show_samples(&wanted, &self.total.without, || self.total.samples.clone())
    }

    pub(super) fn paint(&mut self, which: Which, moment: &Moment) {
        if let Some(graph) = &mut self.graph {
            graph.paint(which, moment);
        }
    }
}
