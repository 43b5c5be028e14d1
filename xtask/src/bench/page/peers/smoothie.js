// Smoothie, which draws itself anew in each frame.
import { colours, run, view } from "./feed.js";

run((host, series) => {
  const canvas = host.appendChild(document.createElement("canvas"));
  [canvas.width, canvas.height] = [view.width, view.height];
  const chart = new SmoothieChart({
    millisPerPixel: view.window / view.width, interpolation: "linear", scaleSmoothing: 1,
    grid: { fillStyle: "transparent", verticalSections: view.card ? 0 : 4, millisPerLine: view.card ? 0 : 60000 },
    labels: { disabled: view.card },
  });
  const lines = [series.ins, series.outs].map((values, at) => {
    const line = new TimeSeries();
    series.times.forEach((time, number) => line.append(time, values[number]));
    chart.addTimeSeries(line, { strokeStyle: colours[at][0], fillStyle: colours[at][1], fillToBottom: false, lineWidth: 1.5 });
    return [line, values];
  });
  chart.streamTo(canvas, view.delay);
  return {
    add: (count) => lines.forEach(([line, values]) => {
      for (let at = values.length - count; at < values.length; at++) line.append(series.times[at], values[at]);
    }),
  };
});
