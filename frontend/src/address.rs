//! What the page's URL says: which stats file, which interface, how much time. Knows nothing of browsers.

use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What is escaped in a query. Slashes are not: `?interface=router/ppp0` is to stay readable.
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'<').add(b'=').add(b'>').add(b'\'');

/// What the page's URL says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// `stats`: where the stats file is; beside the page where that is not said.
    pub stats: Option<String>,
    /// `interface`: the one to open, as `target/name`; all of them where that is not said.
    pub interface: Option<String>,
    /// `window`: how much time graphs show.
    pub window: Window,
}

/// How much time a graph shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// The last minute.
    One,
    /// The last two.
    Two,
    /// The last five.
    #[default]
    Five,
    /// The last ten: as much as is kept.
    Ten,
}

impl Address {
    /// Where the stats file is, beside the page, unless the URL says otherwise.
    pub const BESIDE: &str = "stats/index.json";

    /// Reads a query, with or without its question mark. What it does not know or cannot read it leaves out.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut address = Self::default();
        let query = query.strip_prefix('?').unwrap_or(query);
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "stats" if !value.is_empty() => address.stats = Some(value.into_owned()),
                "interface" if !value.is_empty() => address.interface = Some(value.into_owned()),
                "window" => address.window = Window::parse(&value).unwrap_or_default(),
                _ => {}
            }
        }
        address
    }

    /// The query that says this, with its question mark; one that means the same as none where there is nothing to say.
    #[must_use]
    pub fn to_query(&self) -> String {
        let mut query = String::from("?");
        let mut push = |key: &str, value: &str| {
            if query.len() > 1 {
                query.push('&');
            }
            query.push_str(key);
            query.push('=');
            query.extend(utf8_percent_encode(value, ESCAPED));
        };
        if let Some(stats) = &self.stats {
            push("stats", stats);
        }
        if let Some(interface) = &self.interface {
            push("interface", interface);
        }
        if self.window != Window::default() {
            push("window", self.window.name());
        }
        query
    }

    /// The stats file's URL as it was given.
    #[must_use]
    pub fn stats_url(&self) -> &str {
        self.stats.as_deref().unwrap_or(Self::BESIDE)
    }

    /// The same page with that interface opened, or none.
    #[must_use]
    pub fn with_interface(&self, interface: Option<String>) -> Self {
        Self { interface, ..self.clone() }
    }

    /// The same page with graphs of that much time.
    #[must_use]
    pub fn with_window(&self, window: Window) -> Self {
        Self { window, ..self.clone() }
    }
}

impl Window {
    /// Every window, the shortest first.
    pub const ALL: [Self; 4] = [Self::One, Self::Two, Self::Five, Self::Ten];

    /// How long it is.
    #[must_use]
    pub const fn duration(self) -> Duration {
        Duration::from_secs(60 * self.minutes())
    }

    /// How many minutes it is long.
    #[must_use]
    pub const fn minutes(self) -> u64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Five => 5,
            Self::Ten => 10,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::One => "1m",
            Self::Two => "2m",
            Self::Five => "5m",
            Self::Ten => "10m",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expected: &Address, written: &str) {
        assert_eq!(Address::parse(query), *expected);
        assert_eq!(expected.to_query(), written);
        assert_eq!(Address::parse(written), *expected);
    }

    #[test]
    fn nothing_said_is_the_overview_of_what_lies_beside_the_page() {
        check("", &Address::default(), "?");
        check("?stats=&interface=&kiosk", &Address::default(), "?");
        assert_eq!(Address::default().stats_url(), "stats/index.json");
    }

    #[test]
    fn slashes_stay_readable() {
        let address = Address::default().with_interface(Some("router/ge-0/0/0.0".to_owned()));
        check("?interface=router/ge-0/0/0.0", &address, "?interface=router/ge-0/0/0.0");
        check("interface=router%2Fge-0%2F0%2F0.0", &address, "?interface=router/ge-0/0/0.0");
    }

    #[test]
    fn what_names_contain_comes_back_whole() {
        let address = Address {
            stats: Some("https://example.net/a b?x=1&y=2#z".to_owned()),
            interface: Some("上联/50% + \"more\" & <b>".to_owned()),
            window: Window::One,
        };
        check(
            &address.to_query(),
            &address,
            "?stats=https://example.net/a%20b?x%3D1%26y%3D2%23z\
             &interface=%E4%B8%8A%E8%81%94/50%25%20%2B%20%22more%22%20%26%20%3Cb%3E&window=1m",
        );
    }

    #[test]
    fn a_window_that_there_is_not_is_the_usual_one() {
        check("?window=7m", &Address::default(), "?");
        check("?window=10m", &Address::default().with_window(Window::Ten), "?window=10m");
    }
}
