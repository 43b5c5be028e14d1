//! What a chart is made of, and how its parts are brought into line when something changed.

use std::time::Duration;

use stats::Sample;
use web_sys::HtmlElement;

use super::axes::Axes;
use super::band::Band;
use super::belt::Belt;
use super::cursor::{At, Cursor};
use super::dom;
use super::input::Wish;
use super::lane::LaneBelt;
use super::look::Look;
use super::moment::{Moment, Pace};
use super::motion::{CATCHING_UP_MS, catch_up, settle, stretched};
use super::surface::Surface;
use super::{CursorPosition, Size};
use crate::plot::paint::{Gaps, Picture};
use crate::plot::{Axis, Frame, Gauge, Layer, Scale, Series, Setting, Strip, Traffic, Viewport, zones};
use crate::within::within;

/// What a chart is made of.
pub(super) struct Graph {
    root: HtmlElement,
    plot: HtmlElement,
    traffic: Traffic,
    series: Series,
    /// The time from which on the series is another one than what was painted.
    changed_ms: f64,
    /// How much of a layer's room is used. No two graphs use as much, so that they are not all painted anew at once.
    share: f64,
    setting: Setting,
    /// Width and height of the plot in CSS pixels; nothing until the browser has laid the chart out.
    size: Option<(f64, f64)>,
    /// What it was last to be painted for.
    moment: Option<Moment>,
    painted: Option<Painted>,
    /// How far it stood behind, and the page's time until which it slides from there.
    catching_up: Option<(f64, f64)>,
    look: Look,
    stretch: HtmlElement,
    band: Band,
    surface: Surface,
    belt: Belt,
    reading: Option<Reading>,
}

/// What was last painted.
#[derive(Clone, Copy)]
struct Painted {
    moment: Moment,
    layer: Layer,
    axis: Axis,
    setting: Setting,
}

/// What only a graph with axes has: all that is for reading it.
struct Reading {
    axes: Axes,
    /// These two only where the graph is there to be looked at closely.
    lane: Option<LaneBelt>,
    cursor: Option<Cursor>,
    position: Option<CursorPosition>,
}

impl Graph {
    pub(super) fn new(host: &HtmlElement, size: Size, traffic: Traffic, setting: Setting) -> Self {
        let look = Look::of(size);
        let root: HtmlElement = dom::append(host, "div", &look.class_of(traffic, setting.arrangement));
        let plot: HtmlElement = dom::append(&root, "div", "chart-plot");
        let axes = match size {
            Size::Card => None,
            Size::Labelled | Size::Large => Some(Axes::new(&root, &plot)),
        };
        let clip: HtmlElement = dom::append(&plot, "div", "chart-clip");
        let stretch: HtmlElement = dom::append(&clip, "div", "chart-stretch");
        let band = Band::new(stretch.clone());
        let belt = Belt::new(&stretch);
        let surface = Surface::new(belt.element(), look.fade);
        let reading = match axes {
            Some(axes) => {
                let is_large = size == Size::Large;
                let lane = is_large.then(|| LaneBelt::new(&root));
                let cursor = is_large.then(|| Cursor::new(&root, &plot, traffic, &setting));
                Some(Reading { axes, lane, cursor, position: None })
            }
            None => None,
        };
        Self {
            root,
            plot,
            traffic,
            series: Series::default(),
            changed_ms: f64::NEG_INFINITY,
            share: 0.4 + 0.6 * js_sys::Math::random(),
            setting,
            size: None,
            moment: None,
            painted: None,
            catching_up: None,
            look,
            stretch,
            band,
            surface,
            belt,
            reading,
        }
    }

    /// The element that holds everything, and is focused.
    pub(super) const fn root(&self) -> &HtmlElement {
        &self.root
    }

    /// The element that the curves are in.
    pub(super) const fn plot(&self) -> &HtmlElement {
        &self.plot
    }

    pub(super) fn set_samples(&mut self, samples: &[Sample], without: &[usize]) {
        let series = Series::of(self.traffic, samples).without(without);
        self.changed_ms = self.changed_ms.min(series.changed_since(&self.series));
        self.series = series;
    }

    pub(super) fn set(&mut self, setting: Setting) {
        let traffic = self.traffic;
        if let Some(cursor) = self.cursor() {
            cursor.reword(traffic, &setting);
        }
        if setting.arrangement != self.setting.arrangement {
            self.root.set_class_name(&self.look.class_of(self.traffic, setting.arrangement));
        }
        self.setting = setting;
    }

