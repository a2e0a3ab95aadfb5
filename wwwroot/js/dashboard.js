// Editing a dashboard with the mouse or a finger: a card follows the pointer, a frame shows where it would lie, and the server
// hears the final place only. It decides how the other cards make room. Loaded by EditSurface.razor, while somebody edits.

const EDGE = 60; // pixels from the window's edge at which the page scrolls along

/** @param {{ invokeMethodAsync(name: string, key: string, one: number, two: number): Promise<void> }} server with Moved(key, x, y) and Resized(key, w, h) */
export function edit(selector, server) {
  const grid = document.querySelector(selector);
  const drop = grid.querySelector("[data-drop]");
  const ending = new AbortController();
  const { signal } = ending;
  let held = null;

  grid.addEventListener("pointerdown", event => {
    const grip = event.target.closest("[data-move], [data-resize]");
    const card = grip?.closest("[data-key]");
    // One column: there is no place beside another to drag to.
    if (!card || event.button !== 0 || held || innerWidth < 700) return;
    event.preventDefault();
    grip.focus?.({ preventScroll: true });
    const at = card.getBoundingClientRect();
    held = { card, grip, id: event.pointerId, resize: grip.hasAttribute("data-resize"), x: event.clientX - at.left, y: event.clientY - at.top, width: at.width, height: at.height, start: offset(at), cell: null };
    grip.setPointerCapture(event.pointerId);
    card.setAttribute("data-held", "");
    follow(event);
  }, { signal });

  grid.addEventListener("pointermove", event => { if (held?.id === event.pointerId) follow(event); }, { signal });
  grid.addEventListener("pointerup", event => { if (held?.id === event.pointerId) release(true); }, { signal });
  grid.addEventListener("pointercancel", event => { if (held?.id === event.pointerId) release(false); }, { signal });

  grid.addEventListener("keydown", event => {
    // The server moves the card; the page must not scroll as well.
    if (event.target.closest("[data-move]") && event.key.startsWith("Arrow")) event.preventDefault();
  }, { signal });

  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && held) { release(false); event.preventDefault(); return; }
    if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]") || event.target.closest?.("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    const button = key === "z" ? document.querySelector(event.shiftKey ? "[data-redo]" : "[data-undo]") : key === "y" ? document.querySelector("[data-redo]") : null;
    if (!button) return;
    event.preventDefault();
    button.click();
  }, { signal });

  function offset(box) {
    const frame = grid.getBoundingClientRect();
    return { left: box.left - frame.left, top: box.top - frame.top };
  }

  function follow(event) {
    if (event.clientY < EDGE) scrollBy(0, -12);
    else if (event.clientY > innerHeight - EDGE) scrollBy(0, 12);
    const frame = grid.getBoundingClientRect();
    const { card, start } = held;
    const tracks = measure();
    const columns = Number(card.style.getPropertyValue("--w")), rows = Number(card.style.getPropertyValue("--h"));
    if (held.resize) {
      const left = Number(card.style.getPropertyValue("--x")), top = Number(card.style.getPropertyValue("--y"));
      const right = event.clientX - frame.left + (held.width - held.x), bottom = event.clientY - frame.top + (held.height - held.y);
      const w = Math.min(12 - left, Math.max(1, Math.round((right - left * tracks.column + tracks.gap) / tracks.column)));
      const h = Math.max(1, nearest(tracks.ends(), bottom) - top + 1);
      held.cell = [w, h];
      show(left, top, w, h);
    } else {
      const left = event.clientX - held.x - frame.left, top = event.clientY - held.y - frame.top;
      card.style.translate = `${left - start.left}px ${top - start.top}px`;
      const x = Math.min(12 - columns, Math.max(0, Math.round(left / tracks.column)));
      const y = nearest(tracks.starts(), top);
      held.cell = [x, y];
      show(x, y, columns, rows);
    }
  }

  function show(x, y, w, h) {
    drop.hidden = false;
    drop.style.gridColumn = `${x + 1} / span ${w}`;
    drop.style.gridRow = `${y + 1} / span ${h}`;
  }

  function release(keep) {
    const { card, grip, id, resize, cell } = held;
    held = null;
    drop.hidden = true;
    drop.style.gridColumn = drop.style.gridRow = "";
    card.style.translate = "";
    card.removeAttribute("data-held");
    if (grip.hasPointerCapture(id)) grip.releasePointerCapture(id);
    if (keep && cell) server.invokeMethodAsync(resize ? "Resized" : "Moved", card.dataset.key, ...cell).catch(error => console.debug("dashboard: place not delivered", error));
  }

  /** Rows grow with their content, so they are read off; below the last one they have the least height. */
  function measure() {
    const style = getComputedStyle(grid);
    const gap = parseFloat(style.columnGap), unit = parseFloat(style.getPropertyValue("--unit")) || 44;
    const column = (grid.clientWidth + gap) / 12;
    const sizes = style.gridTemplateRows.split(" ").map(parseFloat).filter(size => size > 0);
    while (sizes.length < 400) sizes.push(unit);
    const starts = [], ends = [];
    let at = 0;
    for (const size of sizes) { starts.push(at); ends.push(at + size); at += size + gap; }
    return { column, gap, starts: () => starts, ends: () => ends };
  }

  function nearest(lines, wanted) {
    let best = 0;
    for (let i = 1; i < lines.length && Math.abs(lines[i] - wanted) <= Math.abs(lines[best] - wanted); i++) best = i;
    return best;
  }

  return {
    stop() {
      if (held) release(false);
      ending.abort();
    },
  };
}
