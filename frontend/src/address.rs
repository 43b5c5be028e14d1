//! What the page's URL says: which stats file, which interface, and what the viewer has chosen. Knows nothing of browsers.

use crate::options::Options;
use crate::query;

/// What the page's URL says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// `stats`: where the stats file is; beside the page where that is not said.
    pub stats: Option<String>,
    /// `interface`: the one to open, as `target/name`; all of them where that is not said.
    pub interface: Option<String>,
    /// What the viewer has chosen.
    pub options: Options,
}

impl Address {
    /// Where the stats file is, beside the page, unless the URL says otherwise.
    pub const BESIDE: &str = "stats/index.json";

    /// Reads a query, with or without its question mark. What it does not know or cannot read it leaves out.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        Self::remembering("", query)
    }

    /// The same where the browser remembers what [`Self::memory`] once said. Whoever can write there can write anything.
    #[must_use]
    pub fn remembering(memory: &str, query: &str) -> Self {
        let mut address = Self::default();
        if !Self::names_units(query) {
            let mut remembered = Options::default();
            for (key, value) in query::pairs(memory) {
                remembered.read(&key, &value);
            }
            address.options.units = remembered.units;
        }
        for (key, value) in Self::pairs(query) {
            match key.as_str() {
                "stats" if !value.is_empty() => address.stats = Some(value),
                "interface" if !value.is_empty() => address.interface = Some(value),
                key => address.options.read(key, &value),
            }
        }
        address
    }

    fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
        query::pairs(query.strip_prefix('?').unwrap_or(query))
    }

    /// Whether a query says what rates are written in. One that does not means something else to a viewer who is used to
    /// other units; it is not to be handed on.
    #[must_use]
    pub fn names_units(query: &str) -> bool {
        Self::pairs(query).any(|(key, _)| key == "unit" || key == "prefix")
    }

    /// The query that says this, with its question mark. It always names the unit: what it shows is not to depend on who opens it.
    #[must_use]
    pub fn to_query(&self) -> String {
        let mut query = String::from("?");
        let mut push = |key: &str, value: &str| {
            if query.len() > 1 {
                query.push('&');
            }
            query::push_pair(&mut query, key, value);
        };
        if let Some(stats) = &self.stats {
            push("stats", stats);
        }
        if let Some(interface) = &self.interface {
            push("interface", interface);
        }
        self.options.write(&mut push);
        query
    }

    /// What the browser is to remember of this.
    #[must_use]
    pub fn memory(&self) -> String {
        let mut memory = String::new();
        Options { units: self.options.units, ..Options::default() }.write(&mut |key, word| {
            if !memory.is_empty() {
                memory.push('&');
            }
            memory.push_str(key);
            memory.push('=');
            memory.push_str(word);
        });
        memory
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

    /// The same page with other choices.
    #[must_use]
    pub fn with_options(&self, options: Options) -> Self {
        Self { options, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Window;

    #[track_caller]
    fn check(query: &str, expected: &Address, written: &str) {
        assert_eq!(Address::parse(query), *expected);
        assert_eq!(expected.to_query(), written);
        assert_eq!(Address::parse(written), *expected);
    }

    #[test]
    fn nothing_said_is_the_overview_of_what_lies_beside_the_page() {
        check("", &Address::default(), "?unit=bits");
        check("?stats=&interface=", &Address::default(), "?unit=bits");
        assert_eq!(Address::default().stats_url(), "stats/index.json");
    }

    #[test]
    fn slashes_stay_readable() {
        let address = Address::default().with_interface(Some("router/ge-0/0/0.0".to_owned()));
        check("?interface=router/ge-0/0/0.0", &address, "?interface=router/ge-0/0/0.0&unit=bits");
        check("interface=router%2Fge-0%2F0%2F0.0", &address, "?interface=router/ge-0/0/0.0&unit=bits");
    }

    #[test]
    fn what_names_contain_comes_back_whole() {
        let address = Address {
            stats: Some("https://example.net/a b?x=1&y=2#z".to_owned()),
            interface: Some("上联/50% + \"more\" & <b>".to_owned()),
            options: Options { window: Window::One, ..Options::default() },
        };
        check(
            &address.to_query(),
            &address,
            "?stats=https://example.net/a%20b?x%3D1%26y%3D2%23z\
             &interface=%E4%B8%8A%E8%81%94/50%25%20%2B%20%22more%22%20%26%20%3Cb%3E&window=1m&unit=bits",
        );
    }
}
