//! A graph in the document: hands an interface's samples to its chart, and has it painted.

use std::rc::{Rc, Weak};
use std::time::Duration;

use stats::Sample;
use web_sys::HtmlElement;

use crate::chart::{Chart, Moment, Size};
use crate::list::List;
use crate::model::Model;
use crate::model::find::Place;
use crate::plot::{DisplayClock, Setting, Traffic};

/// A graph and what it shows.
pub(super) struct Graph {
    chart: Rc<Chart>,
    setting: Setting,
    shown: Option<Shown>,
    clock: Option<DisplayClock>,
    paint: Paint,
    /// Up to where there are curves, in milliseconds of the file's time.
    ends_ms: f64,
    /// How much sooner it is painted than it has to be. No two graphs that are painted for some other reason in one frame are to
    /// be painted together ever after.
    early: f64,
}

/// What there is to be painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shown {
    /// Changes with the samples.
    pub(super) revision: u64,
    /// Changes with what is more of them than newer ones.
    pub(super) rewritten: u64,
    pub(super) setting: Setting,
    /// By which it is painted. It changes where it stands still, and where it is put right.
    pub(super) clock: Option<DisplayClock>,
}

/// Whether what is painted is what is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paint {
    Wanted,
    Dry,
}

/// Which graphs are painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Those that have something new to show.
    New,
    /// All: they look different now.
    All,
}

impl Graph {
    /// Where the line enters from lies beyond the left edge, which is some way behind the newest sample less the window.
    const BEYOND: Duration = Duration::from_secs(30);

    pub(super) fn new(host: &HtmlElement, size: Size, traffic: Traffic, setting: Setting) -> Self {
        let chart = Rc::new(Chart::new(host, size, traffic, setting));
        let (ends_ms, early) = (f64::NEG_INFINITY, 0.0);
        Self { chart, setting, shown: None, clock: None, paint: Paint::Wanted, ends_ms, early }
    }

    /// Takes over what is new of the interface; whether anything was.
    pub(super) fn show(&mut self, model: &Model, place: Place) -> bool {
        let (target, interface) = model.at(place);
        let setting = model.setting(place);
        let clock = model.clock(target);
        let (revision, rewritten) = (interface.revision, interface.rewritten);
        if self.shown.is_some_and(|shown| shown == Shown { revision: shown.revision, rewritten, setting, clock }) {
            let runs_short = |clock| model.runs_short(target, clock, self.ends_ms, self.early);
            if !clock.is_none_or(runs_short) {
                return false;
            }
            self.early = 0.0;
        } else {
            self.early = js_sys::Math::random();
        }
        self.show_samples(&Shown { revision, rewritten, setting, clock }, &[], || {
            let beyond = setting.window + Self::BEYOND + target.interval() * 3;
            // Of two interfaces of a target, one may have ended earlier: it is shown up to the same moment.
            let begin = model.last_seen(target).map(|last| last.before(beyond)).unwrap_or_default();
            interface.track.samples_since(begin).list()
        })
    }

    /// Takes over samples, where their revision or what they are shown by is another one; whether it is. Where they are sums,
    /// each is without so many of what belongs to it.
    pub(super) fn show_samples(
        &mut self,
        wanted: &Shown,
        without: &[usize],
        samples: impl FnOnce() -> Vec<Sample>,
    ) -> bool {
        self.clock = wanted.clock;
        if self.shown.as_ref() == Some(wanted) {
            return false;
        }
        self.shown = Some(*wanted);
        if self.setting != wanted.setting {
            self.chart.set(wanted.setting);
            self.setting = wanted.setting;
        }
        let samples = samples();
        self.ends_ms = samples.last().map_or(f64::NEG_INFINITY, middle_ms);
        self.chart.set_samples(&samples, without);
        self.paint = Paint::Wanted;
        true
    }

    /// Paints it, where it is one of those.
    pub(super) fn paint(&mut self, which: Which, moment: &Moment) {
        if which == Which::New && self.paint == Paint::Dry {
            return;
        }
        if let Some(clock) = self.clock {
            self.paint = Paint::Dry;
            self.chart.paint(&moment.with_clock(clock));
        }
    }

    /// Has the cursors of all of them be at the same moment.
    pub(super) fn share_cursor<'a>(graphs: impl Iterator<Item = &'a Self>) {
        let charts: Vec<Weak<Chart>> = graphs.map(|graph| Rc::downgrade(&graph.chart)).list();
        for (number, chart) in charts.iter().enumerate() {
            let all = charts.clone();
            let Some(chart) = chart.upgrade() else { continue };
            chart.on_cursor(move |position| {
                let others = all.iter().enumerate().filter(|(other, _)| *other != number);
                for other in others.filter_map(|(_, other)| other.upgrade()) {
                    other.set_cursor(position);
                }
            });
        }
    }
}

/// Where a sample is drawn, in milliseconds of the file's time.
#[expect(clippy::cast_precision_loss, reason = "microseconds of this century fit into 53 bits")]
fn middle_ms(sample: &Sample) -> f64 {
    let micros = f64::midpoint(sample.start().as_micros() as f64, sample.end.as_micros() as f64);
    micros / 1_000.0
}
