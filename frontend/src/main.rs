//! Starts the page. On anything but a browser there is nothing to start.

/// A quarter of the size of the usual one, and as fast whatever has been allocated before, which pages that are open for
/// days need.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(target_arch = "wasm32")]
fn main() {
    frontend::shell::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
