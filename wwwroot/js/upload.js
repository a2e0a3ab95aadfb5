// Uploads of files, several at a time, each in pieces that can be gone on with (docs/documents-intake.md). The queue belongs to the
// page's window, not to a component: it goes on while the person looks at other tabs of the portal. What a reload cuts off is kept by
// the server; nothing goes into the browser's own storage.
import { UploadList } from "./upload-list.js";
import { UploadWire, Refused, Unreachable } from "./upload-wire.js";

const AT_ONCE = 3, GONE_AFTER = 6000, LEAST_PIECE = 1 << 20, FIRST_PIECE = 8 << 20, MOST_PIECE = 32 << 20;
const WAITS = [500, 1000, 2000, 5000, 10_000, 30_000];
const wire = new UploadWire();
const items = [];
const list = new UploadList(items, { pause, resume, retry, remove, choose, pauseAll, resumeAll, retryAll, clear });
const zones = new Map();
let running = 0, piece = FIRST_PIECE, asked = false, wake = () => { };
let awake = new Promise(done => { wake = done; });

export function attach(zone, language, words) {
  // It left the page before this came.
  if (!zone) return;
  list.speak(language, words);
  const drop = zone.querySelector("[data-drop]");
  const input = zone.querySelector("[data-files]");
  const folder = zone.querySelector("[data-folder]");
  const stop = new AbortController();
  const on = (target, name, handler) => target?.addEventListener(name, handler, { signal: stop.signal });
  zones.set(zone, stop);
  list.show(zone);
  const into = () => zone.querySelector("[data-collection]")?.value ?? "";

  const picked = from => { add([...from.files], into()); from.value = ""; };
  on(input, "change", () => picked(input));
  on(folder, "change", () => picked(folder));
  on(zone.querySelector("[data-folder-button]"), "click", () => folder.click());
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
    await filesOf(event.dataTransfer, files => add(files, into()));
  });
  on(document, "paste", event => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) { event.preventDefault(); add(files, into()); }
  });
  // Somebody was quicker than this script.
  if (input.files.length > 0) picked(input);
  if (!asked) { asked = true; recall(); }
}

export function detach(zone) {
  zones.get(zone)?.abort();
  zones.delete(zone);
  list.hide(zone);
}

/** Files of a drop, those inside folders included, handed over a hundred at a time. */
async function filesOf(transfer, take) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return take([...transfer.files]);
  let files = [];
  const walk = async entry => {
    try {
      if (entry.isFile) {
        files.push(await new Promise((done, failed) => entry.file(done, failed)));
        if (files.length >= 100) { take(files); files = []; }
        return;
      }
      const reader = entry.createReader();
      // A reader gives a hundred entries at a time.
      for (let batch; (batch = await new Promise((done, failed) => reader.readEntries(done, failed))).length > 0;) for (const child of batch) await walk(child);
    } catch {
      items.push({ ...fresh(null, entry.name, 0, ""), state: "failed", words: list.words.folderUnreadable, again: false });
      list.draw();
    }
  };
  for (const entry of entries) await walk(entry);
  take(files);
}

function fresh(file, name, size, collection) {
  return { file, name, size, collection, state: "waiting", loaded: 0, words: "", id: null, request: null, tries: 0, run: 0, document: null };
}

function add(files, collection) {
  for (const file of files) {
    // What a reload cut off goes on with the same file.
    const cut = items.find(item => item.state === "missing" && item.name === file.name.normalize("NFC") && item.size === file.size);
    if (cut) Object.assign(cut, { file, state: "waiting", words: "" });
    else items.push(fresh(file, file.name, file.size, collection));
  }
  list.draw();
  pump();
}

/** Uploads of this person that some page began and did not end. */
async function recall() {
  try {
    for (const left of await wire.unfinished())
      if (!items.some(item => item.id === left.id)) items.push({ ...fresh(null, left.name, left.size, ""), id: left.id, loaded: left.offset, state: "missing", words: list.words.chooseAgain });
    list.draw();
  } catch {
    asked = false; // offline: the next visit of the page asks again
  }
}

function pump() {
  while (running < AT_ONCE) {
    const next = items.find(item => item.state === "waiting");
    if (!next) return;
    running++;
    next.state = "sending";
    send(next, ++next.run).finally(() => { running--; list.draw(); pump(); });
  }
}

/** Whether this run of the item is still the one: it may have been paused, and resumed by another run. */
const wanted = (item, run) => item.state === "sending" && item.run === run;

async function send(item, run) {
  while (wanted(item, run)) {
    try {
      if (await wire.limit() < item.size) return void fail(item, list.words.tooLarge, false);
      const state = await begin(item) ?? await transfer(item, run);
      if (wanted(item, run) && state?.document !== undefined) return store(item, state.document);
    } catch (fault) {
      if (!wanted(item, run)) return;
      if (!await patience(item, fault)) return;
    }
  }
}

