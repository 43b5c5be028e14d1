//! What is the same for all charts that are painted in one frame.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use plotters::style::RGBAColor;
use wasm_bindgen::JsValue;
use web_sys::{CssStyleDeclaration, MediaQueryList, Window};

use crate::plot::{DisplayClock, LanePalette, Pair, Palette, parse_colour};

/// What is the same for all charts that are painted in one animation frame; read once for all of them.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Which moment is shown where.
    pub(super) clock: DisplayClock,
    /// The page's time of this frame: what `requestAnimationFrame` calls back with.
    pub(super) page_ms: f64,
    pub(super) pace: Pace,
    /// How the viewer wishes them to.
    taste: Pace,
    pub(super) palette: Palette,
    pub(super) lane_palette: LanePalette,
    pub(super) pixel_ratio: f64,
    /// How much larger letters are than usual.
    pub(super) letters: f64,
}

/// How graphs move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// All the time.
    Scrolling,
    /// Once a sample, if at all: the viewer wishes for less motion, or the clock stands.
    Stepping,
}

impl Moment {
    /// Reads the colours, the screen's pixels and the viewer's wish for motion from the page.
    ///
    /// The colours are the custom properties `--in`, `--out`, `--packets-in`, `--packets-out`, `--troubles-in`,
    /// `--troubles-out`, `--gap`, `--high` and `--full`, and for the lane `--good` and `--bad`, of the root element, opaque.
    /// `chart.css` declares them as colours, so that a theme may write them in any way that browsers
    /// report as `rgb()`.
    ///
    /// # Errors
    ///
    /// What the browser throws where there is no document.
    pub fn read(clock: DisplayClock, page_ms: f64) -> Result<Self, JsValue> {
        let window = window()?;
        let root = window.document().and_then(|document| document.document_element()).ok_or("no document")?;
        let style = window.get_computed_style(&root)?.ok_or("a document without style")?;
        let taste = if matches(&window, REDUCED_MOTION)? { Pace::Stepping } else { Pace::Scrolling };
        let (palette, lane_palette, pixel_ratio) = (palette(&style), lane_palette(&style), window.device_pixel_ratio());
        let letters = letters(&style);
        Ok(Self { clock, page_ms, pace: taste, taste, palette, lane_palette, pixel_ratio, letters }.with_clock(clock))
    }

    /// The same by another clock: devices are shown each by its own.
    #[must_use]
    pub const fn with_clock(self, clock: DisplayClock) -> Self {
        let pace = match clock {
            DisplayClock::Running { .. } => self.taste,
            DisplayClock::Standing { .. } => Pace::Stepping,
        };
        Self { clock, pace, ..self }
    }

    /// The same at a later time of the page, perhaps on another screen.
    pub(super) fn later(self, page_ms: f64) -> Self {
        let pixel_ratio = window().map_or(self.pixel_ratio, |window| window.device_pixel_ratio());
        Self { page_ms, pixel_ratio, ..self }
    }

    /// The file's time at the right edge.
    pub(super) fn shown_ms(&self) -> f64 {
        self.clock.shown_at(self.page_ms)
    }
}

/// Sees when what [`Moment::read`] reads from the page has changed, until it is dropped.
pub struct Surroundings {
    _queries: [EventListener; 2],
    _pixels: Rc<RefCell<Option<EventListener>>>,
}

const REDUCED_MOTION: &str = "(prefers-reduced-motion: reduce)";
const DARK: &str = "(prefers-color-scheme: dark)";

impl Surroundings {
    /// Calls back when charts should be painted again.
    ///
    /// # Errors
    ///
    /// What the browser throws where it knows no media queries.
    pub fn watch(on_change: impl Fn() + 'static) -> Result<Self, JsValue> {
        let window = window()?;
        let on_change = Rc::new(on_change);
        let listen = |query: &str| {
            let on_change = Rc::clone(&on_change);
            let query = media(&window, query)?;
            Ok::<_, JsValue>(EventListener::new(&query, "change", move |_| on_change()))
        };
        let queries = [listen(DARK)?, listen(REDUCED_MOTION)?];
        let pixels = Rc::default();
        watch_pixels(&window, &pixels, on_change)?;
        Ok(Self { _queries: queries, _pixels: pixels })
    }
}

/// A query can only ask whether the resolution is a certain one: there is another to be made after each change.
fn watch_pixels(
    window: &Window,
    slot: &Rc<RefCell<Option<EventListener>>>,
    on_change: Rc<impl Fn() + 'static>,
) -> Result<(), JsValue> {
    let query = media(window, &format!("(resolution: {}dppx)", window.device_pixel_ratio()))?;
    let next = Rc::downgrade(slot);
    let again = window.clone();
    let listener = EventListener::new(&query, "change", move |_| {
        on_change();
        if let Some(slot) = next.upgrade() {
            let _ = watch_pixels(&again, &slot, Rc::clone(&on_change));
        }
    });
    slot.replace(Some(listener));
    Ok(())
}

fn letters(style: &CssStyleDeclaration) -> f64 {
    const USUAL_PX: f64 = 16.0;

    let size = style.get_property_value("font-size").map_or(USUAL_PX, |size| js_sys::Number::parse_float(&size));
    if size > 0.0 { size / USUAL_PX } else { 1.0 }
}

fn colour(style: &CssStyleDeclaration, property: &str) -> RGBAColor {
    /// For a page without `chart.css`, which looks broken anyway.
    const GREY: RGBAColor = RGBAColor(128, 128, 128, 1.0);

    style.get_property_value(property).ok().and_then(|css| parse_colour(&css)).unwrap_or(GREY)
}

fn lane_palette(style: &CssStyleDeclaration) -> LanePalette {
    let [fine, cached, gap] = ["--good", "--gap", "--bad"].map(|property| colour(style, property));
    LanePalette { fine, cached, gap }
}

fn palette(style: &CssStyleDeclaration) -> Palette {
    let colour = |property| colour(style, property);
    Palette {
        octets: Pair { inbound: colour("--in"), outbound: colour("--out") },
        packets: Pair { inbound: colour("--packets-in"), outbound: colour("--packets-out") },
        troubles: Pair { inbound: colour("--troubles-in"), outbound: colour("--troubles-out") },
        gap: colour("--gap"),
        high: colour("--high"),
        full: colour("--full"),
    }
}

pub(super) fn window() -> Result<Window, JsValue> {
    web_sys::window().ok_or_else(|| "no window".into())
}

fn media(window: &Window, query: &str) -> Result<MediaQueryList, JsValue> {
    window.match_media(query)?.ok_or_else(|| "no media queries".into())
}

fn matches(window: &Window, query: &str) -> Result<bool, JsValue> {
    Ok(media(window, query)?.matches())
}
