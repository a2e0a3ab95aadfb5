// Live metrics of a page: reads the circuit's one stream of samples and draws charts, sparklines and numbers.
//
// Markup that an attached area may contain:
//   <div data-live-chart='{"title":"...","kind":"Percent","window":60,"min":0,"max":100,
//        "series":[{"index":1,"label":"Core 0","color":"--c1"}]}'></div>     chart with axes (uPlot)
//   <div data-live-spark='{...the same...}'></div>                            line without axes
//   <span data-metric="3" data-kind="Percent">–</span>                        number as text
// Indexes are columns of a sample (MetricCatalog). Wire format: TickPayload.cs.

const MAGIC = 0x0001544c;
const HEADER = 24;
const SPARE_SECONDS = 5;
const ROWS_PER_SECOND = 20;
const TEXT_EVERY_MS = 250;
const LABEL_EVERY_MS = 10_000;
const SMOOTHED = new Set(["BytesPerSecond", "Microseconds"]);

const areas = new Map();
const colors = new Map();
const stats = { ticks: 0, chunks: 0, frames: 0, lastLagMs: 0, streams: 0 };
let server = null, chartsUrl = null, locale = "en", uPlotLoading = null;
let store = null, generation = 0, dirty = false, frame = 0, lastDraw = -Infinity, lastText = -Infinity, lastLabel = -Infinity;
let themeWatch = null;
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const darkScheme = matchMedia("(prefers-color-scheme: dark)");

// ---- contract with LiveChartStream.cs ----

export function start(reference, uPlotUrl, culture) {
  stop();
  server = reference;
  chartsUrl = uPlotUrl;
  locale = culture || document.documentElement.lang || "en";
  document.addEventListener("visibilitychange", onVisibility);
  darkScheme.addEventListener("change", onTheme);
  themeWatch = new MutationObserver(onTheme);
  themeWatch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
  if (document.hidden) tell("Hidden");
}

/** Takes over the live elements under root. Returns the seconds that the widest of all attached elements shows. */
export async function attach(id, root) {
  const views = [];
  for (const element of root.querySelectorAll("[data-live-chart]")) views.push(new Chart(element, await loadCharts()));
  for (const element of root.querySelectorAll("[data-live-spark]")) views.push(new Spark(element));
  for (const element of root.querySelectorAll("[data-metric]")) views.push(new NumberText(element));
  areas.set(id, views);
  lastText = lastLabel = -Infinity;
  invalidate();
  return Math.max(1, ...allViews().map(view => view.window ?? 0));
}

export function detach(id) {
  for (const view of areas.get(id) ?? []) view.dispose();
  areas.delete(id);
}

/** Reads a new stream in place of the one before. Returns as soon as it flows. */
export async function open(reference, reset) {
  const mine = ++generation;
  const seconds = Math.max(1, ...allViews().map(view => view.window ?? 0));
  if (reset || !store) store = new Store((seconds + SPARE_SECONDS) * ROWS_PER_SECOND);
  const stream = await reference.stream();
  stats.streams++;
  // The message may have been lost with the connection.
  if (document.hidden) tell("Hidden");
  // Not awaited: it runs for as long as the page is open.
  pump(stream.getReader(), mine).catch(error => {
    if (mine === generation) console.debug("live metrics: stream ended", error);
  });
}

export const lastSequence = () => store?.last ?? 0;

export function stop() {
  generation++;
  for (const id of [...areas.keys()]) detach(id);
  document.removeEventListener("visibilitychange", onVisibility);
  darkScheme.removeEventListener("change", onTheme);
  themeWatch?.disconnect();
  cancelAnimationFrame(frame);
  frame = 0;
  server = store = null;
}

/** For tests and measurements. */
export const statistics = () => ({ ...stats, last: lastSequence(), rows: store?.count ?? 0, areas: areas.size });

// ---- stream ----

async function pump(reader, mine) {
  let rest = new Uint8Array(0);
  while (true) {
    const { value, done } = await reader.read();
    if (done || mine !== generation) return;
    stats.chunks++;
    rest = append(rest, value);
    rest = rest.subarray(parse(rest, store));
    invalidate();
  }
}

function append(rest, chunk) {
  if (rest.length === 0) return chunk;
  const joined = new Uint8Array(rest.length + chunk.length);
  joined.set(rest);
  joined.set(chunk, rest.length);
  return joined;
}

