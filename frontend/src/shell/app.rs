//! The loop: an event comes, the model says what to do about it, the document shows what the view says.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_render::{AnimationFrame, request_animation_frame};
use gloo_timers::callback::Timeout;
use stats::{Monotonic, Timestamp};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, EventTarget, HtmlAnchorElement, MouseEvent, Window};

use crate::address::Address;
use crate::chart::{Resize, Surroundings, wall};
use crate::command::Wish;
use crate::export;
use crate::model::find::Place;
use crate::model::{Effect, Event, Fetch, Model, Visibility};
use crate::options::Clock;
use crate::sure::{give_up, sure};
use crate::view;

use super::fetch;
use super::files;
use super::memory;
use super::page::PageElements;
use super::paper::{self, Medium};
use super::tools;
use super::wishes::{self, Wheel};

/// All that there is while the page is open.
struct App {
    window: Window,
    document: Document,
    model: Model,
    page: PageElements,
    timer: Option<Timeout>,
    /// The last frame that was asked for, which is let go of when the next one is.
    frame: Option<AnimationFrame>,
    painting: Painting,
    /// What the model was told to be in sight.
    sighted: Vec<Place>,
    sight: Sight,
    /// What is shown of what there is: the order of the overview, or something else.
    arranged: Option<u64>,
    wheel: Wheel,
}

/// Whether a frame was asked for that has not come yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Painting {
    Idle,
    Asked,
}

/// Whether what is in sight may be something else than was seen last. To see it costs the browser a layout of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    Known,
    Doubtful,
}

type Shared = Rc<RefCell<App>>;

/// Starts the page. Where the browser is none that it can run in, this ends in an exception.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| give_up(&format!("{panic}"))));
    let window = sure(web_sys::window().ok_or_else(|| "there is no window".into()));
    let document = sure(window.document().ok_or_else(|| "there is no document".into()));
    let query = sure(window.location().search());
    let address = Address::remembering(&memory::recall(), &query);
    let page = PageElements::new(&sure(document.body().ok_or_else(|| "there is no body".into())));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any number will do")]
    let seed = (js_sys::Math::random() * 9e15) as u64;
    let model = Model::new(address, seed);
    let app = App {
        window,
        document,
        model,
        page,
        timer: None,
        frame: None,
        painting: Painting::Idle,
        sighted: Vec::new(),
        sight: Sight::Doubtful,
        arranged: None,
        wheel: Wheel::default(),
    };
    if !Address::names_units(&query) {
        app.tell();
    }
    let app = Rc::new(RefCell::new(app));
    listen(&app);
    turn(&app);
    dispatch(&app, Event::Woke);
}

/// Takes an event in and does what follows from it.
fn dispatch(app: &Shared, event: Event) {
    let is_time = matches!(event, Event::Woke);
    let effects = {
        let mut this = app.borrow_mut();
        let now = this.now();
        this.model.update(event, now)
    };
    // What comes is shown with the time that has passed: to show that first would cost a frame more.
    let is_to_come = is_time && effects.iter().any(|effect| matches!(effect, Effect::Fetch(file) if file.is_poll()));
    for effect in effects {
        match effect {
            Effect::Fetch(file) => get(app, file),
            Effect::Wake(at) => wake(app, at),
            Effect::Tell => app.borrow().tell(),
            Effect::Remember => memory::remember(&app.borrow().model.address.memory()),
        }
    }
    if !is_to_come {
        app.borrow_mut().show();
        paint(app);
    }
}

fn get(app: &Shared, file: Fetch) {
    let url = app.borrow().resolve(file.path.as_deref());
    let app = Rc::clone(app);
    wasm_bindgen_futures::spawn_local(async move {
        let outcome = match url {
            Ok(url) => fetch::get(&url).await,
            Err(failure) => Err(failure),
        };
        dispatch(&app, Event::Fetched(file, outcome));
    });
}

fn wake(app: &Shared, at: Monotonic) {
    let mut this = app.borrow_mut();
    let pause = at.since(this.now());
    // Browsers wake up to a millisecond early.
    let millis = u32::try_from(pause.as_millis()).unwrap_or(u32::MAX).saturating_add(1).min(3_600_000);
    let later = Rc::clone(app);
    this.timer = Some(Timeout::new(millis, move || dispatch(&later, Event::Woke)));
}

