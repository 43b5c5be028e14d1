// Starts the page's program. Trunk would write this into the page itself, where the Content-Security-Policy of the page
// does not allow a script; so it is a file of its own, and `pattern_script` in Trunk.toml is empty. What the program's files
// are called changes with each build, and Trunk names them in the page's head for the browser to load early.
const file = (selector) => document.head.querySelector(selector).href;
const { default: init } = await import(file("link[rel=modulepreload]"));
await init({ module_or_path: file("link[rel=preload][type='application/wasm']") });
