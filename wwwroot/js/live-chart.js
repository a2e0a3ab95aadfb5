// Live metrics of a page: reads the circuit's one stream of samples, keeps the last of them and has the views drawn
// (live-views.js) once per animation frame.
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

const areas = new Map();
const stats = { ticks: 0, chunks: 0, frames: 0, lastLagMs: 0, lastPixelMs: 0, streams: 0 };
let server = null, views = null;
let store = null, generation = 0, dirty = false, frame = 0, lastDraw = -Infinity, lastText = -Infinity, lastLabel = -Infinity;
let themeWatch = null;
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const darkScheme = matchMedia("(prefers-color-scheme: dark)");

// ---- contract with LiveChartStream.cs ----

export async function start(reference, viewsUrl, chartsUrl, culture) {
  stop();
  server = reference;
  views = await import(new URL(viewsUrl, document.baseURI));
  views.configure(new URL(chartsUrl, document.baseURI), culture || document.documentElement.lang || "en", invalidate);
  document.addEventListener("visibilitychange", onVisibility);
  darkScheme.addEventListener("change", onTheme);
  themeWatch = new MutationObserver(onTheme);
  themeWatch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
  if (document.hidden) tell("Hidden");
}

/** Takes over the live elements under root. Returns the seconds that the widest of all attached elements shows. */
export async function attach(id, root) {
  areas.set(id, await views.create(root));
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
  for (const area of areas.values())
    for (const view of area) {
      if (text || !view.isText) view.draw(store);
      if (label) view.describe?.(store);
    }
  stats.lastPixelMs = Date.now() - store.newest;
}

// ---- page ----

function onTheme() {
  views.forgetColors();
  for (const view of allViews()) view.recolor?.(store);
}

function onVisibility() {
  tell(document.hidden ? "Hidden" : "Visible");
  if (!document.hidden) invalidate();
}

/** While the connection is down the call fails; the server reopens the stream by itself when it is back. */
function tell(method) {
  server?.invokeMethodAsync(method).catch(error => console.debug(`live metrics: ${method} not delivered`, error));
}
