// Starts Blazor with the portal's own handling of a lost connection. The script tag of blazor.web.js carries autostart="false".
// An own handler instead of watching the default dialog's classes: it decides when to try, and is the same for every version of the script.
const delays = [0, 500, 1000, 2000, 5000];
let process = null;

const dialog = () => document.getElementById("reconnect");

function show(state) {
  const element = dialog();
  if (element) {
    element.dataset.state = state;
    if (!element.open) {
      element.oncancel = event => event.preventDefault();
      element.showModal();
    }
  }
  announce(state);
}

/** Drafts and live charts listen: detail.state is trying, waiting, up or lost. */
function announce(state) {
  document.dispatchEvent(new CustomEvent("portal:connection", { detail: { state } }));
}

class Reconnection {
  constructor() {
    this.attempt = 0;
    this.ended = false;
    this.wake = null;
    this.trigger = () => { if (document.visibilityState === "visible") this.now(); };
    document.addEventListener("visibilitychange", this.trigger);
    window.addEventListener("online", this.trigger);
    // A blink shorter than this (a proxy that reloads) is not worth a dialog.
    this.shown = setTimeout(() => this.ended || show("trying"), 150);
    this.run();
  }

  now() {
    this.attempt = 1;
    this.wake?.();
  }

  async run() {
    while (!this.ended) {
      const delay = delays[Math.min(this.attempt++, delays.length - 1)];
      if (delay > 0) await this.pause(delay);
      if (this.ended) return;
      try {
        if (await Blazor.reconnect() === true) return;
        if (await this.resume()) return;
        this.lost();
        return;
      } catch {
        // Not reachable: the next turn tries again.
        if (this.attempt > 2 && !this.ended && dialog()?.open) show("waiting");
      }
    }
  }

  /** Newer scripts can bring a circuit back from its saved state. */
  async resume() {
    return typeof Blazor.resumeCircuit === "function" && await Blazor.resumeCircuit() === true;
  }

  pause(delay) {
    return new Promise(done => {
      const timer = setTimeout(done, delay);
      this.wake = () => { clearTimeout(timer); done(); };
    });
  }

  lost() {
    show("lost");
    this.end();
    // What was typed meanwhile goes first; a server that answered this is there to take it.
    Promise.race([globalThis.portal?.keepDrafts?.(), new Promise(done => setTimeout(done, 3000))]).finally(() => location.reload());
  }

  end() {
    this.ended = true;
    clearTimeout(this.shown);
    this.wake?.();
    document.removeEventListener("visibilitychange", this.trigger);
    window.removeEventListener("online", this.trigger);
  }
}

const handler = {
  onConnectionDown() {
    process ??= new Reconnection();
  },
  onConnectionUp() {
    process?.end();
    process = null;
    dialog()?.close();
    announce("up");
  },
};

document.addEventListener("click", event => {
  if (event.target.closest?.("[data-reconnect]")) process?.now();
  if (event.target.closest?.("[data-reload]")) location.reload();
});

// The script of Blazor says goodbye on "unload", which browsers are giving up and report; "pagehide" is when it happens.
const listen = window.addEventListener.bind(window);
window.addEventListener = (type, ...rest) => listen(type === "unload" ? "pagehide" : type, ...rest);

Blazor.start({
  circuit: {
    reconnectionHandler: handler,
    // A dead line is noticed within 10 s; the server's keep-alive is 5 s or less.
    configureSignalR: builder => builder.withServerTimeout(10000).withKeepAliveInterval(4000),
  },
});
