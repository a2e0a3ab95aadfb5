// Charts of a range that has passed. The page sends one payload with everything that is shown (PastPayload.cs); the charts
// share a crosshair, and dragging across one picks a shorter range.
//
// Markup under the root: <div data-past-chart="id"></div> with, in the same card,
//   <span data-past-value="n"></span> for the n-th line and <span data-past-time></span>; a card is .card.
import { color, configure, forgetColors, format } from "./live-views.js";
import { lonely } from "./stat-chart.js";

const MAGIC = 0x31504d42; // "BMP1"
const BLANK = "–";

export async function create(root, server, uPlotUrl, locale) {
  const uPlot = (await import(new URL(uPlotUrl, document.baseURI))).default;
  configure(new URL(uPlotUrl, document.baseURI), locale, () => { });
  const plots = new Map();
  let shown = null, ended = false;

  const resize = new ResizeObserver(entries => {
    for (const { target } of entries) if (target.clientWidth > 0) plots.get(target.dataset.pastChart)?.setSize(size(target));
  });
  const repaint = () => { forgetColors(); for (const plot of plots.values()) plot.redraw(false, true); };
  const theme = new MutationObserver(repaint);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", repaint);

  function clear() {
    resize.disconnect();
    for (const plot of plots.values()) plot.destroy();
    plots.clear();
  }

  function drawAll() {
    clear();
    for (const chart of shown.charts) {
      const place = root.querySelector(`[data-past-chart="${CSS.escape(chart.id)}"]`);
      if (!place) continue;
      plots.set(chart.id, draw(uPlot, place, chart, shown, locale, server));
      resize.observe(place);
    }
  }

  return {
    async show(reference) {
      const next = read(await reference.arrayBuffer());
      if (ended) return;
      shown = next;
      // Somebody who is just choosing a range keeps the chart under the pointer.
      if ([...plots.values()].some(plot => plot.cursor.drag?._x)) await new Promise(done => document.addEventListener("pointerup", done, { once: true }));
      if (!ended && shown === next) drawAll();
    },
    dispose() {
      ended = true;
      clear();
      theme.disconnect();
      dark.removeEventListener("change", repaint);
    },
  };
}

/** Payload to objects; see PastPayload.cs for the layout. */
export function read(buffer) {
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) throw new Error("past charts: not a payload");
  const length = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  let at = 8 + length + (8 - (8 + length) % 8) % 8;
  for (const chart of header.charts) {
    chart.times = new Float64Array(buffer.slice(at, at += chart.points * 8));
    for (const line of chart.lines)
      for (const name of ["mean", "low", "high"]) line[name] = new Float32Array(buffer.slice(at, at += chart.points * 4));
    at += (8 - at % 8) % 8;
  }
  return header;
}

const size = place => ({ width: Math.max(120, Math.floor(place.clientWidth)), height: Math.max(80, Math.floor(place.clientHeight)) });

// A gap is null for the library.
const points = values => Array.from(values, value => Number.isNaN(value) ? null : value);

function draw(uPlot, place, chart, { from, to, banded, marks }, locale, server) {
  const card = place.closest(".card");
  const time = card.querySelector("[data-past-time]");
  const values = chart.lines.map((_, i) => card.querySelector(`[data-past-value="${i}"]`));
  const stamp = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  const span = to - from;
  const clock = new Intl.DateTimeFormat(locale, span > 3 * 86_400_000 ? { day: "numeric", month: "short", year: span > 200 * 86_400_000 ? "2-digit" : undefined }
    : span > 86_400_000 ? { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
    : span > 600_000 ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
    : { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: span < 5000 ? 1 : undefined, hourCycle: "h23" });
  const axis = { stroke: () => color("--text-3"), grid: { stroke: () => color("--line"), width: 1 }, ticks: { show: false }, font: `12px ${getComputedStyle(place).fontFamily}` };
  const data = [chart.times], series = [{}], bands = [];
  chart.lines.forEach((line, i) => {
    const stroke = () => color(line.color);
    if (banded && !line.earlier) {
      bands.push({ series: [series.length, series.length + 1], fill: () => tint(color(line.color)) });
      series.push({ stroke: null, width: 0, points: { show: false } }, { stroke: null, width: 0, points: { show: false } });
      data.push(points(line.high), points(line.low));
    }
    series.push({ stroke, width: line.earlier ? 1 : 1.5, dash: line.earlier ? [3, 4] : [undefined, [6, 4], [2, 3], [10, 4, 2, 4]][Math.floor(i / 6) % 4], points: lonely });
    data.push(points(line.mean));
  });
  let top = chart.max ?? (chart.kind === "BytesPerSecond" ? 1000 : chart.kind === "Percent" ? 1 : 0);
  if (chart.max == null)
    for (const line of chart.lines) for (const value of banded && !line.earlier ? line.high : line.mean) if (value * 1.1 > top) top = value * 1.1;
  let bottom = 0;
  for (const line of chart.lines) for (const value of line.low) if (value < bottom) bottom = value;

  function readout(plot) {
    const at = plot.cursor.idx;
    if (time) time.textContent = at == null ? "" : stamp.format(chart.times[at]);
    chart.lines.forEach((line, i) => {
      if (values[i]) values[i].textContent = at == null ? (line.text ?? BLANK) : format(line.mean[at], chart.kind);
    });
  }

  return new uPlot({
    ...size(place),
    ms: 1,
    pxAlign: 0,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "past", setSeries: false }, drag: { setScale: false, x: true, y: false }, points: { show: false } },
    scales: { x: { time: true, range: () => [from, to] }, y: { range: () => [bottom, top > bottom ? top : bottom + 1] } },
    axes: [
      { ...axis, size: 28, space: 80, values: (_, splits) => splits.map(split => clock.format(split)) },
      { ...axis, size: chart.kind === "Percent" ? 52 : 76, space: 32, values: (_, splits) => splits.map(split => format(split, chart.kind, true)) },
    ],
    series,
    bands,
    hooks: {
      ready: [readout],
      setCursor: [readout],
      setSelect: [plot => {
        const { left, width } = plot.select;
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        if (width < 4) return;
        server.invokeMethodAsync("Picked", plot.posToVal(left, "x"), plot.posToVal(left + width, "x")).catch(error => console.debug("past charts: range not delivered", error));
      }],
      draw: [plot => drawMarks(plot, marks)],
    },
  }, data, place);
}

function drawMarks(plot, marks) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.setLineDash([4, 3]);
  ctx.lineWidth = 1;
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark.at, "x", true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = color(mark.bad ? "--bad" : "--accent");
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** The colour at a sixth of its strength. */
const tint = value => value.replace(/^rgb\((.*)\)$/, "rgba($1, 0.16)").replace(/^(oklch|lab|lch|oklab|color)\(([^/)]*)\)$/, "$1($2 / 0.16)");
