// The frame's behaviour that needs no server: dialogs, palette, keyboard, theme, navigation sheet, relative times.
const root = document.documentElement;
const typing = target => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null;
const find = (selector, within = document) => within.querySelector(selector);

// ---- Elements that act when they come and go. Blazor fills them after insertion, so they wait for the end of the batch.

/** Shows the dialog inside as a modal; gives the focus back when it leaves. */
class PortalDialog extends HTMLElement {
  connectedCallback() {
    this.back = document.activeElement;
    queueMicrotask(() => {
      const dialog = find("dialog", this);
      if (!dialog || dialog.open) return;
      // The server decides when it closes: Escape presses the way out.
      dialog.addEventListener("cancel", event => { event.preventDefault(); find("[data-dismiss]", dialog)?.click(); });
      dialog.showModal();
    });
  }
  disconnectedCallback() { giveBack(this.back); }
}

/** Details beside the list; narrow windows show them above the page and take the focus there. */
class PortalDrawer extends HTMLElement {
  connectedCallback() {
    this.back = document.activeElement;
    queueMicrotask(() => { if (this.above()) find("h2", this)?.focus({ preventScroll: true }); });
    this.keep = event => {
      if (event.key !== "Tab" || !this.above() || find("dialog[open]")) return;
      const stops = [...this.querySelectorAll("a[href], button:not([disabled]), input, select, textarea, [tabindex='0']")].filter(stop => stop.offsetParent !== null);
      if (stops.length === 0) return;
      const edge = event.shiftKey ? stops[0] : stops.at(-1);
      if (document.activeElement === edge || !this.contains(document.activeElement)) {
        event.preventDefault();
        (event.shiftKey ? stops.at(-1) : stops[0]).focus();
      }
    };
    document.addEventListener("keydown", this.keep);
  }
  disconnectedCallback() {
    document.removeEventListener("keydown", this.keep);
    if (document.activeElement === document.body) giveBack(this.back);
  }
  above() { return window.matchMedia("(max-width: 1199px)").matches; }
}

/** Keeps a log at its end as lines come, unless the reader has scrolled up. */
class PortalLog extends HTMLElement {
  connectedCallback() {
    queueMicrotask(() => {
      const log = this.firstElementChild;
      if (!log) return;
      let atEnd = true;
      log.addEventListener("scroll", () => { atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 24; }, { passive: true });
      const follow = () => { if (atEnd) log.scrollTop = log.scrollHeight; };
      this.watch = new MutationObserver(follow);
      this.watch.observe(log, { childList: true });
      follow();
    });
  }
  disconnectedCallback() { this.watch?.disconnect(); }
}

function giveBack(element) {
  queueMicrotask(() => (element?.isConnected && element !== document.body ? element : find("main"))?.focus({ preventScroll: true }));
}

customElements.define("portal-dialog", PortalDialog);
customElements.define("portal-drawer", PortalDrawer);
customElements.define("portal-log", PortalLog);

// ---- Theme and density: at once here, kept by the server for the person, by a cookie for the sign-in pages.

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

function choose(name, value) {
  root.dataset[name] = value;
  remember(name, value);
  for (const button of document.querySelectorAll(`[data-set-${name}]`))
    button.setAttribute("aria-pressed", String(button.getAttribute(`data-set-${name}`) === value));
}

// The server writes times in this zone unless the person has chosen another.
remember("tz", Intl.DateTimeFormat().resolvedOptions().timeZone);

// ---- Navigation sheet

let navOpener = null;
function nav(open) {
  if (open === (root.dataset.nav === "open")) return;
  if (open) navOpener = document.activeElement;
  root.dataset.nav = open ? "open" : "closed";
  find("[data-toggle-nav]")?.setAttribute("aria-expanded", String(open));
  if (open) find(".nav a")?.focus();
  else navOpener?.focus();
}

// ---- Dialogs that are always in the page: palette and keyboard help

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  closeMenus();
  dialog.showModal();
  find("input", dialog)?.select();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("click", event => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  const inMenu = target.closest("details.menu");
  closeMenus(inMenu);
  if (inMenu && target.closest(".popup > a, .popup > button, .popup > form > button")) inMenu.open = false;
  const on = name => target.closest(`[${name}]`);
  let hit;
  if ((hit = on("data-open"))) openDialog(hit.dataset.open);
  else if ((hit = on("data-close-dialog"))) hit.closest("dialog")?.close();
  else if ((hit = on("data-set-theme"))) choose("theme", hit.dataset.setTheme);
  else if ((hit = on("data-set-density"))) choose("density", hit.dataset.setDensity);
  else if (on("data-skip")) find("main")?.focus();
  else if (on("data-toggle-nav")) nav(root.dataset.nav !== "open");
  else if ((hit = on("data-copy"))) copy(hit);
  else if (on("data-print")) window.print();
  else if (root.dataset.nav === "open" && target.closest(".nav a")) nav(false);
  else if (target instanceof HTMLDialogElement && !("keep" in target.dataset) && target.open && outside(target, event)) target.close();
  else openRow(target, event);
});

function outside(dialog, { clientX: x, clientY: y }) {
  const box = dialog.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Without a secure context there is no clipboard interface; the old command still works.
    const area = Object.assign(document.createElement("textarea"), { value: button.dataset.copy });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const before = button.title;
  button.title = button.dataset.copied;
  button.classList.add("copied");
  setTimeout(() => { button.title = before; button.classList.remove("copied"); }, 1500);
}

// ---- Lists: a click anywhere in a row opens it; j, k, x, Enter, e and Shift for ranges

