//! Starts the page. On anything but a browser there is nothing to start.

#[cfg(target_arch = "wasm32")]
fn main() {
    frontend::shell::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
