//! The stretch of time that is painted, and its place on the screen at any time.
//!
//! A layer is wider than what is seen of it, so that it can be moved for a while before it is painted again. Its left edge
//! lies on a whole pixel of time, counted from the epoch: what is painted again falls on the same pixels as before, and
//! nothing shimmers when a layer takes another's place.

use crate::within::within;

/// What a graph is seen through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// In CSS pixels.
    pub width: f64,
    /// In CSS pixels.
    pub height: f64,
    /// The screen's pixels in a CSS pixel: `devicePixelRatio`.
    pub pixel_ratio: f64,
    /// The time that fits into the width, in milliseconds.
    pub window_ms: f64,
}

/// A stretch of time, painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layer {
    /// The file's time at its left edge, in milliseconds since the epoch.
    pub left_ms: f64,
    /// Its width in the screen's pixels.
    pub columns: u32,
    /// Its height in the screen's pixels.
    pub rows: u32,
    viewport: Viewport,
}

impl Viewport {
    /// The time that fits into one of the screen's pixels.
    #[must_use]
    pub fn column_ms(&self) -> f64 {
        self.window_ms / (self.width * self.pixel_ratio)
    }

    /// The time that fits into a CSS pixel.
    #[must_use]
    pub fn pixel_ms(&self) -> f64 {
        self.window_ms / self.width
    }

    /// The file's time at `x` CSS pixels from the left, when the right edge shows `shown_ms`.
    #[must_use]
    pub fn time_at(&self, x: f64, shown_ms: f64) -> f64 {
        shown_ms + (x / self.width - 1.0) * self.window_ms
    }

    /// CSS pixels from the left at which that time is seen, when the right edge shows `shown_ms`.
    #[must_use]
    pub fn x_of(&self, ms: f64, shown_ms: f64) -> f64 {
        self.width * (1.0 + (ms - shown_ms) / self.window_ms)
    }
}

impl Layer {
    /// A layer's width is a multiple of this, or the canvas would be made anew each time by another pixel.
    const COLUMNS_STEP: u32 = 64;
    /// No canvas is wider: browsers refuse them.
    const MOST_PIXELS: f64 = 16_000.0;

    /// The layer that is seen through `viewport` when the right edge shows `shown_ms`, and on to the newest data.
    #[must_use]
    pub fn new(viewport: Viewport, shown_ms: f64, newest_ms: Option<f64>) -> Self {
        Self::reaching_back(viewport, shown_ms, newest_ms, 0.0)
    }

    /// The same with so much more at its left edge: of what slides to its place, more is seen than when it is there.
    #[must_use]
    pub fn reaching_back(viewport: Viewport, shown_ms: f64, newest_ms: Option<f64>, behind_ms: f64) -> Self {
        let column_ms = viewport.column_ms();
        let left_ms = ((shown_ms - viewport.window_ms - behind_ms) / column_ms).floor() * column_ms;
        // No more than another window: what is further ahead than that is some clock's mistake.
        let right_ms =
            newest_ms.map_or(shown_ms, |newest_ms| within(newest_ms, shown_ms, shown_ms + viewport.window_ms));
        // A pixel more, for half a line's width.
        let columns = whole((right_ms - left_ms) / column_ms + 2.0 * viewport.pixel_ratio);
        let columns = columns.next_multiple_of(Self::COLUMNS_STEP);
        Self { left_ms, columns, rows: whole(viewport.height * viewport.pixel_ratio), viewport }
    }

    /// The same with room for what is to come, so that it need not be left soon.
    #[must_use]
    pub fn with_room(self) -> Self {
        Self { columns: self.columns + Self::COLUMNS_STEP, ..self }
    }

    /// Whether `later` can be shown on this one, which has room, for so large a share of the room.
    #[must_use]
    pub fn has_room_for(&self, later: &Self, share: f64) -> bool {
        let room_ms = f64::from(Self::COLUMNS_STEP) * self.viewport.column_ms();
        let (ahead_ms, is_alike) =
            (later.left_ms - self.left_ms, (self.rows, self.viewport) == (later.rows, later.viewport));
        let reaches = later.left_ms + later.covers_ms() <= self.left_ms + self.covers_ms();
        is_alike && reaches && (0.0..=room_ms * share).contains(&ahead_ms)
    }

    /// One beside it that shows the same times in another height, in CSS pixels.
    #[must_use]
    pub fn of_height(&self, height: f64) -> Self {
        let viewport = Viewport { height, ..self.viewport };
        Self { rows: whole(height * viewport.pixel_ratio), viewport, ..*self }
    }

    /// What it is seen through.
    #[must_use]
    pub const fn viewport(&self) -> &Viewport {
        &self.viewport
    }

    /// The time that it covers, in milliseconds.
    #[must_use]
    pub fn covers_ms(&self) -> f64 {
        f64::from(self.columns) * self.viewport.column_ms()
    }

