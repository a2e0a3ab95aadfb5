// Keeps what is typed into forms and not sent, on the server, and brings it back after a lost connection, a reload or a restart
// of the server. A form takes part by a <portal-draft> inside it (KeepDraft.razor). Requests of its own, not calls over the
// circuit: what is typed while the circuit is lost is kept as well. Nothing goes into the browser's own storage, and no
// password, code or secret leaves the page.
import { baseOf, eligible, fieldsOf, keyOf, put, valueOf, fingerprint } from "./draft-fields.js";
import { DraftWire } from "./draft-wire.js";

const QUIET = 500, MOST = 2000, PATIENCE = 10_000, LAST_WORDS = 1500;
const SENT = "sent", GIVEN_UP = "given up";
const wire = new DraftWire();
const live = new Map();

/** The line of one form, and all that it knows of the form. */
class PortalDraft extends HTMLElement {
  static observedAttributes = ["data-sent"];

  touched = new Map(); bases = new Map(); brought = new Map(); over = null; restoring = false; kept = false; begun = false; typedIn = false;

  connectedCallback() {
    this.listening?.abort();
    // Blazor fills the element after its insertion.
    queueMicrotask(() => { if (this.isConnected) this.begin(); });
  }

  disconnectedCallback() {
    queueMicrotask(() => { if (!this.isConnected) this.end(); });
  }

  attributeChangedCallback(name, before) {
    // Sent, or given up by a button outside of the form: what stands there now is what is saved.
    if (this.begun && before !== null) queueMicrotask(() => { this.forget(); this.bases.clear(); this.learn(); });
  }

  begin() {
    this.scope = this.closest("form, [data-draft-scope]");
    if (!this.scope) return;
    const { name, through, done } = this.dataset;
    // Addresses differ in upper and lower case, the page is the same; the server spells them like this.
    Object.assign(this, { form: `${location.pathname.toLowerCase()}#${name}`, path: location.pathname, url: location.pathname + location.search, through: through || null, over: null, typedIn: false });
    this.brought.clear();
    live.set(this.form, this);
    waiting()?.opened(this.form);
    this.listening = new AbortController();
    const on = (type, handler) => this.scope.addEventListener(type, handler, { signal: this.listening.signal });
    this.learn();
    wire.prepare();
    on("focusin", event => this.meet(event.target));
    on("input", event => this.typed(event.target));
    on("change", event => this.typed(event.target));
    on("submit", () => { this.over = SENT; });
    on("click", event => this.clicked(event.target));
    if (!this.begun && done) this.forget();
    else this.restore();
    this.begun = true;
  }

  /** Remembers what the fields hold before anybody types. */
  learn() { for (const field of fieldsOf(this.scope)) this.meet(field); }

  meet(field) {
    if (!eligible(field)) return;
    const key = keyOf(field, this.scope);
    if (!this.touched.has(key)) this.bases.set(key, baseOf(field));
  }

  typed(field) {
    if (this.restoring || !eligible(field)) return;
    this.over = null;
    this.typedIn = true;
    this.note(field);
    // The one that was chosen before is not any more, and says nothing of it.
    if (field.type === "radio") for (const other of fieldsOf(this.scope)) if (other.type === "radio" && other.name === field.name) this.note(other);
    this.schedule();
  }

  note(field) {
    const key = keyOf(field, this.scope), value = valueOf(field);
    if (!this.bases.has(key)) this.bases.set(key, field.type === "checkbox" || field.type === "radio" ? String(!field.checked) : baseOf(field, ""));
    if (value === this.bases.get(key)) this.touched.delete(key);
    else this.touched.set(key, value);
  }

  clicked(target) {
    if (target.closest?.("[data-draft-discard]")) { this.discard(); return; }
    if (target.closest?.("[data-dismiss], [data-draft-cancel]")) { this.over = GIVEN_UP; return; }
    // A button inside may take a field back; the server's answer shows it.
    if (target.closest?.("button[type=button]")) for (const wait of [400, 1500]) setTimeout(() => this.reread(), wait);
  }

  reread() {
    if (!this.isConnected || this.touched.size === 0) return;
    const before = JSON.stringify([...this.touched]);
    for (const field of fieldsOf(this.scope)) if (this.touched.has(keyOf(field, this.scope))) this.note(field);
    if (JSON.stringify([...this.touched]) !== before) this.schedule();
  }

