// The views of live metrics: chart with axes (uPlot), sparkline, number as text. Loaded by live-chart.js, which hands them
// its store of samples; they know nothing of the stream.

const SMOOTHED = new Set(["BytesPerSecond", "Microseconds"]);

const colors = new Map();
const formats = new Map();
let chartsUrl = null, locale = "en", invalidate = () => { }, uPlotLoading = null, clockFormat = null;

/** redraw: asks for a drawing with the next frame. */
export function configure(uPlotUrl, culture, redraw) {
  chartsUrl = uPlotUrl;
  locale = culture;
  invalidate = redraw;
  formats.clear();
  clockFormat = null;
}

/** Makes a view of every live element under root; none when root left the page before this came. The chart library is loaded for the first chart. */
export async function create(root) {
  const views = [];
  if (!root) return views;
  for (const element of root.querySelectorAll("[data-live-chart]")) views.push(new Chart(element, await loadCharts()));
  for (const element of root.querySelectorAll("[data-live-spark]")) views.push(new Spark(element));
  for (const element of root.querySelectorAll("[data-metric]")) views.push(new NumberText(element));
  return views;
}

export const forgetColors = () => colors.clear();

const loadCharts = () => uPlotLoading ??= import(chartsUrl).then(module => module.default);

class Plot {
  constructor(element, definition) {
    this.element = element;
    this.definition = JSON.parse(definition);
    this.window = this.definition.window ?? 60;
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", this.definition.title);
    this.resize = new ResizeObserver(() => { this.fit(); invalidate(); });
    this.resize.observe(element);
  }

  /** What a screen reader says: title and latest values. */
  describe(source) {
    const latest = this.definition.series.slice(0, 12)
      .map(series => `${series.label ?? ""} ${format(reading(source, series.index, this.definition.kind), this.definition.kind)}`.trim());
    this.element.setAttribute("aria-label", `${this.definition.title}: ${latest.join(", ")}`);
  }

  /** Upper end of the scale: fixed, another metric's value, or the largest value shown with some room, never below the floor. */
  top(source, columns) {
    const { max, maxIndex, kind } = this.definition;
    if (max != null) return max;
    const whole = maxIndex != null ? source.value(maxIndex) : NaN;
    if (whole > 0) return whole;
    let largest = kind === "BytesPerSecond" ? 1000 : 1;
    for (const column of columns) for (const value of column) if (value * 1.1 > largest) largest = value * 1.1;
    return largest;
  }

  dispose() {
    this.resize.disconnect();
    this.element.replaceChildren();
  }
}

class Chart extends Plot {
  constructor(element, uPlot) {
    super(element, element.dataset.liveChart);
    const { kind, series } = this.definition;
    const axis = { stroke: () => color("--text-3"), grid: { stroke: () => color("--line"), width: 1 }, ticks: { show: false }, font: `12px ${getComputedStyle(element).fontFamily}` };
    this.plot = new uPlot({
      ...this.size(),
      ms: 1,
      pxAlign: 0,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: "live", setSeries: false }, drag: { setScale: false, x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: true, range: () => this.range ?? [0, 1] },
        y: { range: () => [this.definition.min ?? 0, this.upper ?? 1] },
      },
      axes: [
        { ...axis, size: 28, space: 80, values: (_, splits) => splits.map(clock) },
        { ...axis, size: kind === "Percent" ? 52 : 76, space: 32, values: (_, splits) => splits.map(value => format(value, kind, true)) },
      ],
      series: [{}, ...series.map((one, i) => ({
        label: one.label,
        stroke: () => color(one.color ?? `--c${i % 6 + 1}`),
        // Beyond six series the colours repeat: the dash tells them apart.
        dash: [undefined, [6, 4], [2, 3], [10, 4, 2, 4]][Math.floor(i / 6) % 4],
        width: 1.5,
        points: { show: false },
        gaps: (plot, index, from, to) => gaps(plot, index, from, to),
      }))],
    }, null, element);
  }

  size() {
    return { width: Math.max(120, Math.floor(this.element.clientWidth)), height: Math.max(80, Math.floor(this.element.clientHeight)) };
  }

  fit() { if (this.element.clientWidth > 0) this.plot?.setSize(this.size()); }

  draw(source) {
    if (source.count === 0) return;
    const from = source.from(this.window);
    const columns = this.definition.series.map(series => source.slice(series.index, from));
    this.range = [source.newest - this.window * 1000, source.newest];
    this.upper = this.top(source, columns);
    this.plot.setData([source.times.subarray(from, source.end), ...columns]);
  }

  recolor() { this.plot.redraw(false, true); }

  dispose() {
    this.plot.destroy();
    super.dispose();
  }
}

