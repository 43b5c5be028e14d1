//! Reads what Chromium logs about a page. Knows nothing of how it is fetched.

use serde::Deserialize;
use thirtyfour::BrowserLogEntry;

/// What a page has said and asked for since it was opened.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// Everything in the console, as `LEVEL message`.
    pub(super) console: Vec<String>,
    /// The errors among it: exceptions, `console.error`, requests that failed.
    pub(super) errors: Vec<String>,
    /// The URL of every request, in the order in which they were sent.
    pub(super) requests: Vec<String>,
}

impl Journal {
    /// Takes in what chromedriver calls the `browser` log.
    pub(super) fn add_console(&mut self, entries: Vec<BrowserLogEntry>) {
        for entry in entries {
            self.console.push(format!("{} {}", entry.level, entry.message));
            if entry.level == "SEVERE" {
                self.errors.push(entry.message);
            }
        }
    }

    /// Takes in what chromedriver calls the `performance` log: events of Chromium, of which requests are some.
    pub(super) fn add_events(&mut self, entries: &[BrowserLogEntry]) {
        self.requests.extend(entries.iter().filter_map(|entry| requested_url(&entry.message)));
    }
}

#[derive(Deserialize)]
struct Envelope {
    message: Event,
}

#[derive(Deserialize)]
#[serde(tag = "method", content = "params")]
enum Event {
    #[serde(rename = "Network.requestWillBeSent")]
    Request { request: Request },
    #[serde(rename = "Network.webSocketCreated")]
    Socket { url: String },
}

#[derive(Deserialize)]
struct Request {
    url: String,
}

fn requested_url(message: &str) -> Option<String> {
    // Most events are of other kinds, which do not parse as one of these.
    let envelope: Envelope = serde_json::from_str(message).ok()?;
    match envelope.message {
        Event::Request { request } => Some(request.url),
        Event::Socket { url } => Some(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, url: Option<&str>) {
        assert_eq!(requested_url(message).as_deref(), url);
    }

    #[test]
    fn a_request_is_told_by_its_url() {
        check(
            r#"{"message":{"method":"Network.requestWillBeSent","params":{"documentURL":"http://a/",
                "request":{"method":"GET","url":"http://a/stats/index.json"},"type":"Fetch"}},"webview":"1"}"#,
            Some("http://a/stats/index.json"),
        );
    }

    #[test]
    fn a_web_socket_is_a_request_too() {
        check(
            r#"{"message":{"method":"Network.webSocketCreated","params":{"requestId":"1","url":"ws://a/"}}}"#,
            Some("ws://a/"),
        );
    }

    #[test]
    fn other_events_are_no_requests() {
        check(r#"{"message":{"method":"Network.dataReceived","params":{"dataLength":7}}}"#, None);
    }
}