  schedule() {
    clearTimeout(this.timer);
    this.since ??= performance.now();
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(QUIET, this.since + MOST - performance.now())));
  }

  /** Sends what is typed; resolves when the server has it. */
  save() {
    clearTimeout(this.timer);
    this.since = undefined;
    if (!this.form) return Promise.resolve();
    if (this.touched.size === 0) {
      this.refuse(false);
      return this.kept ? (this.kept = false, wire.remove(this.form)) : Promise.resolve();
    }
    this.kept = true;
    const fields = Object.fromEntries([...this.touched].map(([key, value]) => [key, { value, base: fingerprint(this.bases.get(key) ?? "") }]));
    return wire.save(this.form, { title: this.heading(), url: this.url, through: this.through, fields }, refused => this.refuse(refused));
  }

  /** Whatever waits for its turn goes at once. */
  flush() { return this.since === undefined ? wire.idle() : this.save(); }

  refuse(refused) { if (refused) this.line("refused"); else this.silence("refused"); }

  async restore() {
    const form = this.form;
    const isHere = () => this.isConnected && this.form === form && !this.typedIn;
    this.bring(await wire.read(form), form);
    // The last words of the page before a reload may still be on their way.
    if (!reloaded() || !isHere()) return;
    await new Promise(done => setTimeout(done, LAST_WORDS));
    if (!isHere()) return;
    const again = await wire.read(form);
    if (isHere()) this.bring(again, form);
  }

  bring(draft, form) {
    if (!draft || !this.isConnected || this.form !== form) return;
    this.kept = true;
    let [changed, shown] = [false, false];
    const rest = new Map(Object.entries(draft.fields));
    const apply = () => {
      for (const field of fieldsOf(this.scope)) {
        const key = keyOf(field, this.scope), old = rest.get(key);
        if (!old || !eligible(field)) continue;
        rest.delete(key);
        // What was typed since is newer.
        if (this.touched.has(key) && this.touched.get(key) !== this.brought.get(key)) continue;
        this.meet(field);
        const base = this.bases.get(key);
        if (old.value === base) continue;
        this.touched.set(key, old.value);
        this.brought.set(key, old.value);
        if (fingerprint(base) !== old.base) changed = true;
        if (valueOf(field) === old.value) continue;
        this.set(field, old.value);
        shown = true;
      }
      if (shown) this.tell(draft.saved, changed);
      return rest.size === 0;
    };
    if (apply()) { if (this.touched.size === 0) this.save(); return; }
    // A field that another one brings, or that is still being read, comes with a later answer of the server.
    const watch = new MutationObserver(() => { if (apply()) watch.disconnect(); });
    watch.observe(this.scope, { childList: true, subtree: true });
    this.listening.signal.addEventListener("abort", () => watch.disconnect());
    setTimeout(() => watch.disconnect(), PATIENCE);
  }

  set(field, value) {
    this.restoring = true;
    try { put(field, value); } finally { this.restoring = false; }
  }

  tell(when, changed) {
    const line = this.line("restored");
    line.querySelector("[data-draft-when]").textContent = this.dataset.text.replace("{0}", when);
    line.querySelector("[data-draft-changed]").hidden = !changed;
    // A form that is folded away shows itself.
    const fold = this.scope.closest("details");
    if (fold) fold.open = true;
  }

  line(name) { return this.querySelector(`:scope > [data-draft-line="${name}"]`) ?? this.appendChild(lineOf(this, name)); }

  silence(name) { this.querySelector(`:scope > [data-draft-line="${name}"]`)?.remove(); }

  /** Back to what is saved. */
  discard() {
    for (const field of fieldsOf(this.scope)) {
      const key = keyOf(field, this.scope), base = this.bases.get(key);
      if (!this.touched.has(key) || base === undefined || (field.type === "radio" && base !== "true")) continue;
      this.set(field, base);
    }
    this.forget();
    fieldsOf(this.scope)[0]?.focus();
  }

  forget() {
    clearTimeout(this.timer);
    this.since = undefined;
    this.touched.clear();
    this.kept = false;
    this.silence("restored");
    this.refuse(false);
    wire.remove(this.form);
  }

  /** Whoever goes on while the form still stands does not know that it was taken. */
  leave() { if (this.over === SENT) this.over = null; }

  end() {
    this.listening?.abort();
    if (live.get(this.form) === this) live.delete(this.form);
    // A form that was taken goes where it stood; one that goes with its page was refused, or not answered.
    const done = this.over === GIVEN_UP || (this.over === SENT && location.pathname === this.path);
    // When the page broke over it, what was typed is still wanted.
    if (done && !document.querySelector("[data-failed-page]")) this.forget();
    else if (this.since !== undefined) this.save();
  }

  heading() {
    const box = this.scope.closest("dialog, .card") ?? this.scope;
    return (box.querySelector("h2, h3") ?? document.querySelector("main h1"))?.textContent.trim().slice(0, 200) || document.title.slice(0, 200);
  }
}