/** Where no line may be drawn: unknown values and samples that are missing. */
function gaps(plot, index, from, to) {
  const times = plot.data[0], values = plot.data[index], found = [];
  const usual = times.length > 2 ? (times[times.length - 1] - times[0]) / (times.length - 1) : Infinity;
  const x = i => plot.valToPos(times[i], "x", true);
  for (let i = Math.max(1, from); i <= to; i++)
    if (Number.isNaN(values[i]) || Number.isNaN(values[i - 1]) || times[i] - times[i - 1] > Math.max(usual * 5, 1000))
      found.push([x(i - 1), x(i)]);
  return found;
}

class Spark extends Plot {
  constructor(element) {
    super(element, element.dataset.liveSpark);
    this.canvas = element.appendChild(document.createElement("canvas"));
    this.canvas.style.cssText = "display:block;width:100%;height:100%";
    this.fit();
  }

  fit() {
    if (!this.canvas) return;
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(this.element.clientWidth * ratio);
    this.canvas.height = Math.round(this.element.clientHeight * ratio);
  }

  draw(source) {
    const { width, height } = this.canvas;
    if (source.count === 0 || width === 0 || height === 0) return;
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, width, height);
    const from = source.from(this.window), start = source.newest - this.window * 1000;
    const columns = this.definition.series.map(series => source.slice(series.index, from));
    const low = this.definition.min ?? 0, top = this.top(source, columns), line = Math.max(1, Math.round(1.5 * (devicePixelRatio || 1)));
    context.lineWidth = line;
    context.lineJoin = "round";
    columns.forEach((column, i) => {
      const stroke = color(this.definition.series[i].color ?? `--c${i % 6 + 1}`);
      const path = new Path2D();
      let pen = false, firstX = 0, lastX = 0;
      for (let k = 0; k < column.length; k++) {
        if (Number.isNaN(column[k])) { pen = false; continue; }
        const x = (source.times[from + k] - start) / (this.window * 1000) * width;
        const y = height - line - (column[k] - low) / (top - low) * (height - 2 * line);
        if (pen) path.lineTo(x, y); else { path.moveTo(x, y); if (k === 0 || lastX === 0) firstX = x; }
        pen = true;
        lastX = x;
      }
      context.strokeStyle = stroke;
      context.stroke(path);
      if (i === 0 && lastX > firstX) {
        path.lineTo(lastX, height);
        path.lineTo(firstX, height);
        context.globalAlpha = 0.12;
        context.fillStyle = stroke;
        context.fill(path);
        context.globalAlpha = 1;
      }
    });
  }

  recolor(source) { if (source) this.draw(source); }
}

class NumberText {
  isText = true;

  constructor(element) {
    this.element = element;
    this.index = Number(element.dataset.metric);
    this.kind = element.dataset.kind;
  }

  draw(source) {
    const text = format(reading(source, this.index, this.kind), this.kind);
    const node = this.element.firstChild;
    // The text node itself is changed, not replaced: the renderer of the page still owns it.
    if (node?.nodeType !== Node.TEXT_NODE) this.element.textContent = text;
    else if (node.nodeValue !== text) node.nodeValue = text;
  }

  dispose() { }
}

/** Rates jump from sample to sample: as text they show the mean of a second. */
const reading = (source, index, kind) => SMOOTHED.has(kind) ? source.mean(index, 1) : source.value(index);

// ---- format ----

function number(value, digits) {
  const key = `${locale}/${digits}`;
  let formatter = formats.get(key);
  if (!formatter) formats.set(key, formatter = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  return formatter.format(value);
}

/** round: for axes, where the steps are whole. */
export function format(value, kind, round = false) {
  if (value == null || !Number.isFinite(value)) return "–";
  switch (kind) {
    case "Percent": return `${number(value, round || value >= 9.95 ? 0 : 1)}\u00a0%`;
    case "Bytes": return scaled(value, "", round);
    case "BytesPerSecond": return scaled(value, "/s", round);
    case "Microseconds": return value >= 10_000 ? `${number(value / 1000, value >= 100_000 || round ? 0 : 1)}\u00a0ms` : `${number(value, 0)}\u00a0µs`;
    case "Hertz": return `${number(value / 1e9, round ? 1 : 2)}\u00a0GHz`;
    case "Celsius": return `${number(value, 0)}\u00a0°C`;
    case "PerSecond": return `${number(value, round || value >= 100 ? 0 : 1)}/s`;
    case "Count": return number(value, Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 1);
    default: return number(value, round ? 1 : 2);
  }
}

function scaled(value, suffix, round) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) { value /= 1000; unit++; }
  const digits = unit === 0 || Math.abs(value) >= 99.95 || (round && Number.isInteger(value)) ? 0 : 1;
  return `${number(value, digits)}\u00a0${units[unit]}${suffix}`;
}

const clock = time => (clockFormat ??= new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" })).format(time);

/** The token's colour as the browser computes it: a token may be a function such as light-dark(). */
export function color(name) {
  let value = colors.get(name);
  if (!value) {
    const probe = document.body.appendChild(document.createElement("span"));
    probe.style.cssText = `display:none;color:var(${name})`;
    colors.set(name, value = getComputedStyle(probe).color);
    probe.remove();
  }
  return value;
}