    /// Its width in CSS pixels.
    #[must_use]
    pub fn width(&self) -> f64 {
        f64::from(self.columns) / self.viewport.pixel_ratio
    }

    /// Its height in CSS pixels.
    #[must_use]
    pub fn height(&self) -> f64 {
        f64::from(self.rows) / self.viewport.pixel_ratio
    }

    /// Where its left edge lies when the right edge of the viewport shows `shown_ms`: CSS pixels from the viewport's left
    /// edge. Falls at the same speed all the time.
    #[must_use]
    pub fn offset_at(&self, shown_ms: f64) -> f64 {
        self.viewport.x_of(self.left_ms, shown_ms)
    }

    /// The time at the right edge of the viewport when nothing of it is seen any more.
    #[must_use]
    pub fn gone_at(&self) -> f64 {
        self.left_ms + self.covers_ms() + self.viewport.window_ms
    }
}

/// A number of pixels, rounded up, and one that a canvas can have.
fn whole(pixels: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the limits of a canvas")]
    let pixels = within(pixels.ceil(), 1.0, Layer::MOST_PIXELS) as u32;
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEWPORT: Viewport = Viewport { width: 300.0, height: 60.0, pixel_ratio: 2.0, window_ms: 300_000.0 };
    /// A time at which there is no whole pixel.
    const NOW: f64 = 1_760_000_000_123.0;

    #[track_caller]
    fn check(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-4, "{actual} is not {expected}");
    }

    #[test]
    fn a_layer_begins_on_a_whole_pixel_and_covers_the_window_and_what_is_to_come() {
        let layer = Layer::new(VIEWPORT, NOW, Some(NOW + 2_000.0));
        check(layer.left_ms, 1_759_999_700_000.0);
        // 600 pixels of window, 0.25 of rounding, 4 to come, 4 for half a line's width.
        assert_eq!(layer.columns, 640);
        assert_eq!(layer.rows, 120);
        check(layer.width(), 320.0);
    }

    #[test]
    fn a_layer_with_room_shows_what_comes_until_that_is_used_up() {
        let layer = Layer::new(VIEWPORT, NOW, None).with_room();
        let after = |ms| Layer::new(VIEWPORT, NOW + ms, None);
        // 64 pixels of half a second.
        assert!(layer.has_room_for(&after(0.0), 1.0) && layer.has_room_for(&after(31_000.0), 1.0));
        assert!(!layer.has_room_for(&after(33_000.0), 1.0) && !layer.has_room_for(&after(17_000.0), 0.5));
        assert!(!layer.has_room_for(&after(-1_000.0), 1.0));
        assert!(!layer.has_room_for(&Layer::new(VIEWPORT, NOW, Some(NOW + 60_000.0)), 1.0));
        assert!(!layer.has_room_for(&after(0.0).of_height(61.0), 1.0));
    }

    #[test]
    fn what_slides_to_its_place_reaches_back_and_is_seen_where_it_would_be() {
        let (usual, far) = (Layer::new(VIEWPORT, NOW, None), Layer::reaching_back(VIEWPORT, NOW, None, 150_000.0));
        check(usual.left_ms - far.left_ms, 150_000.0);
        check(far.offset_at(NOW) + 150.0, usual.offset_at(NOW));
        check(far.left_ms + far.covers_ms(), usual.left_ms + usual.covers_ms() + 10_000.0);
    }

    #[test]
    fn it_moves_at_the_same_speed_whenever_it_was_painted() {
        let early = Layer::new(VIEWPORT, NOW, None);
        let late = Layer::new(VIEWPORT, NOW + 60_777.0, None);
        let shown = NOW + 61_000.0;
        // The same time is seen at the same place through both.
        let place = |layer: &Layer| layer.offset_at(shown) - layer.left_ms * VIEWPORT.width / VIEWPORT.window_ms;
        check(place(&early), place(&late));
        check(late.offset_at(shown), -0.623);
    }

    #[test]
    fn a_clock_that_is_hours_off_does_not_ask_for_a_canvas_of_hours() {
        assert_eq!(Layer::new(VIEWPORT, NOW, Some(NOW + 1e9)).columns, 1_216);
        assert_eq!(Layer::new(VIEWPORT, NOW, Some(NOW - 1e9)).columns, 640);
    }

    #[test]
    fn time_and_place_are_each_others_inverse() {
        check(VIEWPORT.time_at(300.0, NOW), NOW);
        check(VIEWPORT.time_at(0.0, NOW), NOW - 300_000.0);
        check(VIEWPORT.x_of(VIEWPORT.time_at(123.0, NOW), NOW), 123.0);
    }

    #[test]
    fn a_layer_is_gone_when_its_right_edge_has_left() {
        let layer = Layer::new(VIEWPORT, NOW, None);
        check(layer.offset_at(layer.gone_at()), -layer.width());
    }
}