    /// Takes note of the plot's size, and paints for it what had been painted for another.
    pub(super) fn resized(&mut self, width: f64, height: f64, page_ms: f64) {
        self.size = Some((width, height)).filter(|_| width >= 1.0 && height >= 1.0);
        if let Some(moment) = self.moment {
            self.paint(&moment.later(page_ms));
        }
    }

    pub(super) fn paint(&mut self, moment: &Moment) {
        self.moment = Some(*moment);
        // Without a size there is nothing to see; it will be painted when there is one.
        let Some((width, height)) = self.size else { return };
        let window_ms = self.setting.window.as_secs_f64() * 1_000.0;
        let viewport = Viewport { width, height, pixel_ratio: moment.pixel_ratio, window_ms };
        let behind_ms = self.behind_ms(moment);
        if behind_ms > 0.0 {
            self.catching_up = Some((behind_ms, moment.page_ms + CATCHING_UP_MS));
            let pixels = behind_ms / viewport.pixel_ms();
            catch_up(self.belt.element(), pixels, moment);
            if let Some(lane) = self.reading.as_ref().and_then(|reading| reading.lane.as_ref()) {
                lane.catch_up(pixels, moment);
            }
        }
        let reach_ms = self.catching_up.filter(|(_, until_ms)| moment.page_ms < *until_ms).map_or(0.0, |(ms, _)| ms);
        let layer = Layer::reaching_back(viewport, moment.shown_ms(), self.series.newest_ms(), reach_ms);
        let axis = Axis { scale: self.scale_for(&layer), arrangement: self.setting.arrangement };
        let layer = self.paint_curves(layer, axis, moment);
        self.belt.carry(self.surface.element(), &layer, moment);
        let settling = self.painted.and_then(|painted| axis.settles_from(painted.axis));
        // From where it is: not from where it was to be, if it changes again before that.
        let settling = settling.map(|ratio| ratio * stretched(&self.stretch));
        if let Some(ratio) = settling {
            settle(&self.stretch, ratio, moment);
        }
        self.band.draw(axis, self.traffic, &self.setting);
        if let Some(reading) = &mut self.reading {
            if let Some(lane) = &mut reading.lane {
                lane.paint(&self.series, &layer, &self.setting, moment);
            }
            reading.axes.draw(axis, settling, self.traffic, &self.setting, &viewport, moment);
        }
        self.painted = Some(Painted { moment: *moment, layer, axis, setting: self.setting });
        self.draw_cursor(moment.page_ms);
    }

    /// Paints what is to be seen of `layer`: on what is there, where that can go on with no more than a strip at its end.
    /// Returns the layer that is there then.
    fn paint_curves(&mut self, layer: Layer, axis: Axis, moment: &Moment) -> Layer {
        let changed_ms = std::mem::replace(&mut self.changed_ms, f64::INFINITY);
        let kept = self.painted.filter(|painted| {
            let is_alike = painted.axis == axis && painted.setting == self.setting;
            let is_in_style = painted.moment.palette == moment.palette
                && (painted.moment.letters - moment.letters).abs() < f64::EPSILON;
            is_alike && is_in_style && painted.layer.has_room_for(&layer, self.share)
        });
        if kept.is_some() && changed_ms.is_infinite() && changed_ms > 0.0 {
            return kept.map_or(layer, |painted| painted.layer);
        }
        let strip = kept.and_then(|painted| {
            let strip = Strip::new(&self.series, changed_ms, &painted.layer, self.look.grain)?;
            let frame = Frame::of_strip(&self.series, &painted.layer, self.look.grain, strip);
            // A hatching that begins elsewhere would not fit the rest of it.
            let fits = self.look.gaps == Gaps::Shaded || !frame.has_gaps();
            fits.then_some((painted.layer, frame, Some(strip.column)))
        });
        let (layer, frame, from) = strip.unwrap_or_else(|| {
            let layer = layer.with_room();
            (layer, Frame::new(&self.series, &layer, self.look.grain), None)
        });
        let picture = Picture {
            frame: &frame,
            layer: &layer,
            axis,
            traffic: self.traffic,
            gaps: self.look.gaps,
            palette: &moment.palette,
            letters: moment.letters,
        };
        self.surface.paint(&picture, &zones(axis, self.traffic, &self.setting), from);
        layer
    }

    /// How far what is seen stood behind what is to run on now: from there it slides. No further than a window, which is
    /// what can be painted at once.
    fn behind_ms(&self, moment: &Moment) -> f64 {
        /// What is less is a step of the clock.
        const LEAST_MS: f64 = 1_000.0;

        let before = self.painted.map(|painted| painted.moment).filter(|before| before.clock.is_standing());
        let Some(before) = before.filter(|_| moment.pace == Pace::Scrolling) else { return 0.0 };
        let behind_ms = moment.shown_ms() - before.shown_ms();
        if behind_ms > LEAST_MS { behind_ms.min(self.setting.window.as_secs_f64() * 1_000.0) } else { 0.0 }
    }