/** Announces the file, or asks how much of it is there. Answers with the end where that was all. */
async function begin(item) {
  if (item.id) {
    item.loaded = await wire.offset(item.id);
    return null;
  }
  const made = await wire.create(item.file, item.collection);
  item.id = made.id;
  item.loaded = 0;
  if (item.state === "gone") wire.drop(made.id);
  return made.document ? made : null;
}

async function transfer(item, run) {
  for (;;) {
    if (!wanted(item, run)) return null;
    const start = item.loaded, began = performance.now();
    const end = Math.min(item.size, start + piece);
    const state = await wire.append(item, start, end, sent => { item.loaded = start + sent; list.draw(); });
    adapt(performance.now() - began, end - start);
    item.tries = 0;
    item.loaded = state.offset;
    list.draw();
    if (state.offset >= item.size) return state;
  }
}

/** Pieces that take between two and eight seconds: few requests on a fast line, little to repeat on a slow one. */
function adapt(took, bytes) {
  if (took < 2000 && bytes >= piece) piece = Math.min(MOST_PIECE, piece * 2);
  else if (took > 8000) piece = Math.max(LEAST_PIECE, piece / 2);
}

/** Waits where waiting helps. Answers whether to go on. */
async function patience(item, fault) {
  if (fault instanceof Refused) {
    if (fault.status === 404 && item.id && !item.anew) Object.assign(item, { id: null, loaded: 0, anew: true }); // removed meanwhile: from the beginning, once
    else if (fault.status === 401) return fail(item, list.words.signedOut, true);
    else if (fault.status === 400 && item.tries < 2) wire.renew();
    else if (![409, 423, 429, 502, 504].includes(fault.status)) return fail(item, fault.message || list.words.failed, ![404, 413, 415].includes(fault.status));
  } else if (!(fault instanceof Unreachable)) {
    return fail(item, list.words.failed, true); // the file itself cannot be read any more
  } else wire.renew();
  item.words = fault instanceof Unreachable ? list.words.offline : fault.status === 429 ? fault.message : "";
  const wait = WAITS[Math.min(item.tries++, WAITS.length - 1)];
  list.draw();
  await Promise.race([new Promise(done => setTimeout(done, wait * (0.75 + Math.random() / 2))), awake]);
  if (item.state === "sending") item.words = "";
  return true;
}

function store(item, document) {
  item.document = document;
  item.file = null;
  if (document?.same) return Object.assign(item, { state: "duplicate", words: list.words.same.replace("{0}", document.same.name) });
  end(item, list.words.stored);
}

function end(item, words) {
  Object.assign(item, { state: "stored", words, loaded: item.size });
  list.draw();
  setTimeout(() => forget(item), GONE_AFTER);
}

function fail(item, words, again) {
  Object.assign(item, { state: "failed", words, again });
  list.draw();
  return false;
}

function forget(item) {
  const at = items.indexOf(item);
  if (at < 0) return;
  if (item.state === "stored") list.ended++;
  items.splice(at, 1);
  list.draw();
}

function pause(item) {
  if (!["waiting", "sending"].includes(item.state)) return;
  item.state = "paused";
  item.request?.abort();
  list.draw();
}

function resume(item) {
  if (item.state !== "paused") return;
  Object.assign(item, { state: "waiting", tries: 0, words: "" });
  list.draw();
  pump();
}

function retry(item) {
  if (item.state !== "failed" || !item.again || !item.file) return;
  Object.assign(item, { state: "waiting", tries: 0, words: "", anew: false });
  wire.renew();
  list.draw();
  pump();
}

function remove(item) {
  const { id, state } = item;
  item.state = "gone";
  item.request?.abort();
  if (id && !["stored", "duplicate"].includes(state)) wire.drop(id);
  forget(item);
  pump();
}

async function choose(item, choice) {
  if (choice === "keep") return end(item, list.words.kept);
  try {
    await wire.choose(item.id, choice, item.document.same.id);
    end(item, choice === "bin" ? list.words.wentToBin : list.words.becameVersion);
  } catch (fault) {
    item.words = fault.message || list.words.failed;
    list.draw();
  }
}

function pauseAll() { for (const item of [...items]) pause(item); }
function resumeAll() { for (const item of [...items]) resume(item); }
function retryAll() { for (const item of [...items]) retry(item); }
function clear() { for (const item of [...items]) if (["failed", "stored", "duplicate"].includes(item.state)) remove(item); list.ended = 0; list.draw(); }

addEventListener("online", () => { const done = wake; awake = new Promise(next => { wake = next; }); done(); });
addEventListener("beforeunload", event => {
  if (items.some(item => item.state === "waiting" || item.state === "sending" || item.state === "paused")) event.preventDefault();
});
