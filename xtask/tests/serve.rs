//! The server, as a browser sees it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result};
use tempfile::TempDir;
use xtask::serve::{self, Server, Site};

/// A page and a stats file, with something beside them that is none of a viewer's business.
fn site(prefix: &str) -> Result<(TempDir, Server)> {
    let folder = tempfile::tempdir()?;
    for (name, contents) in
        [("dist/index.html", "page"), ("dist/page.wasm", "wasm"), ("stats/index.json", "{}"), ("secret", "secret")]
    {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
        fs::File::create(path)?.write_all(contents.as_bytes())?;
    }
    let site = Site { page: folder.path().join("dist"), stats: folder.path().join("stats"), prefix: prefix.to_owned() };
    let server = Server::start(serve::listen(Some(0))?, &site)?;
    Ok((folder, server))
}

fn get(server: &Server, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(server.address())?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response)
}

#[track_caller]
fn check(prefix: &str, path: &str, expected: &[&str]) -> Result<()> {
    let (_folder, server) = site(prefix)?;
    let response = get(&server, path)?;
    for part in expected {
        assert!(response.contains(part), "{path} should have {part:?} in:\n{response}");
    }
    Ok(())
}

#[test]
fn the_page_is_looked_for_again_at_each_visit() -> Result<()> {
    check("", "/", &["200 OK", "content-type: text/html", "cache-control: no-cache", "\r\n\r\npage"])
}

#[test]
fn wasm_has_the_type_without_which_browsers_compile_it_late() -> Result<()> {
    check("", "/page.wasm", &["200 OK", "content-type: application/wasm"])
}

#[test]
fn stats_files_are_never_stored() -> Result<()> {
    check("", "/stats/index.json", &["200 OK", "content-type: application/json", "cache-control: no-store"])
}

#[test]
fn a_stats_file_that_is_not_there_yet_is_not_remembered_as_missing() -> Result<()> {
    check("", "/stats/live.json", &["404 Not Found", "cache-control: no-store"])
}

#[test]
fn everything_works_under_a_prefix() -> Result<()> {
    check("/graphs/core", "/graphs/core/", &["200 OK", "\r\n\r\npage"])?;
    check("/graphs/core", "/graphs/core/stats/index.json", &["200 OK", "\r\n\r\n{}"])?;
    check("/graphs/core", "/", &["404 Not Found"])
}

#[test]
fn nothing_beside_the_two_folders_is_served() -> Result<()> {
    for path in ["/../secret", "/%2e%2e/secret", "/stats/../../secret", "/stats/%2e%2e/%2e%2e/secret"] {
        check("", path, &["404 Not Found"])?;
    }
    Ok(())
}
