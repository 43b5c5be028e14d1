//! The detail as elements: the graphs of one interface and their figures.

use web_sys::HtmlElement;

use crate::chart::{Moment, Size};
use crate::model::Model;
use crate::plot::{Load, Setting, Traffic};
use crate::view::{Detail, Fact, Figures, LocalTime, Panel};

use super::dom::{self, Attribute, Text};
use super::graph::{Graph, Which};
use super::samples::SampleElements;

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
    panel_host: HtmlElement,
    samples: SampleElements,
    panels: Vec<PanelElements>,
}

struct PanelElements {
    traffic: Traffic,
    section: HtmlElement,
    inbound: FigureElements,
    outbound: FigureElements,
    summary: Attribute,
    graph: Graph,
}

struct FigureElements {
    label: Text,
    now: Text,
    level: Attribute,
    load: Text,
    average: Text,
    peak: Text,
    peak_at: Text,
    minimum: Text,
    percentile: Text,
    total: Text,
}

/// What each column of the figures is.
const COLUMNS: [&str; 6] = ["now", "average", "peak", "minimum", "95 %", "total"];

impl DetailElements {
    pub(super) fn new(host: &HtmlElement, detail: &Detail) -> Self {
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
        let panel_host = dom::add(host, "div", "panels");
        dom::add_text(host, "p", "method", Figures::METHOD);
        let samples = SampleElements::new(host);
        Self {
            key: detail.key.clone(),
            all: Attribute::of(all, "href"),
            heading,
            alias,
            target,
            trouble,
            facts,
            shown_facts: Vec::new(),
            panel_host,
            panels: Vec::new(),
            samples,
        }
    }

    /// Whether these are of that interface.
    pub(super) fn is_of(&self, detail: &Detail) -> bool {
        self.key == detail.key
    }

    /// What tells the interface from all others.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// Shows this; whether there is something new to be painted.
    pub(super) fn show(&mut self, detail: &Detail, model: &Model, local: LocalTime) -> bool {
        self.all.set(&detail.all);
        self.heading.set(&detail.name);
        self.alias.set_or_hide(Some(&detail.alias));
        self.target.set(&detail.target);
        self.trouble.set_or_hide(detail.trouble.as_deref());
        if self.shown_facts != detail.facts {
            self.show_facts(&detail.facts);
        }
        self.have_panels(detail, model);
        let mut is_new = false;
        for (elements, panel) in self.panels.iter_mut().zip(&detail.panels) {
            let [inbound, outbound] = &detail.labels;
            elements.inbound.show(inbound, &panel.inbound);
            elements.outbound.show(outbound, &panel.outbound);
            elements.summary.set(&panel.summary);
            is_new |= elements.graph.show(model, detail.place);
        }
        self.samples.show(model, detail.place, &detail.labels, local);
        is_new
    }

    /// Has a panel for each graph that there is to be, in their order.
    fn have_panels(&mut self, detail: &Detail, model: &Model) {
        if detail.panels.iter().map(|panel| panel.traffic).eq(self.panels.iter().map(|panel| panel.traffic)) {
            return;
        }
        let setting = model.setting(detail.place);
        let mut known = std::mem::take(&mut self.panels);
        for panel in &detail.panels {
            let elements = match known.iter().position(|elements| elements.traffic == panel.traffic) {
                Some(at) => known.remove(at),
                None => PanelElements::new(&self.panel_host, known.first().map(|next| &next.section), panel, setting),
            };
            self.panels.push(elements);
        }
        for gone in known {
            gone.section.remove();
        }
        Graph::share_cursor(self.panels.iter().map(|panel| &panel.graph));
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
    /// A panel in `host`, before `next`.
    fn new(host: &HtmlElement, next: Option<&HtmlElement>, panel: &Panel, setting: Setting) -> Self {
        let class = match panel.traffic {
            Traffic::Octets => "panel octets",
            Traffic::Packets => "panel packets",
            Traffic::Errors => "panel troubles errors",
            Traffic::Discards => "panel troubles discards",
        };
        let section = dom::add(host, "section", class);
        if let Some(next) = next {
            dom::put_before(&section, next);
        }
        let head = dom::add(&section, "div", "panel-head");
        dom::add_text(&head, "h2", "", panel.title);
        let table = dom::add(&head, "table", "figures");
        let names = dom::add(&dom::add(&table, "thead", ""), "tr", "");
        dom::add(&names, "td", "");
        for column in COLUMNS {
            dom::add_text(&names, "th", "", column);
        }
        let rows = dom::add(&table, "tbody", "");
        let inbound = FigureElements::new(&rows, "in");
        let outbound = FigureElements::new(&rows, "out");
        let host = dom::add(&section, "div", "graph");
        dom::set(&host, "role", "group");
        let graph = Graph::new(&host, Size::Large, panel.traffic, setting);
        let summary = Attribute::of(host, "aria-label");
        Self { traffic: panel.traffic, section, inbound, outbound, summary, graph }
    }
}

impl FigureElements {
    fn new(rows: &HtmlElement, class: &str) -> Self {
        let row = dom::add(rows, "tr", class);
        let label = Text::add(&row, "th", "");
        dom::set(label.element(), "scope", "row");
        let [now, average, peak, minimum, percentile, total] = COLUMNS.map(|column| {
            let cell = dom::add(&row, "td", if column == COLUMNS[0] { "now" } else { "" });
            // Where there is no room for a head, each cell says what it is.
            dom::set(&cell, "data-column", column);
            cell
        });
        let figure = |cell: &HtmlElement| Text::add(cell, "span", "");
        Self {
            label,
            level: Attribute::of(now.clone(), "data-load"),
            now: figure(&now),
            load: Text::add(&now, "small", ""),
            average: figure(&average),
            peak: figure(&peak),
            peak_at: Text::add(&peak, "small", ""),
            minimum: figure(&minimum),
            percentile: figure(&percentile),
            total: figure(&total),
        }
    }

    fn show(&mut self, label: &str, figures: &Figures) {
        self.label.set(label);
        self.now.set(&figures.now);
        let (level, load) = match &figures.load {
            Some((Load::High, load)) => ("high", load.as_str()),
            Some((Load::Full, load)) => ("full", load.as_str()),
            None => ("", ""),
        };
        self.level.set(level);
        self.load.set_or_hide(Some(load));
        self.average.set(&figures.average);
        self.peak.set(&figures.peak);
        self.peak_at.set(&figures.peak_at);
        self.minimum.set(&figures.minimum);
        self.percentile.set(&figures.percentile);
        self.total.set(&figures.total);
    }
}
