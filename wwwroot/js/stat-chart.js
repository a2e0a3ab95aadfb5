// A chart of figures that are there already: one uPlot, drawn again when the page brings other figures.
let library = null;

/** A figure without neighbours has no line: it is drawn as a dot. */
export const lonely = {
  show: true,
  size: 5,
  filter(plot, series) {
    const values = plot.data[series], found = [];
    for (let i = 0; i < values.length; i++) if (values[i] != null && values[i - 1] == null && values[i + 1] == null) found.push(i);
    return found;
  },
};

export async function create(place, uPlotUrl, locale) {
  library ??= import(new URL(uPlotUrl, document.baseURI)).then(module => module.default);
  const uPlot = await library;
  // It left the page before this came.
  if (!place) return { draw() { }, dispose() { } };
  let plot = null;
  // A canvas does not know the names of colours: an element tells what they are now.
  const color = name => {
    const probe = place.appendChild(document.createElement("span"));
    probe.style.cssText = `display:none;color:var(${name})`;
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
  const size = () => ({ width: Math.max(120, Math.floor(place.clientWidth)), height: Math.max(80, Math.floor(place.clientHeight)) });
  const count = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const span = seconds => seconds < 1 ? `${number.format(seconds * 1000)} ms` : seconds < 120 ? `${number.format(seconds)} s` : seconds < 7200 ? `${number.format(seconds / 60)} min` : `${number.format(seconds / 3600)} h`;
  const write = { count: value => count.format(value), share: value => share.format(value), seconds: span };
  const clock = (seconds, long) => new Intl.DateTimeFormat(locale, long ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" }).format(new Date(seconds * 1000));
  const resize = new ResizeObserver(() => { if (place.clientWidth > 0) plot?.setSize(size()); });
  resize.observe(place);
  const theme = new MutationObserver(() => plot?.redraw(false, true));
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

  return {
    draw(json) {
      const { unit, times, lines } = JSON.parse(json);
      const long = times.length > 1 && times.at(-1) - times[0] > 2 * 86400;
      const axis = { stroke: () => color("--text-3"), grid: { stroke: () => color("--line"), width: 1 }, ticks: { show: false }, font: `12px ${getComputedStyle(place).fontFamily}` };
      const smallest = unit === "share" ? 0.01 : unit === "count" ? 1 : 0.001;
      plot?.destroy();
      plot = new uPlot({
        ...size(),
        padding: [8, 12, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: "job-statistics", setSeries: false }, drag: { setScale: false, x: false, y: false } },
        scales: { x: { time: true }, y: { range: (_, low, high) => [0, Math.max(high ?? 0, smallest) * 1.1] } },
        axes: [{ ...axis, size: 28, space: 70, values: (_, splits) => splits.map(value => clock(value, long)) }, { ...axis, size: 62, space: 32, values: (_, splits) => splits.map(write[unit]) }],
        series: [{}, ...lines.map((line, i) => ({ label: line.label, stroke: () => color(line.color), dash: [undefined, [6, 4], [2, 3]][i % 3], width: 1.5, spanGaps: unit !== "count", points: lonely }))],
      }, [times, ...lines.map(line => line.values)], place);
    },
    dispose() {
      resize.disconnect();
      theme.disconnect();
      plot?.destroy();
    },
  };
}
