//! The samples as a table in the document. A sample that comes is a row more, at the top; nothing else is touched.

use stats::{Sample, Timestamp};
use web_sys::HtmlElement;

use crate::list::List;
use crate::model::Model;
use crate::model::find::Place;
use crate::options::Options;
use crate::sure::sure;
use crate::view::{self, LocalTime, SAMPLE_COLUMNS};

use super::dom::{self, Text};

/// The table, where it is wanted.
pub(super) struct SampleElements {
    /// Scrolls by itself, so that the graphs stay where they are.
    region: HtmlElement,
    caption: Text,
    columns: [Text; SAMPLE_COLUMNS],
    body: HtmlElement,
    /// When each sample ended, and its row; the newest last.
    rows: Vec<(Timestamp, HtmlElement)>,
    shown: Option<Options>,
}

impl SampleElements {
    pub(super) fn new(host: &HtmlElement) -> Self {
        let region = dom::add(host, "div", "samples");
        for (name, value) in [("tabindex", "0"), ("role", "region"), ("aria-label", "Samples")] {
            dom::set(&region, name, value);
        }
        let table = dom::add(&region, "table", "");
        let caption = Text::add(&table, "caption", "");
        let head = dom::add(&dom::add(&table, "thead", ""), "tr", "");
        let columns = std::array::from_fn(|_| {
            let column = Text::add(&head, "th", "");
            dom::set(column.element(), "scope", "col");
            column
        });
        let body = dom::add(&table, "tbody", "");
        Self { region, caption, columns, body, rows: Vec::new(), shown: None }
    }

    /// Shows the samples of that interface, where they are wanted.
    pub(super) fn show(&mut self, model: &Model, place: Place, labels: &[String; 2], local: LocalTime) {
        let options = &model.address.options;
        dom::hide(&self.region, !options.table);
        if self.shown.as_ref() != Some(options) || !options.table {
            self.clear();
            self.shown = Some(options.clone());
        }
        if !options.table {
            return;
        }
        self.caption.set(&view::sample_caption(options));
        for (column, word) in self.columns.iter_mut().zip(view::sample_columns(labels)) {
            column.set(&word);
        }
        let units = model.setting(place).units;
        let samples: Vec<Sample> = model.window_of(place).list();
        let begin = samples.first().map(|sample| sample.end).unwrap_or_default();
        while self.rows.first().is_some_and(|(end, _)| *end < begin) {
            self.rows.remove(0).1.remove();
        }
        // What a later file filled in lies between: all is written anew then.
        let newest = self.rows.last().map(|(end, _)| *end).unwrap_or_default();
        let known = samples.iter().filter(|sample| sample.end <= newest).count();
        if known != self.rows.len() {
            self.clear();
        }
        let newest = self.rows.last().map(|(end, _)| *end).unwrap_or_default();
        for sample in samples.iter().filter(|sample| sample.end > newest) {
            let row = dom::add(&self.body, "tr", "");
            for text in view::row(sample, units, local) {
                dom::add_text(&row, "td", "", &text);
            }
            if let Some((_, last)) = self.rows.last() {
                sure(self.body.insert_before(&row, Some(last)));
            }
            self.rows.push((sample.end, row));
        }
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.body.set_text_content(None);
    }
}