/// Sees in the next frame what is in sight, which is something else than before.
fn seek(app: &Shared) {
    app.borrow_mut().sight = Sight::Doubtful;
    paint(app);
}

/// Has all charts painted that have something new, all in one frame, once it is seen what is in sight.
fn paint(app: &Shared) {
    let mut this = app.borrow_mut();
    let is_looking = this.sight == Sight::Doubtful && this.page.has_cards();
    if this.painting == Painting::Asked || !this.page.wants_paint() && !is_looking {
        return;
    }
    this.painting = Painting::Asked;
    let later = Rc::clone(app);
    this.frame = Some(request_animation_frame(move |page_ms| {
        look(&later);
        let mut this = later.borrow_mut();
        this.painting = Painting::Idle;
        this.page.paint(page_ms);
    }));
}

/// Tells the model what is in sight, where that is not what it was.
fn look(app: &Shared) {
    let sighted = {
        let mut this = app.borrow_mut();
        if std::mem::replace(&mut this.sight, Sight::Known) == Sight::Known {
            return;
        }
        let Some(places) = this.page.in_sight(&this.window).filter(|places| *places != this.sighted) else { return };
        this.sighted.clone_from(&places);
        places
    };
    dispatch(app, Event::Sighted(sighted));
}

/// Tells the model whether the page is seen.
fn turn(app: &Shared) {
    let is_hidden = app.borrow().document.hidden();
    let visibility = if is_hidden { Visibility::Hidden } else { Visibility::Visible };
    dispatch(app, Event::Turned(visibility));
}

/// What is done about an event. They capture nothing: each closure that does is another listener to the compiler.
type Act = fn(&Shared, &web_sys::Event);

/// What is listened to for as long as the page is open.
fn listen(app: &Shared) {
    let (window, document) = {
        let this = app.borrow();
        (this.window.clone(), this.document.clone())
    };
    let on = |target: &EventTarget, event: &'static str, act: Act| {
        let later = Rc::clone(app);
        // They may let the browser do nothing of its own.
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(target, event, options, move |event| act(&later, event)).forget();
    };
    on(&document, "visibilitychange", |app, _| turn(app));
    on(&window, "popstate", |app, _| arrive(app));
    for event in ["scroll", "resize"] {
        on(&window, event, |app, _| seek(app));
    }
    // Whatever moves what is below it makes the page longer or shorter.
    let later = Rc::clone(app);
    let body = sure(document.body().ok_or_else(|| "there is no body".into()));
    std::mem::forget(Resize::watch(&body, move |_, _| seek(&later)));
    on(&document, "input", choose);
    on(&document, "click", follow);
    for event in wishes::EVENTS {
        on(&document, event, obey);
    }
    for event in ["drop", "change"] {
        on(&document, event, open);
    }
    // Else the browser would go to what is dropped.
    on(&document, "dragover", |_, event| event.prevent_default());
    on(&window, "beforeprint", |app, _| look_as_on(app, Medium::Paper));
    on(&window, "afterprint", |app, _| look_as_on(app, Medium::Screen));
    let later = Rc::clone(app);
    let surroundings = Surroundings::watch(move || {
        later.borrow_mut().page.want_paint();
        paint(&later);
    });
    std::mem::forget(sure(surroundings));
}

/// Does what the viewer wishes with a key, a button, a menu or the wheel.
fn obey(app: &Shared, event: &web_sys::Event) {
    let (wish, help) = {
        let this = app.borrow();
        let Some(controls) = this.page.controls() else { return };
        let options = &this.model.address.options;
        (wishes::wish(event, &this.wheel, controls, options), controls.opens_help())
    };
    let Some(wish) = wish else { return };
    event.prevent_default();
    match wish {
        Wish::Command(command) => dispatch(app, Event::Commanded(command)),
        Wish::Help => help.click(),
        Wish::Save(format) => {
            let this = app.borrow();
            // Where the browser refuses, it says so itself.
            let _ = files::save(format, &this.model, &this.window, &this.page);
        }
        Wish::Live => {
            let _ = app.borrow().window.location().reload();
        }
    }
}

