// Which fields of a form are kept as a draft, by what names, and how a value gets back into one.
const SKIPPED = new Set(["password", "hidden", "file", "submit", "button", "reset", "image", "search"]);
const SECRET = /(^|\s)(one-time-code|current-password|new-password|cc-[a-z-]+|webauthn)(\s|$)/;

/** Never passwords, codes, or what is marked as a secret; and nothing that nobody can type into. */
export function eligible(field) {
  return field instanceof Element && field.matches("input, textarea, select")
    && !SKIPPED.has(field.type) && !SECRET.test(field.autocomplete ?? "") && !SECRET.test(field.getAttribute("autocomplete") ?? "")
    && !field.closest("[data-secret]") && !field.readOnly && !field.multiple;
}

export const fieldsOf = scope => [...scope.querySelectorAll("input, textarea, select")].filter(eligible);

export const valueOf = field => field.type === "checkbox" || field.type === "radio" ? String(field.checked) : field.value;

/** What is saved: what the page says of it, or what stands in the field now. */
export const baseOf = (field, otherwise) => field.closest("[data-saved]")?.dataset.saved ?? otherwise ?? valueOf(field);

// Ids of components end in a number that is another one on the next visit.
const stable = name => name.replace(/-[0-9a-f]+(?=-|$)/, "");

function own(field) {
  const named = field.closest("[data-field]")?.dataset.field;
  if (named) return named;
  if (field.type === "radio") return `${stable(field.name)}=${field.value}`;
  if (field.name) return stable(field.name);
  if (field.id) return stable(field.id);
  return field.getAttribute("aria-label") ?? field.closest("label")?.textContent.trim() ?? field.type;
}

/** A name that is the same on the next visit; of several with one name each has its place. */
export function keyOf(field, scope) {
  const name = own(field).slice(0, 200);
  const same = fieldsOf(scope).filter(other => own(other).slice(0, 200) === name);
  const place = same.indexOf(field);
  return place > 0 ? `${name}#${place + 1}` : name;
}

/** As if somebody had typed it: the form hears of it. */
export function put(field, value) {
  // Of several choices only the one that is chosen says so.
  if (field.type === "radio" && value !== "true") return;
  if (field.type === "checkbox" || field.type === "radio") field.checked = value === "true";
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** 53 bits of a text (cyrb53, public domain): enough to see that a saved value is another one. */
export function fingerprint(text) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
