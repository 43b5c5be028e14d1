//! The cursor of a large graph: a line at a sample, a dot on each curve, and what the sample says.

use stats::Timestamp;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::dom;
use crate::calendar::Wall;
use crate::options::Clock;
use crate::plot::{Axis, Direction, Setting, Span, Traffic, Viewport, ago, remark};
use crate::sure::sure;
use crate::units::{Unit, Word};
use crate::within::within;

/// The cursor's elements. The graph as a whole is its slider, for those who move it by keys and have it read aloud.
pub(super) struct Cursor {
    slider: HtmlElement,
    line: HtmlElement,
    dots: [HtmlElement; 2],
    tooltip: HtmlElement,
    time: HtmlElement,
    rows: [HtmlElement; 2],
    names: [HtmlElement; 2],
    values: [HtmlElement; 2],
    reason: HtmlElement,
    /// What the words are of, so that they are only written when they change: the end of the span, and how long ago.
    /// `None` where nothing is shown.
    written: Option<(f64, String)>,
    /// What the slider says. It is read aloud whenever it is written.
    told: String,
}

impl Cursor {
    /// A cursor at the end of `plot`, not shown, that `slider` is the slider of.
    pub(super) fn new(slider: &HtmlElement, plot: &HtmlElement, traffic: Traffic, setting: &Setting) -> Self {
        sure(slider.set_attribute("role", "slider"));
        let line = dom::append(plot, "div", "chart-cursor");
        let dots = [dom::append(plot, "div", "chart-dot chart-in"), dom::append(plot, "div", "chart-dot chart-out")];
        let tooltip: HtmlElement = dom::append(plot, "div", "chart-tooltip");
        let time = dom::append(&tooltip, "div", "chart-tooltip-time");
        let row = |class| {
            let row: HtmlElement = dom::append(&tooltip, "div", class);
            let name = dom::append(&row, "span", "chart-tooltip-name");
            let value = dom::append(&row, "span", "chart-tooltip-value");
            [row, name, value]
        };
        let [in_row, in_name, in_value] = row("chart-tooltip-row chart-in");
        let [out_row, out_name, out_value] = row("chart-tooltip-row chart-out");
        let reason = dom::append(&tooltip, "div", "chart-tooltip-reason");
        let mut cursor = Self {
            slider: slider.clone(),
            line,
            dots,
            tooltip,
            time,
            rows: [in_row, out_row],
            names: [in_name, out_name],
            values: [in_value, out_value],
            reason,
            written: Some((f64::NAN, String::new())),
            told: String::new(),
        };
        cursor.hide();
        cursor.reword(traffic, setting);
        cursor
    }

    /// Shows nothing.
    pub(super) fn hide(&mut self) {
        if self.written.take().is_none() {
            return;
        }
        for element in [&self.line, &self.tooltip].into_iter().chain(&self.dots) {
            element.set_hidden(true);
        }
        self.tell(0.0, 0.0, "not shown");
    }

    /// What it says is to be said in other words: units, or a clock.
    pub(super) fn reword(&mut self, traffic: Traffic, setting: &Setting) {
        let counted = setting.counted();
        let unit = match (traffic, setting.units.unit) {
            (Traffic::Octets, Unit::Octets) => "octets",
            (Traffic::Octets, _) => counted.as_ref().map_or("bits", Word::as_str),
            (Traffic::Packets, _) => "packets",
            (Traffic::Errors, _) => "errors",
            (Traffic::Discards, _) => "discards",
        };
        sure(self.slider.set_attribute("aria-label", &format!("Cursor in the graph of {unit} a second")));
        if let Some((end_ms, _)) = &mut self.written {
            *end_ms = f64::NAN;
        }
    }

    /// Shows the cursor at a span, where there is one, else at the time that was pointed to.
    pub(super) fn show(&mut self, at: At<'_>) {
        let ms = at.span.map_or(at.pointed_ms, Span::middle_ms);
        let x = within(at.viewport.x_of(ms, at.shown_ms), 0.0, at.viewport.width);
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
                // What is higher than the graph reaches is at its edge.
                let y = within(at.axis.place(rate, direction), 0.0, 1.0) * at.viewport.height;
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
        let time = format!("{}{}", time_of_day(ms, at.setting.time), zone(at.setting.time));
        let (is_gap, remark) = match at.span {
            Some(span) => (span.gap.is_some(), remark(span, at.setting.refresh)),
            None => (true, Some("nothing measured".to_owned())),
        };
        let both = format!("{time} · {}", now.1);
        self.time.set_text_content(Some(&both));
        // Where time passes not how long ago: a sample that stays the same is not to be read aloud each second.
        let mut aloud = vec![if at.stands { both } else { time }];
        for (((row, name), value), direction) in
            self.rows.iter().zip(&self.names).zip(&self.values).zip(Direction::BOTH)
        {
            let label = at.setting.label(direction);
            let rate = at.span.and_then(|span| span.rates.get(direction));
            let figure = rate.map_or_else(|| "unknown".to_owned(), |rate| at.traffic.figure(rate, at.setting.units));
            if !is_gap {
                aloud.push(format!("{label} {figure}"));
            }
            row.set_hidden(is_gap);
            name.set_text_content(Some(label));
            value.set_text_content(Some(&figure));
        }
        self.reason.set_hidden(remark.is_none());
        self.reason.set_text_content(remark.as_deref());
        aloud.extend(remark);
        self.tell((ms - at.shown_ms) / 1_000.0, -at.viewport.window_ms / 1_000.0, &aloud.join(", "));
        self.written = Some(now);
    }

    /// Has the slider be at that many seconds from now, of a range that begins at others, and say these words.
    fn tell(&mut self, seconds: f64, first_seconds: f64, words: &str) {
        if self.told == words {
            return;
        }
        words.clone_into(&mut self.told);
        let numbers = [("aria-valuenow", seconds), ("aria-valuemin", first_seconds), ("aria-valuemax", 0.0)];
        let numbers = numbers.map(|(name, seconds)| (name, seconds.round().to_string()));
        for (name, value) in
            numbers.iter().map(|(name, value)| (*name, value.as_str())).chain([("aria-valuetext", words)])
        {
            // Only a name that is none could be refused.
            let _ = self.slider.set_attribute(name, value);
        }
    }
}

/// Which clock it is, where that is not the viewer's own.
const fn zone(clock: Clock) -> &'static str {
    match clock {
        Clock::Local => "",
        Clock::Utc => " UTC",
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
    /// Whether it stays so.
    pub(super) stands: bool,
    pub(super) viewport: &'a Viewport,
    pub(super) axis: Axis,
    pub(super) traffic: Traffic,
    pub(super) setting: &'a Setting,
}

/// The time of day by the clock that the viewer has chosen: `14:03:22`.
pub(super) fn time_of_day(ms: f64, clock: Clock) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a moment of this century")]
    let micros = (ms * 1_000.0) as u64;
    wall(Timestamp::from_micros(micros), clock).time()
}

/// That moment by the clock that the viewer has chosen. The browser is asked each time: where a viewer is, the clock may be
/// put on between two samples.
#[must_use]
pub fn wall(at: Timestamp, clock: Clock) -> Wall {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 have 41 bits")]
    let behind = || js_sys::Date::new(&JsValue::from_f64((at.as_micros() / 1_000) as f64)).get_timezone_offset();
    #[expect(clippy::cast_possible_truncation, reason = "no place is a day from Greenwich")]
    let ahead = match clock {
        Clock::Local => -behind() as i32,
        Clock::Utc => 0,
    };
    Wall::of(at, ahead)
}
