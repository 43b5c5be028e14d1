//! Serves the page and the stats files as any static host would, and knows nothing of either.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderValue, header};
use tokio::runtime::{Builder, Runtime};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// The port that is tried first when none is asked for.
const FIRST_PORT: u16 = 8080;

/// How many ports are tried after it.
const OTHER_PORTS: u16 = 100;

/// What is served where.
#[derive(Debug, Clone)]
pub struct Site {
    /// The folder that is served at the prefix.
    pub page: PathBuf,
    /// The folder that is served at `stats/` below the prefix.
    pub stats: PathBuf,
    /// The path that all of it is under: empty, or like `/graphs/core`.
    pub prefix: String,
}

impl Site {
    fn router(&self) -> Router {
        let site = Router::new()
            // A stats file is another one a second later.
            .nest_service("/stats", folder(&self.stats, HeaderValue::from_static("no-store")))
            // A page that was built again is seen at the next reload.
            .fallback_service(folder(&self.page, HeaderValue::from_static("no-cache")));
        if self.prefix.is_empty() { site } else { Router::new().nest_service(&self.prefix, site) }
    }
}

fn folder(path: &Path, cache_control: HeaderValue) -> Router {
    Router::new()
        .fallback_service(ServeDir::new(path))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, cache_control))
}

/// Takes a port of this machine that only this machine reaches: the one that is asked for, or the first that is free.
///
/// # Errors
///
/// When it is taken, or when all are.
pub fn listen(port: Option<u16>) -> Result<TcpListener> {
    if let Some(port) = port {
        return bind(port).with_context(|| format!("cannot listen on port {port}: choose another with --port"));
    }
    (FIRST_PORT..=FIRST_PORT + OTHER_PORTS)
        .find_map(|port| bind(port).ok())
        .with_context(|| format!("no port is free from {FIRST_PORT} on: choose one with --port"))
}

fn bind(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// A server that runs in threads of its own until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Server {
    /// Serves a site.
    ///
    /// # Errors
    ///
    /// When the system gives it no threads.
    pub fn start(listener: TcpListener, site: &Site) -> Result<Self> {
        let address = listener.local_addr().context("cannot tell which port was taken")?;
        listener.set_nonblocking(true).context("cannot serve")?;
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().context("cannot serve")?;
        let router = site.router();
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).context("cannot serve")?
        };
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, runtime: Some(runtime) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Not by waiting: a browser keeps its connections open.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
