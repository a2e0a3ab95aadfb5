// Passkeys (Web Authentication): forms with data-passkey ask the device when they are sent, and go on with its answer.
const forms = document.querySelectorAll("form[data-passkey]");

/** Why passkeys do not work here, or null. A browser ties them to a name, so an address of numbers is not enough. */
function hindrance() {
  const { hostname } = location;
  if (!window.isSecureContext || /^[\d.]+$/.test(hostname) || hostname.startsWith("[")) return "insecure";
  const api = window.PublicKeyCredential;
  return api?.parseRequestOptionsFromJSON && api.parseCreationOptionsFromJSON ? null : "unsupported";
}

async function ask(form) {
  const response = await fetch(form.dataset.begin, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`The portal answered ${response.status}.`);
  const { options, state, go } = await response.json();
  if (go) {
    location.assign(go);
    return;
  }
  const api = window.PublicKeyCredential;
  const wanted = JSON.parse(options);
  const credential = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: api.parseCreationOptionsFromJSON(wanted) })
    : await navigator.credentials.get({ publicKey: api.parseRequestOptionsFromJSON(wanted) });
  form.elements.State.value = state;
  form.elements.Answer.value = JSON.stringify(credential);
  form.submit();
}

const why = hindrance();
if (why) {
  for (const hint of document.querySelectorAll(`[data-passkey-why=${why}]`)) hint.hidden = false;
} else {
  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      const button = form.querySelector("[type=submit]");
      const problem = form.querySelector("[data-passkey-cancelled]");
      button.disabled = true;
      problem.hidden = true;
      try {
        await ask(form);
      } catch {
        // Cancelled, timed out, no fitting passkey: browsers do not tell which.
        problem.hidden = false;
        button.disabled = false;
        button.focus();
      }
    });
  }
}
