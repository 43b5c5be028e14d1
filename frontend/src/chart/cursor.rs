//! The cursor of a large graph: a line at a sample, a dot on each curve, and what the sample says.

use js_sys::Date;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::dom;
use crate::plot::{Direction, Scale, Span, Traffic, Viewport, ago, reason_in_words};

/// The cursor's elements.
pub(super) struct Cursor {
    line: HtmlElement,
    dots: [HtmlElement; 2],
    tooltip: HtmlElement,
    time: HtmlElement,
    rows: [HtmlElement; 2],
    values: [HtmlElement; 2],
    reason: HtmlElement,
    /// What the words are of, so that they are only written when they change: the end of the span, and how long ago.
    written: Option<(f64, String)>,
}

impl Cursor {
    /// A cursor at the end of `plot`, not shown.
    pub(super) fn new(plot: &HtmlElement) -> Result<Self, JsValue> {
        let line = dom::append(plot, "div", "chart-cursor")?;
        let dots = [dom::append(plot, "div", "chart-dot chart-in")?, dom::append(plot, "div", "chart-dot chart-out")?];
        let tooltip: HtmlElement = dom::append(plot, "div", "chart-tooltip")?;
        tooltip.set_attribute("role", "status")?;
        let time = dom::append(&tooltip, "div", "chart-tooltip-time")?;
        let row = |class, name| {
            let row: HtmlElement = dom::append(&tooltip, "div", class)?;
            dom::append::<HtmlElement>(&row, "span", "chart-tooltip-name")?.set_text_content(Some(name));
            let value = dom::append(&row, "span", "chart-tooltip-value")?;
            Ok::<(HtmlElement, HtmlElement), JsValue>((row, value))
        };
        let (in_row, in_value) = row("chart-tooltip-row chart-in", "In")?;
        let (out_row, out_value) = row("chart-tooltip-row chart-out", "Out")?;
        let reason = dom::append(&tooltip, "div", "chart-tooltip-reason")?;
        let cursor = Self {
            line,
            dots,
            tooltip,
            time,
            rows: [in_row, out_row],
            values: [in_value, out_value],
            reason,
            written: None,
        };
        cursor.hide();
        Ok(cursor)
    }

    /// Shows nothing.
    pub(super) fn hide(&self) {
        for element in [&self.line, &self.tooltip].into_iter().chain(&self.dots) {
            element.set_hidden(true);
        }
    }

    /// Shows the cursor at a span, where there is one, else at the time that was pointed to.
    pub(super) fn show(&mut self, at: At<'_>) {
        let ms = at.span.map_or(at.pointed_ms, Span::middle_ms);
        let x = at.viewport.x_of(ms, at.shown_ms).clamp(0.0, at.viewport.width);
        dom::length(&self.line, "--chart-x", x);
        dom::length(&self.tooltip, "--chart-x", x);
        let side = if x * 2.0 < at.viewport.width { "chart-tooltip" } else { "chart-tooltip chart-tooltip-left" };
        self.tooltip.set_class_name(side);
        self.line.set_hidden(false);
        self.tooltip.set_hidden(false);
        for (dot, direction) in self.dots.iter().zip(Direction::BOTH) {
            let rate = at.span.and_then(|span| span.rates.get(direction));
            dot.set_hidden(rate.is_none());
            if let Some(rate) = rate {
                let y = at.scale.share_of_height(rate * direction.sign()) * at.viewport.height;
                dom::length(dot, "--chart-x", x);
                dom::length(dot, "--chart-y", y);
            }
        }
        self.write(&at, ms);
    }

    fn write(&mut self, at: &At<'_>, ms: f64) {
        let now = (at.span.map_or(f64::NAN, |span| span.end_ms), ago(at.shown_ms - ms));
        if self.written.as_ref() == Some(&now) {
            return;
        }
        self.time.set_text_content(Some(&format!("{} · {}", time_of_day(ms), now.1)));
        for ((row, value), direction) in self.rows.iter().zip(&self.values).zip(Direction::BOTH) {
            let rate = at.span.and_then(|span| span.rates.get(direction));
            row.set_hidden(at.span.is_none_or(|span| span.gap.is_some()));
            value.set_text_content(Some(&rate.map_or_else(|| "unknown".to_owned(), |rate| at.traffic.figure(rate))));
        }
        let reason = match at.span {
            Some(span) => span.gap.as_ref().map(reason_in_words),
            None => Some("nothing measured"),
        };
        self.reason.set_hidden(reason.is_none());
        self.reason.set_text_content(reason);
        self.written = Some(now);
    }
}

/// What a cursor is shown at.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    /// The span under it.
    pub(super) span: Option<&'a Span>,
    /// The time that was pointed to.
    pub(super) pointed_ms: f64,
    /// The time that the right edge shows.
    pub(super) shown_ms: f64,
    pub(super) viewport: &'a Viewport,
    pub(super) scale: Scale,
    pub(super) traffic: Traffic,
}

/// The viewer's local time: `14:03:22`.
fn time_of_day(ms: f64) -> String {
    let date = Date::new(&JsValue::from_f64(ms));
    format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds())
}
