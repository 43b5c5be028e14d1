//! The axes and the grid of a large graph: elements that stand still, their text the browser's own.

use web_sys::HtmlElement;

use super::cursor::time_of_day;
use super::dom;
use super::moment::Moment;
use super::motion::settle_from;
use crate::options::Spread;
use crate::plot::{Axis, DisplayClock, Limit, Line, Load, Setting, Side, Traffic, Viewport, limits, time_ticks};

/// The axes and the grid of a large graph.
pub(super) struct Axes {
    rates: HtmlElement,
    times: HtmlElement,
    grid: HtmlElement,
    drawn: Option<Drawn>,
}

/// What the axes were last drawn for.
#[derive(Clone, Copy, PartialEq)]
struct Drawn {
    axis: Axis,
    viewport: Viewport,
    setting: Setting,
    /// What the right edge shows, in the file's time, where that is not now.
    standing_ms: Option<f64>,
    /// See [`Moment::letters`].
    letters: f64,
}

impl Axes {
    /// Axes at the end of `root`; the grid at the end of `plot`.
    pub(super) fn new(root: &HtmlElement, plot: &HtmlElement) -> Self {
        Self {
            rates: dom::append(root, "div", "chart-rates"),
            times: dom::append(root, "div", "chart-times"),
            grid: dom::append(plot, "div", "chart-grid"),
            drawn: None,
        }
    }

    /// Draws them anew where they are not as they should be. `settling` is how many times higher the curves are at this
    /// moment, where they are on their way.
    pub(super) fn draw(
        &mut self,
        axis: Axis,
        settling: Option<f64>,
        traffic: Traffic,
        setting: &Setting,
        viewport: &Viewport,
        moment: &Moment,
    ) {
        let standing_ms = match moment.clock {
            DisplayClock::Running { .. } => None,
            DisplayClock::Standing { shown_ms } => Some(shown_ms),
        };
        let now = Drawn { axis, viewport: *viewport, setting: *setting, standing_ms, letters: moment.letters };
        if self.drawn.replace(now) == Some(now) {
            return;
        }
        for parent in [&self.rates, &self.times, &self.grid] {
            parent.set_text_content(None);
        }
        self.draw_rates(&now, settling, traffic, moment);
        self.draw_times(&now);
    }

    fn draw_rates(&self, now: &Drawn, settling: Option<f64>, traffic: Traffic, moment: &Moment) {
        let base = Line { rate: 0.0, side: Side::Above, place: now.axis.base() };
        let lines = now.axis.lines(now.viewport.height / now.letters);
        // Where ten times as much is a step higher, no prefix suits all.
        let is_linear = now.setting.spread == Spread::Linear;
        let top = lines.iter().map(|line| line.rate).fold(0.0, f64::max);
        for Line { rate, side, place } in lines.into_iter().chain([base]) {
            let (line, label) = match (rate, side) {
                (0.0, _) => ("chart-zero", "chart-rate chart-rate-zero"),
                (_, Side::Above) => ("chart-line", "chart-rate"),
                (_, Side::Below) => ("chart-line", "chart-rate chart-rate-below"),
            };
            let line: HtmlElement = dom::append(&self.grid, "div", line);
            let label: HtmlElement = dom::append(&self.rates, "span", label);
            label.set_text_content(Some(&traffic.tick(rate, if is_linear { top } else { rate }, now.setting.units)));
            for element in [&line, &label] {
                dom::share(element, "top", place);
                if let Some(ratio) = settling {
                    let below = (place - now.axis.base()) * (ratio - 1.0) * now.viewport.height;
                    settle_from(element, below, ratio, moment);
                }
            }
        }
        self.draw_limits(now, traffic);
    }

    /// Lines where traffic begins to be high, that differ from the others in more than their colour, each with its name.
    fn draw_limits(&self, now: &Drawn, traffic: Traffic) {
        let Some(thresholds) = now.setting.thresholds else { return };
        for Limit { load, side, place } in limits(now.axis, traffic, &now.setting) {
            let (class, per_cent) = match load {
                Load::High => ("chart-limit chart-high", thresholds.high),
                Load::Full => ("chart-limit chart-full", thresholds.full),
            };
            let line: HtmlElement = dom::append(&self.grid, "div", class);
            dom::share(&line, "top", place);
            name(&line, side, &format!("{per_cent} %"));
        }
    }

    fn draw_times(&self, now: &Drawn) {
        for (number, tick) in time_ticks(now.viewport.window_ms, now.viewport.width / now.letters).iter().enumerate() {
            let label: HtmlElement = dom::append(&self.times, "span", "chart-time");
            // The first is at the right edge.
            let time = now.standing_ms.filter(|_| number == 0).map(|ms| time_of_day(ms, now.setting.time));
            label.set_text_content(Some(time.as_deref().unwrap_or(&tick.label)));
            dom::share(&label, "--chart-at", tick.share_of_width);
            let line: HtmlElement = dom::append(&self.grid, "div", "chart-tick");
            dom::share(&line, "left", tick.share_of_width);
        }
    }
}

/// Writes beside a line what it marks, towards the middle of the graph, where there is room.
fn name(line: &HtmlElement, side: Side, name: &str) {
    let class = match side {
        Side::Above => "chart-name",
        Side::Below => "chart-name chart-name-below",
    };
    dom::append::<HtmlElement>(line, "span", class).set_text_content(Some(name));
}
