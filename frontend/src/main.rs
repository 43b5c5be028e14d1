//! Starts the page. On anything but a browser there is nothing to start.

fn main() {}
