// Chart.js, drawn anew in each frame, with everything off that its documentation calls slow.
import { colours, run, view } from "./feed.js";

run((host, series) => {
  const canvas = host.appendChild(document.createElement("canvas"));
  const points = (values) => series.times.map((x, at) => ({ x, y: values[at] }));
  const data = () => [points(series.ins), points(series.outs)];
  const datasets = data().map((data, at) => ({
    data, borderColor: colours[at][0], backgroundColor: colours[at][1], borderWidth: 1.5, fill: "origin",
    pointRadius: 0, tension: 0,
  }));
  const display = !view.card;
  const chart = new Chart(canvas, {
    type: "line",
    data: { datasets },
    options: {
      animation: false, parsing: false, normalized: true, responsive: true, maintainAspectRatio: false, events: [],
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: { x: { type: "linear", display, ticks: { maxRotation: 0 } }, y: { display } },
    },
  });
  return {
    add: () => data().forEach((data, at) => { datasets[at].data = data; }),
    frame: (now) => {
      chart.options.scales.x.min = now - view.window;
      chart.options.scales.x.max = now;
      chart.update("none");
    },
  };
});