/** Above the page: what was begun here and is not open. */
class PortalDrafts extends HTMLElement {
  static observedAttributes = ["data-page"];

  connectedCallback() { queueMicrotask(() => this.look()); }

  attributeChangedCallback(name, before) { if (before !== null) queueMicrotask(() => this.look()); }

  async look() {
    this.lines?.forEach(line => line.remove());
    this.lines = new Map();
    const page = this.dataset.page;
    const drafts = await wire.ofPage(page);
    // Forms that belong to the page come with it; only what stays closed is worth a line.
    if (drafts.length > 0) await quiet();
    if (page !== this.dataset.page) return;
    for (const draft of drafts) if (!live.has(draft.form) && !this.lines.has(draft.form)) this.add(draft);
  }

  add(draft) {
    const line = lineOf(this, "waiting");
    const name = text => text.replace("{0}", draft.title).replace("{1}", draft.saved);
    line.querySelector(".draft-words").textContent = name(this.dataset.unfinished);
    const [go, drop] = [line.querySelector("[data-draft-continue]"), line.querySelector("[data-draft-discard]")];
    go.setAttribute("aria-label", name(this.dataset.continue));
    drop.setAttribute("aria-label", name(this.dataset.discard));
    go.addEventListener("click", async () => {
      if (await reopen(draft)) return;
      line.querySelector(".draft-words").textContent = name(this.dataset.cannot);
      go.remove();
    });
    drop.addEventListener("click", () => { wire.remove(draft.form); this.opened(draft.form); });
    this.append(line);
    this.lines.set(draft.form, line);
  }

  opened(form) {
    this.lines?.get(form)?.remove();
    this.lines?.delete(form);
  }
}

/** A copy of a line of the template: a parsed page keeps its content apart, Blazor makes plain children of it. */
function lineOf(element, name) {
  const template = element.querySelector("template");
  return (template.content.firstElementChild ? template.content : template).querySelector(`[data-draft-line="${name}"]`).cloneNode(true);
}

const waiting = () => document.querySelector("portal-drafts");
const opener = name => document.querySelector(`[data-draft-opener="${CSS.escape(name)}"]`);

/** The element or truth that <paramref name="find"/> gives, as soon as it does; null after a time. */
function appear(find, patience) {
  const there = find();
  if (there) return Promise.resolve(there);
  return new Promise(done => {
    const watch = new MutationObserver(() => { const found = find(); if (found) stop(found); });
    const stop = found => { watch.disconnect(); clearTimeout(timer); done(found); };
    const timer = setTimeout(() => stop(null), patience);
    watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-draft-opener"] });
  });
}

/** Presses what opens the form, one opener after the other; on another address if it is not here. */
async function reopen(draft) {
  const steps = [...(draft.through?.split(" ") ?? []), draft.form.slice(draft.form.indexOf("#") + 1)];
  if (!opener(steps[0]) && draft.url !== location.pathname + location.search) {
    if (globalThis.Blazor?.navigateTo) Blazor.navigateTo(draft.url);
    else location.assign(draft.url);
  }
  for (const step of steps) {
    const found = await appear(() => live.has(draft.form) || opener(step), PATIENCE / 2);
    if (!found || found === true) break;
    found.click();
  }
  return await appear(() => live.has(draft.form), PATIENCE / 2) !== null;
}

/** When the page has stopped changing for a moment. */
function quiet() {
  return new Promise(done => {
    const finish = () => { watch.disconnect(); clearTimeout(last); clearTimeout(timer); done(); };
    let timer = setTimeout(finish, 400);
    const last = setTimeout(finish, 2000);
    const watch = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(finish, 400); });
    watch.observe(document.body, { childList: true, subtree: true });
  });
}

const reloaded = () => performance.now() < PATIENCE && performance.getEntriesByType("navigation")[0]?.type === "reload";

// A form that went has left its last word with the wire.
const flush = () => Promise.all([wire.idle(), ...[...live.values()].map(form => form.flush())]);

customElements.define("portal-draft", PortalDraft);
customElements.define("portal-drafts", PortalDrafts);
const leave = () => { for (const form of live.values()) form.leave(); };
// Before the form hears of it: a link in it may give it up.
document.addEventListener("click", event => { if (event.target.closest?.("a[href]")) leave(); }, true);
window.addEventListener("popstate", leave);
document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
window.addEventListener("pagehide", () => { flush(); wire.hurry(); });
document.addEventListener("portal:connection", event => { if (event.detail.state !== "waiting") flush(); });
// Who reloads the page waits for this first (start.js).
(globalThis.portal ??= {}).keepDrafts = flush;
