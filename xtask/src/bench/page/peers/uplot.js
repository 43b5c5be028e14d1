// uPlot, drawn anew in each frame: it has no motion of its own.
import { colours, run, view } from "./feed.js";

run((host, series) => {
  const data = () => [series.times.map((time) => time / 1000), series.ins, series.outs];
  const axes = view.card ? [{ show: false }, { show: false }] : [{}, {}];
  const line = ([stroke, fill]) => ({ stroke, fill, width: 1.5, points: { show: false } });
  const chart = new uPlot(
    {
      width: view.width, height: view.height, axes, cursor: { show: false }, legend: { show: false },
      scales: { x: { time: true } }, series: [{}, ...colours.map(line)],
    },
    data(), host,
  );
  return {
    add: () => chart.setData(data(), false),
    frame: (now) => {
      chart.batch(() => {
        chart.setScale("x", { min: (now - view.window) / 1000, max: now / 1000 });
      });
    },
  };
});
