//! Files to and from the viewer's own machine.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DragEvent, Event, File, HtmlElement, HtmlInputElement, Url, Window};

use crate::command::Format;
use crate::export;
use crate::model::Model;
use crate::model::failure::Failure;

use super::page::PageElements;
use super::picture;

/// Gives the viewer a file of what is shown.
pub(super) fn save(format: Format, model: &Model, window: &Window, page: &PageElements) -> Result<(), JsValue> {
    let main = page.main();
    let stem = export::stem(model);
    match format {
        Format::Csv => save_text(&format!("{stem}.csv"), "text/csv", &export::csv(model)),
        Format::Stats => save_text(&format!("{stem}.json"), "application/json", &export::stats_file(model)),
        Format::Picture => {
            // When it was paused is when it is of.
            let paused = model.address.options.paused.map_or("", |_| " · paused");
            let caption = format!("{} · {}{paused}", export::caption(model), page.state());
            // Of a list, what is in the window.
            let all = if model.address.interface.is_some() { f64::INFINITY } else { window_height(window, main) };
            picture::take(window, main, all, &caption, move |blob| {
                let _ = hand_over(&format!("{stem}.png"), &blob);
            })
        }
    }
}

fn window_height(window: &Window, main: &HtmlElement) -> f64 {
    let height = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    height - main.get_bounding_client_rect().top()
}

fn save_text(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&JsValue::from_str(text)), &options)?;
    hand_over(name, &blob)
}

/// Has the browser save a file of that name.
fn hand_over(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let link: HtmlElement = document.create_element("a")?.unchecked_into();
    link.set_attribute("href", &url)?;
    link.set_attribute("download", name)?;
    link.click();
    // The browser has taken it over when the click returns; what is not let go of stays in memory for as long as the page.
    Url::revoke_object_url(&url)
}

/// The file that the viewer has dropped or chosen, if they have.
pub(super) fn given(event: &Event) -> Option<File> {
    if let Some(drop) = event.dyn_ref::<DragEvent>() {
        return drop.data_transfer()?.files()?.get(0);
    }
    event.target()?.dyn_into::<HtmlInputElement>().ok()?.files()?.get(0)
}

/// What is in a file. One that is too large is not read.
pub(super) async fn read(file: File) -> Result<Vec<u8>, Failure> {
    #[expect(clippy::cast_precision_loss, reason = "some millions")]
    if file.size() > Failure::MOST_BYTES as f64 {
        return Err(Failure::TooLarge);
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| Failure::Unreadable("this file cannot be read".to_owned()))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
