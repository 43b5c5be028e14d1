//! What is seen, as a picture to be handed on: the document's boxes, letters and canvases, drawn onto one canvas just as the
//! browser has laid them out. So it looks as the page does, in either theme, whatever there is on it.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, CanvasRenderingContext2d, CssStyleDeclaration, DomRect, Element, HtmlCanvasElement, Node, Range, Window,
};

/// Around what is seen, in CSS pixels.
const MARGIN: f64 = 16.0;
/// From one of the lines to the next that say below it what and when it is.
const LINE: f64 = 20.0;
/// No browser refuses a canvas of so many pixels in height.
const HIGHEST: f64 = 8_000.0;

/// Calls back with a PNG of `root`, as much of it as is no higher than `height` CSS pixels, with a text below it. Tools to
/// choose with are no part of it, nor what is above them.
pub(super) fn take(
    window: &Window,
    root: &Element,
    height: f64,
    caption: &str,
    on_taken: impl FnOnce(Blob) + 'static,
) -> Result<(), JsValue> {
    let document = window.document().ok_or("no document")?;
    let of = root.get_bounding_client_rect();
    let tools = root.query_selector(TOOLS)?.map(|tools| tools.get_bounding_client_rect());
    let top = tools.filter(|tools| tools.height() > 0.0).map_or(of.top(), |tools| tools.bottom());
    let pixels = window.device_pixel_ratio();
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or("no 2D canvas")?.unchecked_into();
    let body = document.body().ok_or("no body")?;
    let style = window.get_computed_style(&body)?.ok_or("no style")?;
    let font = format!("13px {}", value(&style, "font-family"));
    context.set_font(&font);
    let mut lines = vec![String::new()];
    for word in caption.split_inclusive(' ') {
        let line = lines.last().map(|line| format!("{line}{word}")).unwrap_or_default();
        if context.measure_text(line.trim_end())?.width() <= of.width() {
            lines.pop();
            lines.push(line);
        } else {
            lines.push(word.to_owned());
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    let below = lines.len() as f64 * LINE + 2.0 * MARGIN;
    let height = (of.bottom() - top).min(height - (top - of.top())).min(HIGHEST / pixels - below);
    let (wide, high) = (of.width() + 2.0 * MARGIN, height + below);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a window")]
    let [columns, rows] = [wide, high].map(|length| (length * pixels).ceil() as u32);
    canvas.set_width(columns);
    canvas.set_height(rows);
    context.scale(pixels, pixels)?;
    let page = document.document_element().and_then(|page| window.get_computed_style(&page).ok()?).ok_or("no style")?;
    context.set_fill_style_str(&value(&page, "background-color"));
    context.fill_rect(0.0, 0.0, wide, high);
    let range = Range::new()?;
    let picture = Picture { window, context: &context, range: &range, left: of.left() - MARGIN, top: top - MARGIN };
    context.save();
    context.begin_path();
    context.rect(0.0, 0.0, wide, height + MARGIN);
    context.clip();
    picture.draw(root, height + top)?;
    context.restore();
    context.set_font(&font);
    context.set_fill_style_str(&value(&style, "color"));
    let mut y = height + MARGIN;
    for line in lines {
        y += LINE;
        context.fill_text(&line, MARGIN, y)?;
    }
    let taken = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            on_taken(blob);
        }
    });
    canvas.to_blob(taken.unchecked_ref())
}

struct Picture<'a> {
    window: &'a Window,
    context: &'a CanvasRenderingContext2d,
    range: &'a Range,
    /// The place in the window that is the canvas' corner.
    left: f64,
    top: f64,
}