/** Takes all whole samples out of the bytes and returns how many bytes they were; the rest is the start of the next. */
export function parse(bytes, target) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (bytes.length - at >= HEADER) {
    if (view.getUint32(at, true) !== MAGIC) throw new Error("live metrics: not a sample");
    const count = view.getUint32(at + 12, true);
    const size = HEADER + count * 4;
    if (bytes.length - at < size) break;
    target.add(view.getUint32(at + 8, true), view.getFloat64(at + 16, true), view, at + HEADER, count);
    stats.ticks++;
    at += size;
  }
  return at;
}

/** The newest samples by column. Each column is written twice as long as kept, so that a window is one plain subarray. */
export class Store {
  constructor(capacity) {
    this.capacity = Math.ceil(capacity);
    this.times = new Float64Array(this.capacity * 2);
    this.columns = [];
    this.end = 0;
    this.count = 0;
    this.last = 0;
  }

  add(sequence, time, view, offset, count) {
    if (sequence <= this.last) return;
    this.last = sequence;
    if (this.end === this.capacity * 2) {
      this.times.copyWithin(0, this.end - this.capacity, this.end);
      for (const column of this.columns) column.copyWithin(0, this.end - this.capacity, this.end);
      this.end = this.capacity;
    }
    while (this.columns.length < count) this.columns.push(new Float32Array(this.capacity * 2).fill(NaN));
    this.times[this.end] = time;
    for (let i = 0; i < this.columns.length; i++)
      this.columns[i][this.end] = i < count ? view.getFloat32(offset + i * 4, true) : NaN;
    this.end++;
    this.count = Math.min(this.count + 1, this.capacity);
    stats.lastLagMs = Date.now() - time;
  }

  get newest() { return this.count === 0 ? NaN : this.times[this.end - 1]; }

  /** Position of the first sample within the last seconds, and one before it so that the line reaches the edge. */
  from(seconds) {
    const limit = this.newest - seconds * 1000;
    let low = this.end - this.count, high = this.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] < limit) low = middle + 1; else high = middle;
    }
    return Math.max(this.end - this.count, low - 1);
  }

  slice(index, from) { return this.columns[index]?.subarray(from, this.end) ?? new Float32Array(this.end - from).fill(NaN); }

  value(index) { return this.count === 0 ? NaN : this.columns[index]?.[this.end - 1] ?? NaN; }

  mean(index, seconds) {
    const column = this.columns[index];
    if (!column || this.count === 0) return NaN;
    let sum = 0, counted = 0;
    for (let i = this.from(seconds); i < this.end; i++)
      if (!Number.isNaN(column[i])) { sum += column[i]; counted++; }
    return counted ? sum / counted : NaN;
  }
}

// ---- drawing ----

const allViews = () => [...areas.values()].flat();

function invalidate() {
  dirty = true;
  if (!frame && !document.hidden) frame = requestAnimationFrame(draw);
}

function draw(now) {
  frame = 0;
  if (!dirty || !store || document.hidden) return;
  if (reducedMotion.matches && now - lastDraw < 1000) {
    frame = requestAnimationFrame(draw);
    return;
  }
  dirty = false;
  lastDraw = now;
  stats.frames++;
  const text = now - lastText >= TEXT_EVERY_MS;
  const label = now - lastLabel >= LABEL_EVERY_MS && store.count > 0;
  if (text) lastText = now;
  if (label) lastLabel = now;
  for (const views of areas.values())
    for (const view of views) {
      if (text || !view.isText) view.draw(store);
      if (label) view.describe?.(store);
    }
}

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

  recolor() { if (store) this.draw(store); }
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

const formats = new Map();

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
    case "Microseconds": return `${number(value, 0)}\u00a0µs`;
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

let clockFormat = null;
const clock = time => (clockFormat ??= new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" })).format(time);

// ---- page ----

/** The token's colour as the browser computes it: a token may be a function such as light-dark(). */
function color(name) {
  let value = colors.get(name);
  if (!value) {
    const probe = document.body.appendChild(document.createElement("span"));
    probe.style.cssText = `display:none;color:var(${name})`;
    colors.set(name, value = getComputedStyle(probe).color);
    probe.remove();
  }
  return value;
}

function onTheme() {
  colors.clear();
  for (const view of allViews()) view.recolor?.();
}

function onVisibility() {
  tell(document.hidden ? "Hidden" : "Visible");
  if (!document.hidden) invalidate();
}

/** While the connection is down the call fails; the server reopens the stream by itself when it is back. */
function tell(method) {
  server?.invokeMethodAsync(method).catch(error => console.debug(`live metrics: ${method} not delivered`, error));
}

function loadCharts() {
  return uPlotLoading ??= import(new URL(chartsUrl, document.baseURI)).then(module => module.default);
}
