// Drafts to and from the server: the newest word for a form wins, one request at a time, again until it arrives.
const RETRY = [1000, 2000, 5000];
// What a browser lets a page that is going still send.
const LAST_WORDS = 60_000;

export class DraftWire {
  #waiting = new Map();
  #running = null;
  #token = null;
  #asked = false;
  #failed = 0;
  #wake = null;
  #number = 0;
  // For whom this page was drawn: the session of the browser may be another one's by now, after a sign-in in another tab.
  #person = document.documentElement.dataset.person;
  #stopped = false;

  constructor() {
    window.addEventListener("online", () => this.#wake?.());
    document.addEventListener("portal:connection", event => { if (event.detail.state !== "waiting") this.#wake?.(); });
  }

  /** Names of the drafts of a page, with the token for the next save. */
  async ofPage(page) {
    this.#asked = true;
    const answer = await this.#ask(`drafts?page=${encodeURIComponent(page)}`);
    this.#asked = false;
    this.#token = answer ? { header: answer.header, token: answer.token } : this.#token;
    return answer?.drafts ?? [];
  }

  async read(form) {
    // What is on its way is newer than what the server has.
    await Promise.race([this.idle(), new Promise(done => setTimeout(done, 3000))]);
    return await this.#ask(`drafts/form?form=${encodeURIComponent(form)}`);
  }

  /** @param told hears whether the server refused to keep it. */
  save(form, content, told) {
    // What a page that goes sends may overtake what is on its way: the server keeps the one with the higher number.
    this.#number = Math.max(this.#number + 1, Math.round(performance.timeOrigin + performance.now()));
    return this.#put(form, { body: JSON.stringify({ form, content: { ...content, number: this.#number } }), told });
  }

  remove(form) { return this.#put(form, {}); }

  /** The token for the first save, before it is wanted. */
  prepare() { if (!this.#token && !this.#asked) this.ofPage(location.pathname); }

  /** The page goes: nothing waits for its turn. */
  hurry() { for (const [form, word] of this.#waiting) this.#send(form, word); }

  idle() { return this.#running ?? Promise.resolve(); }

  #put(form, word) {
    if (this.#stopped) return Promise.resolve();
    this.#waiting.set(form, word);
    this.#wake?.();
    return this.#running ??= this.#pump().finally(() => { this.#running = null; });
  }

  async #pump() {
    while (this.#waiting.size > 0) {
      const [form, word] = this.#waiting.entries().next().value;
      this.#waiting.delete(form);
      const status = await this.#send(form, word);
      const refused = status === 413 || status === 422;
      if (status === 204 || refused) {
        this.#failed = 0;
        word.told?.(refused);
        continue;
      }
      // Something newer for the same form takes its place.
      if (!this.#waiting.has(form)) this.#waiting.set(form, word);
      if (status === 400) this.#token = null;
      // Somebody else is signed in, and nothing of this page belongs among their drafts, not even if they leave again.
      if (status === 403) this.#stopped = true;
      // The sign-in is over: the page goes to the sign-in, and nothing more is taken.
      if (status === 401 || status === 403 || (status === 400 && this.#failed > 3)) { this.#waiting.clear(); return; }
      await this.#pause(RETRY[Math.min(this.#failed++, RETRY.length - 1)]);
    }
  }

  async #send(form, { body }) {
    try {
      if (!this.#token) await this.ofPage(location.pathname);
      if (this.#stopped) return 403;
      if (!this.#token) return 0;
      const answer = await fetch(body ? "/drafts" : `/drafts?form=${encodeURIComponent(form)}`, {
        method: body ? "POST" : "DELETE",
        body,
        headers: { [this.#token.header]: this.#token.token, ...this.#whose, ...(body ? { "Content-Type": "application/json" } : {}) },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: (body?.length ?? 0) < LAST_WORDS,
      });
      // A redirect leads to the sign-in.
      return answer.type === "opaqueredirect" ? 401 : answer.status;
    } catch {
      return 0; // not reachable
    }
  }

  get #whose() { return this.#person ? { "Portal-Person": this.#person } : {}; }

  #pause(delay) {
    return new Promise(done => {
      const timer = setTimeout(done, delay);
      this.#wake = () => { this.#wake = null; clearTimeout(timer); done(); };
    });
  }

  async #ask(url) {
    if (this.#stopped) return null;
    try {
      const answer = await fetch(`/${url}`, { headers: { Accept: "application/json", ...this.#whose }, credentials: "same-origin", cache: "no-store", redirect: "manual" });
      if (answer.status === 403) this.#stopped = true;
      return answer.status === 200 ? await answer.json() : null;
    } catch {
      return null; // not reachable: the form shows what is saved
    }
  }
}
