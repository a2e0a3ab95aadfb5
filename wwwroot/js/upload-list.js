// What people see of their uploads. At most SHOWN rows stand in the page, however many files there are; a line above sums them up.
// Rows are made by hand, text only, so that a file name can never be markup.
const SHOWN = 12;
const ORDER = ["duplicate", "failed", "missing", "sending", "paused", "waiting", "stored"];

export class UploadList {
  words = {};
  /** Uploads that were stored and left the list. */
  ended = 0;
  #items; #acts; #culture = "en"; #zones = new Map(); #planned = false;

  constructor(items, acts) { [this.#items, this.#acts] = [items, acts]; }

  speak(culture, words) { [this.#culture, this.words] = [culture, words]; }

  show(zone) {
    this.#zones.set(zone, { rows: new Map(), list: zone.querySelector("[data-uploads]"), summary: zone.querySelector("[data-summary]"), said: "" });
    this.draw();
  }

  hide(zone) { this.#zones.delete(zone); }

  /** At most once a frame, whoever asks how often. */
  draw() {
    if (this.#planned) return;
    this.#planned = true;
    // A hidden tab has no frames, but its uploads go on.
    const soon = document.hidden ? work => setTimeout(work, 200) : requestAnimationFrame;
    soon(() => { this.#planned = false; this.#draw(); });
  }

  #draw() {
    const shown = [];
    for (const state of ORDER) for (const item of this.#items) if (item.state === state && shown.length < SHOWN) shown.push(item);
    const more = this.#items.length - shown.length;
    for (const place of this.#zones.values()) {
      for (const [item, row] of place.rows) if (!shown.includes(item)) { row.remove(); place.rows.delete(item); }
      shown.forEach((item, at) => {
        let row = place.rows.get(item);
        if (!row) place.rows.set(item, row = this.#build(item));
        if (place.list.children[at] !== row) place.list.insertBefore(row, place.list.children[at] ?? null);
        this.#fill(item, row);
      });
      this.#fillRest(place, more);
      this.#summarise(place);
    }
  }

  #fillRest(place, more) {
    if (more === 0) {
      place.rest?.remove();
      place.rest = null;
      return;
    }
    place.rest ??= element("li", "more");
    place.rest.textContent = this.words.moreWaiting.replace("{0}", this.#number(more));
    place.list.append(place.rest);
  }

  #summarise(place) {
    const count = state => this.#items.filter(item => item.state === state).length;
    const all = this.#items.length + this.ended, failed = count("failed"), paused = count("paused"), open = count("waiting") + count("sending"), ended = count("stored") + count("duplicate") + this.ended;
    const many = this.#items.length > 1;
    const key = `${all} ${failed} ${paused} ${open} ${ended} ${many}`;
    if (place.said === key) return;
    place.said = key;
    place.summary.replaceChildren();
    if (!many) return;
    const line = element("span", "num", this.words.summary.replace("{0}", this.#number(ended)).replace("{1}", this.#number(all)) + (failed > 0 ? ` ${this.words.summaryFailed.replace("{0}", this.#number(failed))}` : ""));
    line.setAttribute("role", "status");
    place.summary.append(line);
    const command = (words, act) => { const made = element("button", "button small quiet", words); made.type = "button"; made.addEventListener("click", act); place.summary.append(made); };
    if (open > 0) command(this.words.pauseAll, this.#acts.pauseAll);
    if (paused > 0) command(this.words.resumeAll, this.#acts.resumeAll);
    if (failed > 0) command(this.words.tryAllAgain, this.#acts.retryAll);
    if (open === 0 && paused === 0 && failed + ended > 0) command(this.words.clear, this.#acts.clear);
  }

  #build(item) {
    const row = document.createElement("li");
    const name = element("span", "name", item.name);
    name.title = item.name;
    const bar = element("div", "bar");
    bar.setAttribute("role", "progressbar");
    bar.setAttribute("aria-label", item.name);
    bar.setAttribute("aria-valuemin", "0");
    bar.setAttribute("aria-valuemax", "100");
    bar.append(document.createElement("span"));
    const words = element("span", "words num");
    row.append(name, bar, words, element("span", "buttons"));
    return row;
  }

  #fill(item, row) {
    const [, bar, words, buttons] = row.children;
    const share = ["stored", "duplicate"].includes(item.state) ? 1 : item.size === 0 ? 0 : Math.min(1, item.loaded / item.size);
    const percent = Math.floor(share * 100);
    bar.firstChild.style.width = `${percent}%`;
    bar.setAttribute("aria-valuenow", String(percent));
    bar.className = item.state === "failed" ? "bar bad" : item.state === "stored" ? "bar ok" : item.state === "duplicate" ? "bar warn" : "bar";
    const told = this.#told(item, percent);
    if (words.textContent !== told) words.textContent = told;
    words.className = item.state === "failed" ? "words num bad" : "words num";
    if (row.dataset.state === item.state) return;
    row.dataset.state = item.state;
    // What ended, or went wrong, is said; the running number is not.
    if (["failed", "stored", "duplicate", "missing"].includes(item.state)) words.setAttribute("role", "status");
    else words.removeAttribute("role");
    const focused = buttons.contains(document.activeElement);
    buttons.replaceChildren(...this.#buttons(item));
    if (focused) buttons.firstChild?.focus();
  }

  #told(item, percent) {
    if (item.state === "waiting") return this.words.waiting;
    if (item.state === "paused") return `${this.words.paused} · ${percent} %`;
    if (item.state !== "sending") return item.words;
    if (item.words) return item.words;
    return percent === 100 && item.size > 0 ? this.words.finishing : `${percent} % · ${this.#size(item.size)}`;
  }

  #buttons(item) {
    const { acts, words } = { acts: this.#acts, words: this.words };
    const made = [];
    const put = (text, act) => made.push(button(text, item, act));
    if (item.state === "failed" && item.again && item.file) put(words.tryAgain, () => acts.retry(item));
    if (["waiting", "sending"].includes(item.state)) put(words.pause, () => acts.pause(item));
    if (item.state === "paused") put(words.resume, () => acts.resume(item));
    if (item.state === "duplicate") {
      const open = element("a", "button small quiet", words.open);
      open.href = `/documents?item=${item.document.same.id}`;
      open.setAttribute("aria-label", `${words.open}: ${item.document.same.name}`);
      made.push(open);
      put(words.keepBoth, () => acts.choose(item, "keep"));
      if (item.document.same.mayJoin) put(words.version, () => acts.choose(item, "version"));
      put(words.bin, () => acts.choose(item, "bin"));
    } else if (item.state !== "stored") put(item.state === "failed" ? words.remove : words.cancel, () => acts.remove(item));
    return made;
  }

  #number(value) { return new Intl.NumberFormat(this.#culture).format(value); }

  #size(bytes) {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    let unit = 0;
    for (; bytes >= 1000 && unit < units.length - 1; unit++) bytes /= 1000;
    return new Intl.NumberFormat(this.#culture, { style: "unit", unit: units[unit], maximumFractionDigits: bytes < 100 && unit > 0 ? 1 : 0 }).format(bytes);
  }
}

function button(text, item, act) {
  const made = element("button", "button small quiet", text);
  made.type = "button";
  made.setAttribute("aria-label", `${text}: ${item.name}`);
  made.addEventListener("click", act);
  return made;
}

function element(tag, css, text = "") {
  const made = document.createElement(tag);
  made.className = css;
  made.textContent = text;
  return made;
}
