// Uploads of files, several at a time, each as the raw body of one request. The queue belongs to the page's window, not to a component:
// it goes on while the person looks at other tabs of the portal.
const AT_ONCE = 3;
const GONE_AFTER = 6000;
const zones = new Map();
const items = [];
let texts = {}, culture = "en", ticket = null, running = 0;

export function attach(zone, language, words) {
  [culture, texts] = [language, words];
  const drop = zone.querySelector("[data-drop]");
  const input = zone.querySelector("[data-files]");
  const list = zone.querySelector("[data-uploads]");
  const stop = new AbortController();
  const on = (target, name, handler) => target.addEventListener(name, handler, { signal: stop.signal });
  zones.set(zone, { stop, list });

  const picked = () => { add([...input.files]); input.value = ""; };
  on(input, "change", picked);
  // The whole page takes the drop: aiming at a box with a folder in hand is a nuisance.
  let depth = 0;
  const carriesFiles = event => [...(event.dataTransfer?.types ?? [])].includes("Files");
  on(document, "dragenter", event => { if (carriesFiles(event)) { depth++; drop.classList.add("over"); } });
  on(document, "dragleave", event => { if (carriesFiles(event) && --depth <= 0) { depth = 0; drop.classList.remove("over"); } });
  on(document, "dragover", event => { if (carriesFiles(event)) event.preventDefault(); });
  on(document, "drop", async event => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    drop.classList.remove("over");
    add(await filesOf(event.dataTransfer));
  });
  on(document, "paste", event => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) { event.preventDefault(); add(files); }
  });
  for (const item of items) show(item);
  // Somebody was quicker than this script.
  if (input.files.length > 0) picked();
}

export function detach(zone) {
  zones.get(zone)?.stop.abort();
  zones.delete(zone);
}

/** Files of a drop, those inside folders included. */
async function filesOf(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...transfer.files];
  const files = [];
  const walk = async entry => {
    if (entry.isFile) files.push(await new Promise((done, failed) => entry.file(done, failed)));
    else {
      const reader = entry.createReader();
      // A reader gives a hundred entries at a time.
      for (let batch; (batch = await new Promise((done, failed) => reader.readEntries(done, failed))).length > 0;) for (const child of batch) await walk(child);
    }
  };
  for (const entry of entries) await walk(entry);
  return files;
}

function add(files) {
  for (const file of files) {
    const item = { file, state: "waiting", loaded: 0, words: "", rows: new Map(), request: null };
    items.push(item);
    show(item);
  }
  pump();
}

function pump() {
  while (running < AT_ONCE) {
    const next = items.find(item => item.state === "waiting");
    if (!next) return;
    running++;
    next.state = "sending";
    send(next).finally(() => { running--; pump(); });
  }
}

async function send(item) {
  try {
    ticket ??= fetchTicket();
    const { header, token, maxBytes } = await ticket;
    if (item.state !== "sending") return;
    if (item.file.size > maxBytes) return fail(item, texts.tooLarge, false);
    const answer = await post(item, header, token);
    if (item.state !== "sending") return;
    const body = read(answer.responseText);
    if (answer.status === 201) return store(item, body.sameAs);
    // A stale token is fetched anew with the next try.
    if (answer.status === 400 || answer.status === 401) ticket = null;
    fail(item, body.detail || body.title || texts.failed, answer.status !== 413);
  } catch {
    ticket = null;
    if (item.state === "sending") fail(item, texts.offline, true);
  }
}

async function fetchTicket() {
  const answer = await fetch("/documents/upload-token", { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error("signed out");
  return await answer.json();
}

/** XMLHttpRequest, because fetch does not tell how much has gone out. */
function post(item, header, token) {
  return new Promise((done, failed) => {
    const request = item.request = new XMLHttpRequest();
    request.open("POST", "/documents/upload");
    request.setRequestHeader(header, token);
    request.setRequestHeader("X-File-Name", encodeURIComponent(item.file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = event => { item.loaded = event.loaded; show(item); };
    request.onload = () => done(request);
    request.onerror = request.onabort = failed;
    request.send(item.file);
  });
}

function read(text) {
  try { return JSON.parse(text); } catch { return {}; }
}

function store(item, sameAs) {
  item.state = "stored";
  item.words = sameAs ? texts.same.replace("{0}", sameAs) : texts.stored;
  show(item);
  if (!sameAs) setTimeout(() => remove(item), GONE_AFTER);
}

function fail(item, words, again) {
  Object.assign(item, { state: "failed", words, again });
  show(item);
}

function remove(item) {
  item.state = "gone";
  item.request?.abort();
  items.splice(items.indexOf(item), 1);
  for (const row of item.rows.values()) row.remove();
}

function retry(item) {
  Object.assign(item, { state: "waiting", loaded: 0, words: "" });
  show(item);
  pump();
}

// ---- Rows: made by hand, text only, so that a file name can never be markup.

function show(item) {
  for (const [zone, { list }] of zones) {
    let row = item.rows.get(zone);
    if (!row) {
      row = build(item);
      item.rows.set(zone, row);
      list.append(row);
    }
    draw(item, row);
  }
}

function build(item) {
  const row = document.createElement("li");
  const name = element("span", "name", item.file.name);
  name.title = item.file.name;
  const bar = element("div", "bar");
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", item.file.name);
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  bar.append(document.createElement("span"));
  const buttons = element("span", "buttons");
  row.append(name, bar, element("span", "words num"), buttons);
  return row;
}

function draw(item, row) {
  const [, bar, words, buttons] = row.children;
  const share = item.state === "stored" ? 1 : item.file.size === 0 ? 0 : Math.min(1, item.loaded / item.file.size);
  const percent = Math.round(share * 100);
  bar.firstChild.style.width = `${percent}%`;
  bar.setAttribute("aria-valuenow", String(percent));
  bar.className = item.state === "failed" ? "bar bad" : item.state === "stored" ? "bar ok" : "bar";
  words.textContent = item.state === "sending" ? `${percent} % · ${size(item.file.size)}` : item.state === "waiting" ? texts.waiting : item.words;
  words.className = item.state === "failed" ? "words num bad" : "words num";
  if (row.dataset.state === item.state) return;
  row.dataset.state = item.state;
  buttons.replaceChildren();
  if (item.state === "failed" && item.again) buttons.append(button(texts.again, item, () => retry(item)));
  if (item.state !== "stored" || item.words !== texts.stored)
    buttons.append(button(item.state === "failed" || item.state === "stored" ? texts.remove : texts.cancel, item, () => remove(item)));
}

function button(text, item, act) {
  const made = element("button", "button small quiet", text);
  made.type = "button";
  made.setAttribute("aria-label", `${text}: ${item.file.name}`);
  made.addEventListener("click", act);
  return made;
}

function element(tag, css, text = "") {
  const made = document.createElement(tag);
  made.className = css;
  made.textContent = text;
  return made;
}

function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let unit = 0;
  for (; bytes >= 1000 && unit < units.length - 1; unit++) bytes /= 1000;
  return new Intl.NumberFormat(culture, { style: "unit", unit: units[unit], maximumFractionDigits: bytes < 100 && unit > 0 ? 1 : 0 }).format(bytes);
}

addEventListener("beforeunload", event => {
  if (items.some(item => item.state === "waiting" || item.state === "sending")) event.preventDefault();
});
