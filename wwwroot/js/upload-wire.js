// The requests of uploads: announce, ask, append, end.
const ROUTE = "/documents/uploads";

/** The portal answered, and said no. */
export class Refused extends Error {
  constructor(status, words) { super(words); this.status = status; }
}

/** Nobody answered. */
export class Unreachable extends Error { }

export class UploadWire {
  #ticket = null;

  /** The next request asks for a token anew: the sign-in may have changed. */
  renew() { this.#ticket = null; }

  async limit() { return (await this.#token()).maxBytes; }

  async unfinished() {
    const answer = await this.#ask("GET", ROUTE);
    return await answer.json();
  }

  async create(file, collection) {
    const metadata = [`filename ${base64(file.name)}`];
    if (collection) metadata.push(`collection ${base64(collection)}`);
    const answer = await this.#ask("POST", ROUTE, { "Upload-Length": String(file.size), "Upload-Metadata": metadata.join(",") });
    return finished(await answer.json());
  }

  async offset(id) {
    const answer = await this.#ask("HEAD", `${ROUTE}/${id}`);
    return Number(answer.headers.get("Upload-Offset"));
  }

  async choose(id, choice, of) {
    const name = choice === "bin" ? "Bin" : "Version";
    await this.#ask("POST", `${ROUTE}/${id}/choice?choice=${name}&of=${encodeURIComponent(of)}`);
  }

  /** What cannot be ended now is removed by the portal after a day. */
  async drop(id) {
    try { await this.#ask("DELETE", `${ROUTE}/${id}`); } catch (fault) { if (!(fault instanceof Refused || fault instanceof Unreachable)) throw fault; }
  }

  /** XMLHttpRequest, because fetch does not tell how much has gone out. */
  async append(item, start, end, progress) {
    const { header, token } = await this.#token();
    return await new Promise((done, failed) => {
      const request = item.request = new XMLHttpRequest();
      request.open("PATCH", `${ROUTE}/${item.id}`);
      request.setRequestHeader(header, token);
      request.setRequestHeader("Tus-Resumable", "1.0.0");
      request.setRequestHeader("Upload-Offset", String(start));
      request.setRequestHeader("Content-Type", "application/offset+octet-stream");
      request.upload.onprogress = event => progress(event.loaded);
      request.onerror = request.onabort = request.ontimeout = () => failed(new Unreachable());
      request.onload = () => {
        if (request.status === 204) return done({ offset: Number(request.getResponseHeader("Upload-Offset")) });
        if (request.status === 200) return done(finished(read(request.responseText)));
        failed(new Refused(request.status, wordsOf(read(request.responseText))));
      };
      request.send(item.file.slice(start, end));
    });
  }

  async #token() {
    this.#ticket ??= this.#ask("GET", "/documents/upload-token", {}, false).then(answer => answer.json());
    try {
      return await this.#ticket;
    } catch (fault) {
      this.#ticket = null;
      throw fault;
    }
  }

  async #ask(method, url, headers = {}, withToken = true) {
    if (withToken && method !== "GET" && method !== "HEAD") {
      const { header, token } = await this.#token();
      headers = { ...headers, [header]: token };
    }
    let answer;
    try {
      answer = await fetch(url, { method, headers: { Accept: "application/json", "Tus-Resumable": "1.0.0", ...headers }, credentials: "same-origin" });
    } catch {
      throw new Unreachable();
    }
    if (answer.redirected) throw new Refused(401, "");
    if (!answer.ok) throw new Refused(answer.status, wordsOf(read(await answer.text())));
    return answer;
  }
}

function finished(state) { return state.document === null && state.offset < state.size ? { ...state, document: undefined } : state; }

function wordsOf(problem) { return problem.detail || problem.title || ""; }

function read(text) {
  try { return JSON.parse(text); } catch { return {}; }
}

function base64(text) { return btoa(String.fromCharCode(...new TextEncoder().encode(text))); }