function openRow(target, event) {
  const row = target.closest("[data-list] tr[data-row]");
  if (!row || target.closest("a, button, input, label, select, summary") || event.ctrlKey || event.metaKey || String(getSelection()) !== "") return;
  find("a[data-open-row]", row)?.click();
}

function rows(list) {
  return [...list.querySelectorAll("tr[data-row]")];
}

function move(list, step, range) {
  const all = rows(list);
  if (all.length === 0) return;
  const current = all.indexOf(document.activeElement.closest("tr[data-row]"));
  const start = current >= 0 ? current : all.findIndex(row => row.classList.contains("open"));
  const next = all[Math.min(Math.max(start < 0 ? (step > 0 ? 0 : all.length - 1) : start + step, 0), all.length - 1)];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (range) pick(next, true);
}

function pick(row, range) {
  find("td.pick input", row)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: range }));
}

function listKey(event) {
  const list = document.activeElement.closest("[data-list]") ?? find("main [data-list]");
  if (!list || typing(event.target)) return false;
  const row = document.activeElement.closest("tr[data-row]");
  switch (event.key) {
    case "j": case "J": move(list, 1, event.shiftKey); return true;
    case "k": case "K": move(list, -1, event.shiftKey); return true;
    case "x": case "X": if (row) pick(row, event.shiftKey); return row !== null;
    case "Enter": if (row && document.activeElement === row) { find("a[data-open-row]", row)?.click(); return true; } return false;
    case "e": { const edit = find("[data-edit]", find("portal-drawer") ?? document.createElement("i")); edit?.click(); return edit !== null; }
    case "/": { const search = find("input[type=search]", list); search?.focus(); return search !== null; }
    default: return false;
  }
}

// ---- Palette: arrows choose among what the server rendered

function paletteKey(event, input) {
  const options = [...find(".palette[open]").querySelectorAll("[role=option]")];
  const current = Math.max(options.findIndex(option => option.getAttribute("aria-selected") === "true"), -1);
  const select = index => {
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (options[index]) {
      input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }
  };
  if (event.key === "ArrowDown") select((current + 1) % options.length);
  else if (event.key === "ArrowUp") select((current - 1 + options.length) % options.length);
  else if (event.key === "Enter") options[Math.max(current, 0)]?.click();
  else return false;
  return true;
}

function tabKey(event) {
  const tabs = [...event.target.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const index = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : step ? (tabs.indexOf(event.target) + step + tabs.length) % tabs.length : -1;
  if (index < 0) return false;
  tabs[index].focus();
  tabs[index].click();
  return true;
}

function escape() {
  if (find("dialog[open]")) return false;
  const menu = find("details.menu[open]");
  if (menu) { menu.open = false; find("summary", menu)?.focus(); return true; }
  if (root.dataset.nav === "open") { nav(false); return true; }
  const close = find("portal-drawer [data-close]") ?? find("[data-clear-selection]");
  close?.click();
  return close !== null;
}

document.addEventListener("keydown", event => {
  if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return;
  const command = event.ctrlKey || event.metaKey;
  let handled = false;
  if (command && event.key.toLowerCase() === "k" && !event.altKey) { openDialog("palette"); handled = true; }
  else if (event.key === "Escape") handled = escape();
  else if (command || event.altKey) return;
  else if (event.target.id === "palette-input") handled = paletteKey(event, event.target);
  else if (event.target.matches("[role=tab]")) handled = tabKey(event);
  else if (find("dialog[open]")) return;
  else if (event.key === "?" && !typing(event.target)) { openDialog("keys"); handled = true; }
  else handled = listKey(event);
  if (handled) event.preventDefault();
});

// ---- Relative times stay true without a server round trip

const words = new Intl.RelativeTimeFormat(root.lang || "en", { numeric: "auto" });
const spans = [["second", 1, 60], ["minute", 60, 3600], ["hour", 3600, 86400], ["day", 86400, 86400 * 31]];

function refreshTimes() {
  if (document.hidden) return;
  const now = Date.now();
  for (const element of document.querySelectorAll("time[data-ago]")) {
    const seconds = (Date.parse(element.dateTime) - now) / 1000;
    const distance = Math.abs(seconds);
    const span = spans.find(([, , end]) => distance < end);
    if (!span || distance < 5) continue;
    const text = words.format(Math.trunc(seconds / span[1]), span[0]);
    // The text node stays Blazor's own: only its value changes.
    if (element.firstChild && element.firstChild.nodeValue !== text) element.firstChild.nodeValue = text;
  }
}
setInterval(refreshTimes, 15000);
document.addEventListener("visibilitychange", refreshTimes);

// What components call.
globalThis.portal = {
  open: openDialog,
  close: id => document.getElementById(id)?.close(),
  focus: selector => find(selector)?.focus(),
  timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  language: code => remember(".AspNetCore.Culture", encodeURIComponent(`c=${code}|uic=${code}`)),
  loaded: new Map(),
  /** Loads a style sheet or script once; resolves when it is there. */
  load(url) {
    let loading = this.loaded.get(url);
    if (!loading) {
      const css = url.split("?")[0].endsWith(".css");
      const element = Object.assign(document.createElement(css ? "link" : "script"), css ? { rel: "stylesheet", href: url } : { src: url, async: false });
      loading = new Promise((done, failed) => { element.onload = () => done(); element.onerror = () => failed(new Error(`Not loaded: ${url}`)); });
      this.loaded.set(url, loading);
      document.head.append(element);
    }
    return loading;
  },
};