/// Shows the file that the viewer has dropped or chosen.
fn open(app: &Shared, event: &web_sys::Event) {
    let Some(file) = files::given(event) else { return };
    event.prevent_default();
    let app = Rc::clone(app);
    wasm_bindgen_futures::spawn_local(async move {
        let name = file.name();
        let contents = files::read(file).await;
        dispatch(&app, Event::Opened(name, contents));
        if let Some(controls) = app.borrow().page.controls() {
            controls.close_files();
        }
    });
}

/// Follows a link within the page without loading it again, unless it is to open elsewhere.
fn follow(app: &Shared, event: &web_sys::Event) {
    let Some(click) = event.dyn_ref::<MouseEvent>() else { return };
    let is_plain =
        click.button() == 0 && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key());
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href^='?']").ok().flatten());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
    if !is_plain || event.default_prevented() {
        return;
    }
    let window = app.borrow().window.clone();
    let pushed =
        window.history().and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&link.href())));
    if pushed.is_ok() {
        event.prevent_default();
        // Before what is focused there comes into view.
        window.scroll_to_with_x_and_y(0.0, 0.0);
        arrive(app);
    }
}

/// Has the page look as it is to be printed, or as before.
fn look_as_on(app: &Shared, medium: Medium) {
    let mut this = app.borrow_mut();
    paper::lay_out(&this.document, medium, &export::caption(&this.model));
    let page_ms = this.now().since_zero().as_secs_f64() * 1_000.0;
    this.page.want_paint();
    this.page.paint(page_ms);
    if medium == Medium::Paper {
        paper::flatten(&this.document);
    }
}

/// The viewer has said something with the tools of the overview.
fn choose(app: &Shared, event: &web_sys::Event) {
    let said = event.target().and_then(|target| tools::said(target.dyn_ref()?));
    let Some((key, value)) = said else { return };
    let mut options = app.borrow().model.address.options.clone();
    options.read(&key, &value);
    dispatch(app, Event::Chose(options));
}

/// The URL has changed.
fn arrive(app: &Shared) {
    let window = app.borrow().window.clone();
    let address = Address::remembering(&memory::recall(), &window.location().search().unwrap_or_default());
    if address.stats == app.borrow().model.address.stats {
        dispatch(app, Event::Navigated(address));
        app.borrow_mut().page.attend();
    } else {
        // Other data: nothing of what is known holds.
        let _ = window.location().reload();
    }
}

impl App {
    fn now(&self) -> Monotonic {
        let millis = self.window.performance().map_or(0.0, |performance| performance.now());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "since the page was opened")]
        Monotonic::new(Duration::from_micros((millis * 1_000.0) as u64))
    }

    fn show(&mut self) {
        let clock = self.model.address.options.time;
        let local = |at| local_time(at, clock);
        let page = view::page(&self.model, self.now(), &local);
        if self.document.title() != page.title {
            self.document.set_title(&page.title);
        }
        self.page.show(&page, &self.model, &local);
        let arranged = self.page.has_cards().then_some(self.model.order.revision);
        if self.arranged != arranged {
            self.arranged = arranged;
            self.sight = Sight::Doubtful;
        }
    }

    /// Has the URL say what is chosen, so that it may be handed on or come back to.
    fn tell(&self) {
        let address = &self.model.address;
        // A browser that changes no URL shows what was chosen all the same.
        let _ = self
            .window
            .history()
            .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address.to_query())));
    }

    fn resolve(&self, path: Option<&str>) -> Result<String, crate::model::failure::Failure> {
        let page = self.document.base_uri().ok().flatten().unwrap_or_default();
        fetch::resolve(&page, self.model.address.stats_url(), path)
    }
}

/// `14:03:59`, or with the date where that is not today's.
fn local_time(at: Timestamp, clock: Clock) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a moment of this century")]
    let now = Timestamp::from_micros(js_sys::Date::now() as u64 * 1_000);
    let zone = if clock == Clock::Utc { " UTC" } else { "" };
    let (wall, today) = (wall(at, clock), wall(now, clock).date());
    let time = wall.time() + zone;
    if wall.date() == today { time } else { format!("{time} on {}", wall.date()) }
}
