// Lets time pass as fast as the page takes it: what the page asks of clocks and timers is answered from here, and nothing
// happens at any time before all that happened earlier is done. The index is there for all the time that is to pass, the other
// files come from the server, which is told what time it is.
(() => {
  const start = Date.now(), timers = new Map(), frames = new Map();
  let passed = 0, last = 0, pending = 0, indexes = [];

  window.Date = class extends Date {
    constructor(...all) { all.length ? super(...all) : super(start + passed); }
    static now() { return start + passed; }
  };
  performance.now = () => passed;
  Object.defineProperty(document.timeline, "currentTime", { get: () => passed });

  const wait = window.setTimeout;
  window.setTimeout = (callback, millis = 0) => {
    timers.set(++last, { at: passed + Math.max(millis, 1), callback });
    return last;
  };
  window.clearTimeout = (timer) => timers.delete(timer);
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => (frames.set(++last, callback), last);
  window.cancelAnimationFrame = (asked) => frames.delete(asked);

  /** Counts what the page waits for. */
  const counted = (original) => async function (...all) {
    pending++;
    try { return await original.apply(this, all); } finally { pending--; }
  };
  const { fetch } = window;
  window.fetch = counted((resource, options) => {
    const now = start + Math.floor(passed), url = new URL(resource.url ?? resource, location);
    while (indexes[1]?.written <= now) indexes.shift();
    if (url.pathname.endsWith("/stats/index.json") && indexes.length) return new Response(indexes[0].text);
    if (url.pathname.includes("/stats/")) url.searchParams.set("at", now);
    return fetch.call(window, url, options);
  });
  const reader = ReadableStreamDefaultReader.prototype;
  reader.read = counted(reader.read);

  let memory;
  for (const make of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[make];
    WebAssembly[make] = async (...all) => {
      const made = await original.apply(WebAssembly, all);
      memory = (made.instance ?? made).exports.memory;
      return made;
    };
  }

  const channel = new MessageChannel();
  let done;
  channel.port1.onmessage = () => done();
  /** Lets the page do what it does when something that it waited for is there. */
  const settle = () => new Promise((resolve) => { done = resolve; channel.port2.postMessage(0); });

  window.simulated = {
    /**
     * Lets so many milliseconds pass, in which these are written: texts, and when. Timers come late, as a busy browser's do: at
     * the next multiple of `grain`.
     */
    async pass(millis, written, grain) {
      indexes = written;
      const until = passed + millis;
      for (;;) {
        do await settle(); while (pending > 0);
        const due = [...frames.values()];
        frames.clear();
        for (const callback of due) callback(passed);
        if (due.length > 0) continue;
        const next = [...timers].reduce((one, other) => (one && one[1].at <= other[1].at ? one : other), null);
        if (!next || next[1].at > until) break;
        timers.delete(next[0]);
        passed = Math.max(passed, Math.min(Math.ceil(next[1].at / grain) * grain, until));
        next[1].callback();
      }
      passed = until;
      // The browser lays out what there is now, and tells those who watch sizes.
      await new Promise((resolve) => frame(() => wait(resolve)));
    },
    now: () => start + passed,
    /** The octets of the program's memory. */
    memory: () => memory.buffer.byteLength,
  };
})();
