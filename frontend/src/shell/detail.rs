//! The detail as elements: two graphs of one interface and their figures.

use web_sys::HtmlElement;

use crate::chart::{Moment, Size};
use crate::model::Model;
use crate::plot::{Setting, Traffic};
use crate::view::{Detail, Fact, Figures, Panel};

use super::dom::{self, Attribute, Text};
use super::graph::{Graph, Which};

/// The detail as elements.
pub(super) struct DetailElements {
    key: String,
    all: Attribute,
    heading: Text,
    alias: Text,
    target: Text,
    trouble: Text,
    facts: HtmlElement,
    shown_facts: Vec<Fact>,
    panels: [PanelElements; 2],
}

struct PanelElements {
    inbound: FigureElements,
    outbound: FigureElements,
    summary: Attribute,
    graph: Graph,
}

struct FigureElements {
    now: Text,
    average: Text,
    peak: Text,
}

impl DetailElements {
    pub(super) fn new(host: &HtmlElement, detail: &Detail, model: &Model) -> Self {
        host.set_class_name("detail");
        let head = dom::add(host, "div", "detail-head");
        let titles = dom::add(&head, "div", "titles");
        let back = dom::add(&titles, "p", "back");
        let all = dom::add_text(&back, "a", "all", "All interfaces");
        let heading = Text::add(&titles, "h1", "");
        heading.element().set_tab_index(-1);
        let alias = Text::add(&titles, "p", "alias");
        let target = Text::add(&titles, "p", "about");
        let trouble = Text::add(&titles, "p", "trouble");
        let facts = dom::add(&head, "dl", "facts");
        let [octets, packets] = &detail.panels;
        let setting = Setting::of(&model.address.options, &model.at(detail.place).1.about);
        let panels = [octets, packets].map(|panel| PanelElements::new(host, panel, setting));
        let [octets, packets] = &panels;
        octets.graph.share_cursor(&packets.graph);
        Self {
            key: detail.key.clone(),
            all: Attribute::of(all, "href"),
            heading,
            alias,
            target,
            trouble,
            facts,
            shown_facts: Vec::new(),
            panels,
        }
    }

    /// Whether these are of that interface.
    pub(super) fn is_of(&self, detail: &Detail) -> bool {
        self.key == detail.key
    }

    /// Shows this; whether there is something new to be painted.
    pub(super) fn show(&mut self, detail: &Detail, model: &Model) -> bool {
        self.all.set(&detail.all);
        self.heading.set(&detail.name);
        self.alias.set_or_hide(Some(&detail.alias));
        self.target.set(&detail.target);
        self.trouble.set_or_hide(detail.trouble.as_deref());
        if self.shown_facts != detail.facts {
            self.show_facts(&detail.facts);
        }
        let mut is_new = false;
        for (elements, panel) in self.panels.iter_mut().zip(&detail.panels) {
            elements.inbound.show(&panel.inbound);
            elements.outbound.show(&panel.outbound);
            elements.summary.set(&panel.summary);
            is_new |= elements.graph.show(model, detail.place);
        }
        is_new
    }

    fn show_facts(&mut self, facts: &[Fact]) {
        self.facts.set_text_content(None);
        for fact in facts {
            let row = dom::add(&self.facts, "div", "");
            dom::add_text(&row, "dt", "", fact.term);
            dom::add_text(&row, "dd", "", &fact.text);
        }
        self.shown_facts = facts.to_vec();
    }

    pub(super) fn paint(&mut self, which: Which, moment: &Moment) {
        for panel in &mut self.panels {
            panel.graph.paint(which, moment);
        }
    }

    /// The keyboard goes on from the heading, which is read aloud.
    pub(super) fn attend(&self) {
        let _ = self.heading.element().focus();
    }
}

impl PanelElements {
    fn new(host: &HtmlElement, panel: &Panel, setting: Setting) -> Self {
        let class = match panel.traffic {
            Traffic::Octets => "panel octets",
            Traffic::Packets => "panel packets",
        };
        let section = dom::add(host, "section", class);
        let head = dom::add(&section, "div", "panel-head");
        dom::add_text(&head, "h2", "", panel.title);
        let inbound = FigureElements::new(&head, "in", "In");
        let outbound = FigureElements::new(&head, "out", "Out");
        let host = dom::add(&section, "div", "graph");
        dom::set(&host, "role", "group");
        let graph = Graph::new(&host, Size::Large, panel.traffic, setting);
        Self { inbound, outbound, summary: Attribute::of(host, "aria-label"), graph }
    }
}

impl FigureElements {
    fn new(head: &HtmlElement, class: &str, word: &str) -> Self {
        let row = dom::add(head, "dl", &format!("figures {class}"));
        let figure = |term: &str, class: &str| {
            let pair = dom::add(&row, "div", class);
            dom::add_text(&pair, "dt", "", term);
            Text::add(&pair, "dd", "")
        };
        Self { now: figure(word, "now"), average: figure("average", ""), peak: figure("peak", "") }
    }

    fn show(&mut self, figures: &Figures) {
        self.now.set(&figures.now);
        self.average.set(&figures.average);
        self.peak.set(&figures.peak);
    }
}