    fn scale_for(&self, layer: &Layer) -> Scale {
        let peak = self.series.peak(layer.left_ms, layer.left_ms + layer.covers_ms());
        let gauge = Gauge::of(self.traffic, &self.setting);
        match self.painted {
            Some(painted) => painted.axis.scale.followed_by(peak, gauge),
            None => Scale::fitting(peak, gauge),
        }
    }

    fn cursor(&mut self) -> Option<&mut Cursor> {
        self.reading.as_mut()?.cursor.as_mut()
    }

    /// Whether there is a cursor to be seen.
    pub(super) fn is_pointed(&self) -> bool {
        self.reading.as_ref().is_some_and(|reading| reading.position.is_some())
    }

    /// Whether the cursor has to be drawn in each frame, since samples move beneath it.
    pub(super) fn follows(&self) -> bool {
        let scrolls = self.painted.is_some_and(|painted| painted.moment.pace == Pace::Scrolling);
        scrolls && self.is_pointed()
    }

    /// Puts the cursor there, or away.
    pub(super) fn set_cursor(&mut self, position: Option<CursorPosition>, page_ms: f64) {
        if let Some(reading) = &mut self.reading {
            reading.position = position;
        }
        self.draw_cursor(page_ms);
    }

    /// Draws the cursor where it belongs at that time.
    pub(super) fn draw_cursor(&mut self, page_ms: f64) {
        let (Some(reading), Some(painted)) = (&mut self.reading, self.painted) else { return };
        let Some(cursor) = &mut reading.cursor else { return };
        let Some(position) = reading.position else {
            cursor.hide();
            return;
        };
        let shown_ms = painted.shown_ms(page_ms);
        let pointed_ms = painted.pointed_ms(position, shown_ms);
        let span = self.series.at(pointed_ms);
        let (viewport, axis) = (*painted.layer.viewport(), painted.axis);
        let (traffic, setting) = (self.traffic, &self.setting);
        let stands = painted.moment.clock.is_standing();
        cursor.show(At { span, pointed_ms, shown_ms, stands, viewport: &viewport, axis, traffic, setting });
    }

    /// Where the cursor is to be after that wish; `None` for nowhere.
    pub(super) fn cursor_after(&self, wish: Wish, page_ms: f64) -> Option<CursorPosition> {
        let painted = self.painted?;
        let shown_ms = painted.shown_ms(page_ms);
        let left_ms = painted.layer.viewport().time_at(0.0, shown_ms);
        let from_ms = |position| painted.pointed_ms(position, shown_ms);
        let position = self.reading.as_ref().and_then(|reading| reading.position);
        let span = match wish {
            Wish::Leave => return None,
            Wish::Point(x) => return Some(painted.behind(x)),
            Wish::First => self.series.step(left_ms, 0),
            Wish::Last => self.series.step(shown_ms, 0),
            // The first step only makes it seen.
            Wish::Step(steps) => self.series.step(position.map_or(shown_ms, from_ms), position.map_or(0, |_| steps)),
        };
        let middle_ms = span?.middle_ms();
        Some(CursorPosition::At(within(middle_ms, left_ms, shown_ms)))
    }
}

impl Painted {
    /// The time that the right edge shows.
    fn shown_ms(&self, page_ms: f64) -> f64 {
        match self.moment.pace {
            Pace::Scrolling => self.moment.clock.shown_at(page_ms),
            Pace::Stepping => self.moment.shown_ms(),
        }
    }

    /// The time that the cursor is at, or the nearest that is seen.
    fn pointed_ms(&self, position: CursorPosition, shown_ms: f64) -> f64 {
        let ms = match position {
            CursorPosition::Behind(behind) => shown_ms - behind.as_secs_f64() * 1_000.0,
            CursorPosition::At(ms) => ms,
        };
        within(ms, self.layer.viewport().time_at(0.0, shown_ms), shown_ms)
    }

    /// The position that stays at that many CSS pixels from the left.
    fn behind(&self, x: f64) -> CursorPosition {
        let viewport = self.layer.viewport();
        let share = within(1.0 - x / viewport.width, 0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a window")]
        CursorPosition::Behind(Duration::from_micros((share * viewport.window_ms * 1_000.0) as u64))
    }
}