impl Picture<'_> {
    /// Draws an element and all that is in it, unless it begins below `bottom`.
    fn draw(&self, element: &Element, bottom: f64) -> Result<(), JsValue> {
        let Some(style) = self.window.get_computed_style(element)? else { return Ok(()) };
        let rect = element.get_bounding_client_rect();
        // Where else one could go is no part of a picture.
        let is_hidden = element.matches(&format!(".back, {TOOLS}"))?
            || value(&style, "display") == "none"
            || value(&style, "clip-path") == "inset(50%)";
        if is_hidden || rect.top() > bottom {
            return Ok(());
        }
        self.context.save();
        self.context.set_global_alpha(self.context.global_alpha() * length(&style, "opacity"));
        self.draw_box(&style, &rect)?;
        let (x, y) = (rect.left() - self.left, rect.top() - self.top);
        if let Some(before) = self.window.get_computed_style_with_pseudo_elt(element, "::before")? {
            self.draw_mark(&before, x + length(&style, "padding-left"), y + rect.height() / 2.0);
            self.draw_label(element, &style, &before, &rect)?;
        }
        // Where the label takes that place, the mark has one of its own.
        if let Some(after) = self.window.get_computed_style_with_pseudo_elt(element, "::after")? {
            self.draw_mark(
                &after,
                x + length(&after, "left"),
                y + length(&after, "top") + length(&after, "height") / 2.0,
            );
        }
        if value(&style, "overflow-x") != "visible" {
            self.context.begin_path();
            self.context.rect(rect.left() - self.left, rect.top() - self.top, rect.width(), rect.height());
            self.context.clip();
        }
        if let Some(canvas) = element.dyn_ref::<HtmlCanvasElement>().filter(|canvas| canvas.width() > 0) {
            let context = self.context;
            context.draw_image_with_html_canvas_element_and_dw_and_dh(canvas, x, y, rect.width(), rect.height())?;
        }
        let mut child = element.first_child();
        while let Some(node) = child {
            match node.dyn_ref::<Element>() {
                Some(element) => self.draw(element, bottom)?,
                None => self.draw_text(element, &node, &style)?,
            }
            child = node.next_sibling();
        }
        self.context.restore();
        Ok(())
    }

    /// Draws background and border.
    fn draw_box(&self, style: &CssStyleDeclaration, rect: &DomRect) -> Result<(), JsValue> {
        let context = self.context;
        let (x, y, width, height) = (rect.left() - self.left, rect.top() - self.top, rect.width(), rect.height());
        let radius = length(style, "border-top-left-radius").min(width / 2.0).min(height / 2.0);
        let background = value(style, "background-color");
        if background != TRANSPARENT {
            context.set_fill_style_str(&background);
            context.begin_path();
            context.round_rect_with_f64(x, y, width, height, radius)?;
            context.fill();
        }
        let sides = ["top", "right", "bottom", "left"].map(|side| length(style, &format!("border-{side}-width")));
        let [top, right, bottom, left] = sides;
        if sides.iter().all(|side| *side > 0.0) {
            context.set_stroke_style_str(&value(style, "border-top-color"));
            context.set_line_width(top);
            context.begin_path();
            let (width, height) = (width - top, height - top);
            context.round_rect_with_f64(x + top / 2.0, y + top / 2.0, width, height, radius)?;
            context.stroke();
            return Ok(());
        }
        let edges = [
            ("top", x, y, width, top),
            ("right", x + width - right, y, right, height),
            ("bottom", x, y + height - bottom, width, bottom),
            ("left", x, y, left, height),
        ];
        for (side, x, y, width, height) in edges.into_iter().filter(|(_, _, _, width, height)| *width * *height > 0.0) {
            context.set_fill_style_str(&value(style, &format!("border-{side}-color")));
            if value(style, &format!("border-{side}-style")) == "dashed" {
                // What differs in its colour is to differ in more than that. All that are dashed are horizontal.
                let mut at = 0.0;
                while at < width {
                    context.fill_rect(x + at, y, DASH.min(width - at), height);
                    at += 2.0 * DASH;
                }
            } else {
                context.fill_rect(x, y, width, height);
            }
        }
        Ok(())
    }

    /// Draws the mark of a name, which tells a curve by its colour, from `x` on and around `middle`: a triangle that points up or
    /// down, or a square.
    fn draw_mark(&self, mark: &CssStyleDeclaration, x: f64, middle: f64) {
        let (width, height, shape) = (length(mark, "width"), length(mark, "height"), value(mark, "clip-path"));
        let is_seen = width * height > 0.0;
        let colour = value(mark, "background-color");
        if !is_seen || colour == TRANSPARENT {
            return;
        }
        self.context.set_fill_style_str(&colour);
        if !shape.starts_with("polygon") {
            self.context.fill_rect(x, middle - height / 2.0, width, height);
            return;
        }
        let tip = if shape.starts_with("polygon(50%") { -height / 2.0 } else { height / 2.0 };
        self.context.begin_path();
        self.context.move_to(x + width / 2.0, middle + tip);
        self.context.line_to(x + width, middle - tip);
        self.context.line_to(x, middle - tip);
        self.context.fill();
    }

    /// Draws what a cell is called where the table has no head: a line of its own before what is in it.
    fn draw_label(
        &self,
        element: &Element,
        style: &CssStyleDeclaration,
        label: &CssStyleDeclaration,
        rect: &DomRect,
    ) -> Result<(), JsValue> {
        let Some(text) = element.get_attribute("data-column") else { return Ok(()) };
        if value(label, "content") == "none" || value(label, "display") != "block" {
            return Ok(());
        }
        self.set_letters(label);
        let x = length(style, "padding-left") + length(label, "padding-left");
        let y = length(style, "padding-top");
        self.draw_line(&text, rect.left() + x, rect.top() + y, length(label, "height"))
    }

    fn set_letters(&self, style: &CssStyleDeclaration) {
        // The shorthand is empty where figures are as wide as each other.
        let font = ["font-style", "font-weight", "font-size", "font-family"].map(|part| value(style, part)).join(" ");
        self.context.set_font(&font);
        self.context.set_fill_style_str(&value(style, "color"));
    }

    /// Draws a text in the middle of a line that is so high and begins there in the window.
    fn draw_line(&self, text: &str, left: f64, top: f64, height: f64) -> Result<(), JsValue> {
        let of = self.context.measure_text(text)?;
        let (above, below) = (of.font_bounding_box_ascent(), of.font_bounding_box_descent());
        let y = top - self.top + (height - above - below) / 2.0 + above;
        self.context.fill_text(text.trim_end(), left - self.left, y)
    }

    /// Draws a text word by word, each where the browser has it: so lines are broken as they are there.
    fn draw_text(&self, element: &Element, node: &Node, style: &CssStyleDeclaration) -> Result<(), JsValue> {
        let Some(mut text) = node.text_content().filter(|text| !text.trim().is_empty()) else { return Ok(()) };
        self.set_letters(style);
        // A name is an element of its own, in one that shows the end of it.
        let block = element.parent_element().filter(|_| element.tag_name() == "BDI");
        let block = block.as_ref().unwrap_or(element);
        let is_cut = block.scroll_width() > block.client_width();
        if let Some(style) = self.window.get_computed_style(block)?.filter(|_| is_cut)
            && value(&style, "text-overflow") == "ellipsis"
        {
            let rect = block.get_bounding_client_rect();
            let is_cut_at_end = value(&style, "direction") == "ltr";
            let seen = |text: &str| if is_cut_at_end { format!("{text}…") } else { format!("…{text}") };
            while self.context.measure_text(&seen(&text))?.width() > rect.width() && !text.is_empty() {
                if is_cut_at_end {
                    text.pop();
                } else {
                    text.remove(0);
                }
            }
            return self.draw_line(&seen(&text), rect.left(), rect.top(), rect.height());
        }
        let mut begin = 0;
        for word in text.split_inclusive(' ') {
            // Browsers count in the units of UTF-16.
            let end = begin + u32::try_from(word.encode_utf16().count()).unwrap_or(u32::MAX);
            self.range.set_start(node, begin)?;
            self.range.set_end(node, end)?;
            begin = end;
            let rect = self.range.get_bounding_client_rect();
            if rect.width() > 0.0 {
                self.draw_line(word, rect.left(), rect.top(), rect.height())?;
            }
        }
        Ok(())
    }
}

/// What is chosen with, and shows what is chosen in parts that only the browser can draw.
const TOOLS: &str = ".tools";

/// How long dashes are, and what is between them, in CSS pixels.
const DASH: f64 = 3.0;

const TRANSPARENT: &str = "rgba(0, 0, 0, 0)";

fn value(style: &CssStyleDeclaration, property: &str) -> String {
    style.get_property_value(property).unwrap_or_default()
}

/// A number of CSS pixels, or one without a unit; not a number where it is none.
fn length(style: &CssStyleDeclaration, property: &str) -> f64 {
    js_sys::parse_float(&value(style, property))
}
