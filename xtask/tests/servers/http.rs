//! Asks a web server, as little as it takes.

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result};

/// An answer: its head, in lower case, and the length of its body.
#[derive(Debug)]
pub(crate) struct Answer {
    head: String,
    pub(crate) length: usize,
}

impl Answer {
    pub(crate) fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The value of a field; empty where there is none.
    pub(crate) fn field(&self, name: &str) -> &str {
        let found = self.head.lines().filter_map(|line| line.split_once(':')).find(|(field, _)| *field == name);
        found.map_or("", |(_, value)| value.trim())
    }
}

/// Asks for a path, taking what is compressed too.
pub(crate) fn get(port: u16, path: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").context("an answer has a head")?;
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    Ok(Answer { head, length: answer.len() - end - 4 })
}
