//! Something between the server and the page that keeps copies of stats files, as caches do that nobody told not to.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result};

/// A cache in front of a server, which keeps what it has got until it is cleared. It ends with the test.
pub(crate) struct Cache {
    address: String,
    kept: Kept,
}

type Kept = Arc<Mutex<HashMap<String, (Instant, Vec<u8>)>>>;

impl Cache {
    /// A cache in front of the server at `host:port`.
    pub(crate) fn before(server: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen")?;
        let address = listener.local_addr()?.to_string();
        let kept = Kept::default();
        let (server, of_all) = (server.to_owned(), kept.clone());
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (server, kept) = (server.clone(), of_all.clone());
                // A browser that goes away is no news.
                thread::spawn(move || drop(serve(client, &server, &kept)));
            }
        });
        Ok(Self { address, kept })
    }

    /// Where the page is.
    pub(crate) fn url(&self, query: &str) -> String {
        format!("http://{}/{query}", self.address)
    }

    /// Lets go of what was kept.
    pub(crate) fn clear(&self) {
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }
}

#[expect(clippy::disallowed_methods, reason = "a cache tells how long it has kept what it answers with")]
fn serve(mut client: TcpStream, server: &str, kept: &Kept) -> Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines();
    let request = lines.next().context("nothing was asked for")??;
    // The rest of the head says nothing that matters.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = request.split(' ').nth(1).context("no path")?;
    let keeps = || kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let is_stats = path.contains("/stats/");
    let copy = keeps().get(path).cloned();
    if let Some((since, answer)) = copy {
        let head = b"HTTP/1.1 200 OK\r\n";
        client.write_all(head)?;
        write!(client, "age: {}\r\n", since.elapsed().as_secs())?;
        client.write_all(answer.strip_prefix(head).context("only what is there is kept")?)?;
        return Ok(());
    }
    let mut upstream = TcpStream::connect(server)?;
    write!(upstream, "GET {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    client.write_all(&answer)?;
    if is_stats && answer.starts_with(b"HTTP/1.1 200 OK\r\n") {
        keeps().insert(path.to_owned(), (Instant::now(), answer));
    }
    Ok(())
}
