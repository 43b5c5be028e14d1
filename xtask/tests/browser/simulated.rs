//! A page whose time passes as fast as it takes it: hours within seconds, with files as a collector would have written them
//! by then.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use stats::{StatsFile, Timestamp};
use xtask::stage::{Browser, Stage};

/// A browser with the page, in which no time passes but what is let pass.
pub(crate) struct Simulated {
    pub(crate) browser: Browser,
    interval: Duration,
    file: Arc<File>,
}

/// Writes the stats file of that name as it is at a time.
type File = dyn Fn(&str, Timestamp) -> StatsFile + Send + Sync;

/// What the page takes of the browser once it has let go of what it can.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// The octets of the program's own memory, which never shrinks.
    pub(crate) program: u64,
    /// The octets of JavaScript's objects.
    pub(crate) objects: u64,
    /// Nodes of documents, and what listens to them.
    pub(crate) nodes: u64,
    pub(crate) listeners: u64,
}

impl Memory {
    /// Whether there is not more than there was. As it goes on, the browser compiles and notes what it needs to be faster: that
    /// much is let pass.
    pub(crate) const fn is_no_more_than(&self, earlier: &Self) -> bool {
        let objects = self.objects <= earlier.objects + earlier.objects / 4;
        objects && self.program <= earlier.program && self.nodes <= earlier.nodes && self.listeners <= earlier.listeners
    }
}

impl Simulated {
    /// Opens the page. Its index is another one each `interval`.
    pub(crate) fn open(
        stage: &Stage,
        query: &str,
        interval: Duration,
        file: impl Fn(&str, Timestamp) -> StatsFile + Send + Sync + 'static,
    ) -> Result<Self> {
        let file: Arc<File> = Arc::new(file);
        let home = stage.url("");
        let home = home.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let address = serve(home, Arc::clone(&file))?;
        let browser = stage.open_blank()?;
        let source = include_str!("simulated/time.js");
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }))?;
        browser.open(&format!("http://{address}/{query}"))?;
        Ok(Self { browser, interval, file })
    }

    /// Lets so much time pass.
    pub(crate) fn pass(&self, time: Duration) -> Result<()> {
        self.pass_by(time, Duration::from_millis(1))
    }

    /// The same in steps, which is faster: the page is woken no more often.
    pub(crate) fn pass_by(&self, time: Duration, step: Duration) -> Result<()> {
        let now = whole(&self.browser.eval("simulated.now()")?).context("it is no time")?;
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (interval, until) = (millis(self.interval), now + millis(time));
        let indexes = (now / interval..=until / interval).map(|number| {
            let written = number * interval;
            let text = (self.file)("index.json", Timestamp::from_micros(written * 1_000)).to_json();
            json!({ "written": written, "text": text })
        });
        let indexes: Vec<Value> = indexes.collect();
        self.browser.eval(&format!("simulated.pass({}, {}, {})", millis(time), json!(indexes), millis(step))).map(drop)
    }

    /// What the page takes now.
    pub(crate) fn memory(&self) -> Result<Memory> {
        self.browser.devtools("Performance.enable", json!({}))?;
        self.browser.devtools("HeapProfiler.collectGarbage", json!({}))?;
        let metrics = self.browser.devtools("Performance.getMetrics", json!({}))?;
        let metric = |name: &str| {
            let metric = metrics["metrics"].as_array()?.iter().find(|metric| metric["name"] == name)?;
            whole(&metric["value"])
        };
        let of = |name| metric(name).with_context(|| format!("Chromium does not tell {name}"));
        let program = whole(&self.browser.eval("simulated.memory()")?).context("there is no program")?;
        Ok(Memory { program, objects: of("JSHeapUsedSize")?, nodes: of("Nodes")?, listeners: of("JSEventListeners")? })
    }
}

fn whole(value: &Value) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "JavaScript counts in floats")]
    let number = value.as_f64()? as u64;
    Some(number)
}

/// Serves stats files of the time that the page says it is, and all else from the server at `home`.
fn serve(home: String, file: Arc<File>) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen")?;
    let address = listener.local_addr()?.to_string();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let (home, file) = (home.clone(), Arc::clone(&file));
            // A browser that goes away is no news.
            thread::spawn(move || drop(answer(client, &home, &*file)));
        }
    });
    Ok(address)
}

fn answer(mut client: TcpStream, home: &str, file: &File) -> Result<()> {
    client.set_nodelay(true)?;
    let mut lines = BufReader::new(client.try_clone()?).lines();
    while let Some(request) = lines.next().transpose()? {
        // The rest of the head says nothing that matters.
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let path = request.split(' ').nth(1).context("no path")?;
        let stats = path.strip_prefix("/stats/").and_then(|path| path.split_once("?at="));
        let Some((name, millis)) = stats else {
            let mut upstream = TcpStream::connect(home)?;
            write!(upstream, "GET {path} HTTP/1.1\r\nhost: {home}\r\nconnection: close\r\n\r\n")?;
            let mut page = Vec::new();
            upstream.read_to_end(&mut page)?;
            return Ok(client.write_all(&page)?);
        };
        let text = file(name, Timestamp::from_micros(millis.parse::<u64>()? * 1_000)).to_json();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
        client.write_all(format!("{head}content-length: {}\r\n\r\n{text}", text.len()).as_bytes())?;
    }
    Ok(())
}
