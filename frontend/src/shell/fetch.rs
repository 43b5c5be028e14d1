//! Gets files: never from a cache, never more of one than a stats file has, never for ever.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gloo_timers::callback::Timeout;
use js_sys::{Reflect, Uint8Array};
use stats::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache, RequestInit, Response, Url};

use crate::model::Arrival;
use crate::model::failure::Failure;
use crate::model::testimony::{self, Testimony};

/// What takes longer is given up.
const TIMEOUT_MS: u32 = 20_000;

/// The URL of the index that lies at `index` as seen from `page`, or of a file at `path` as seen from the index.
pub(super) fn resolve(page: &str, index: &str, path: Option<&str>) -> Result<String, Failure> {
    let resolve = |path: &str, base: &str| Url::new_with_base(path, base).map_err(|_| Failure::BadUrl);
    let index = resolve(index, page)?;
    if !matches!(index.protocol().as_str(), "http:" | "https:") {
        return Err(Failure::BadUrl);
    }
    let Some(path) = path else { return Ok(index.href()) };
    let file = resolve(path, &index.href())?;
    // An index says where its other files are. It has no business sending anyone elsewhere.
    if file.origin() == index.origin() { Ok(file.href()) } else { Err(Failure::BadUrl) }
}

/// The file at `url`.
pub(super) async fn get(url: &str) -> Result<Arrival, Failure> {
    let controller = AbortController::new().map_err(|_| Failure::NoAnswer)?;
    let is_late = Rc::new(Cell::new(false));
    let timeout = Timeout::new(TIMEOUT_MS, {
        let (controller, is_late) = (controller.clone(), Rc::clone(&is_late));
        move || {
            is_late.set(true);
            controller.abort();
        }
    });
    let outcome = request(url, &controller).await;
    drop(timeout);
    match outcome {
        Err(Failure::NoAnswer) if is_late.get() => Err(Failure::TimedOut),
        outcome => outcome,
    }
}

async fn request(url: &str, controller: &AbortController) -> Result<Arrival, Failure> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&controller.signal()));
    let window = web_sys::window().ok_or(Failure::NoAnswer)?;
    let response = JsFuture::from(window.fetch_with_str_and_init(url, &init)).await.map_err(no_answer)?;
    let response: Response = response.dyn_into().map_err(no_answer)?;
    let outcome = body(&response).await;
    if outcome.is_err() {
        // The rest of it is not wanted.
        controller.abort();
    }
    Ok(Arrival { text: outcome?, testimony: testimony(&response) })
}

/// What the server, and whatever kept the answer since, say of its age.
fn testimony(response: &Response) -> Testimony {
    let header = |name| response.headers().get(name).ok().flatten();
    let time = |name| header(name).and_then(|date| timestamp(js_sys::Date::parse(&date)));
    Testimony {
        sent: time("date"),
        modified: time("last-modified"),
        kept: header("age")
            .and_then(|age| age.parse::<u64>().ok())
            .filter(|age| u32::try_from(*age).is_ok())
            .map_or(Duration::ZERO, Duration::from_secs),
        received: timestamp(js_sys::Date::now()).unwrap_or_default(),
        tag: header("etag").as_deref().map(testimony::tag),
    }
}

/// JavaScript's milliseconds since 1970; what is negative, or no number, says nothing.
fn timestamp(millis: f64) -> Option<Timestamp> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and not negative")]
    (millis >= 0.0).then_some(Timestamp::from_micros((millis * 1_000.0) as u64))
}

async fn body(response: &Response) -> Result<Vec<u8>, Failure> {
    if !response.ok() {
        return Err(Failure::Status(response.status()));
    }
    let length = response.headers().get("content-length").ok().flatten();
    if length.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > Failure::MOST_BYTES as u64) {
        return Err(Failure::TooLarge);
    }
    let mut text = Vec::new();
    let Some(body) = response.body() else { return Ok(text) };
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(|_| Failure::NoAnswer)?;
    loop {
        let read = JsFuture::from(reader.read()).await.map_err(no_answer)?;
        let field = |name: &str| Reflect::get(&read, &JsValue::from_str(name)).unwrap_or_default();
        if field("done").is_truthy() {
            return Ok(text);
        }
        let chunk = Uint8Array::new(&field("value"));
        let begin = text.len();
        if begin + chunk.length() as usize > Failure::MOST_BYTES {
            return Err(Failure::TooLarge);
        }
        text.resize(begin + chunk.length() as usize, 0);
        chunk.copy_to(&mut text[begin..]);
    }
}

fn no_answer<T>(_: T) -> Failure {
    // Browsers don't tell pages why: it might be none of their business.
    Failure::NoAnswer
}
