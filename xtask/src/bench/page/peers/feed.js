// Gets the same stats files as our page, at the same pace, and hands their samples to charts of another library.

const query = new URLSearchParams(location.search);

/** What is shown: milliseconds of time, and each chart's size in CSS pixels. */
export const view = {
  window: Number(query.get("window")),
  width: Number(query.get("width")),
  height: Number(query.get("height")),
  // As far behind now as a chart has to be for its newest sample to come from beyond the right edge.
  delay: Number(query.get("delay")),
  card: Number(query.get("height")) < 200,
};

/** Colours of what comes in and of what goes out: line and area. */
export const colours = [["#3fb68b", "rgba(63,182,139,0.4)"], ["#5b8def", "rgba(91,141,239,0.4)"]];

const series = new Map();

/** Takes in what is new of a file; calls back with each series that has something new. */
function take(file, onNew) {
  for (const { interfaces } of file.targets) {
    for (const { name, samples } of interfaces) {
      if (!series.has(name)) series.set(name, { next: 0, times: [], ins: [], outs: [], chart: null });
      const known = series.get(name);
      const from = known.times.length;
      for (let at = 0; at < samples.count; at++) {
        if (samples.first + at < known.next) continue;
        known.next = samples.first + at + 1;
        known.times.push((samples.end - (samples.count - 1 - at) * samples.duration) / 1000);
        known.ins.push((samples.inOctets[at] * 8e6) / samples.duration);
        known.outs.push((-samples.outOctets[at] * 8e6) / samples.duration);
      }
      const added = known.times.length - from;
      const oldest = known.times.at(-1) - view.window - 5000;
      const gone = known.times.findIndex((time) => time >= oldest);
      for (const column of [known.times, known.ins, known.outs]) column.splice(0, gone);
      if (added > 0) onNew?.(known, added);
    }
  }
}

const get = async (name) => (await fetch(`stats/${name}`, { cache: "no-store" })).json();

/**
 * Shows all interfaces. `make` makes a chart of a series in an element; the chart has `add(count)`, for as many new samples
 * at the end of the series, and where it does not move by itself `frame(now)`.
 */
export async function run(make) {
  for (const name of query.get("recent").split(",")) take(await get(name));
  for (const known of series.values()) {
    const host = document.body.appendChild(document.createElement("div"));
    host.style.cssText = `width:${view.width}px;height:${view.height}px`;
    known.chart = make(host, known);
  }
  setInterval(async () => take(await get("index.json"), (known, added) => known.chart.add(added)), 1000);
  const moved = [...series.values()].map(({ chart }) => chart).filter(({ frame }) => frame);
  const frame = () => {
    const now = Date.now() - view.delay;
    for (const chart of moved) chart.frame(now);
    requestAnimationFrame(frame);
  };
  if (moved.length) frame();
}
