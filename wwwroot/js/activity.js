// Tells the portal that somebody works here, at most once a minute: the open line alone is no activity, and a sign-in
// ends after a time without any.
const interval = 60_000;
let last = performance.now();
let asking = false;

async function tell() {
  const now = performance.now();
  if (asking || now - last < interval) return;
  [asking, last] = [true, now];
  try {
    const answer = await fetch("account/active", { cache: "no-store", credentials: "same-origin" });
    // The sign-in is over: the same address leads to the sign-in page and back.
    if (answer.status === 401) location.reload();
  } catch {
    // No connection: the reconnect dialog says so.
  } finally {
    asking = false;
  }
}

for (const event of ["pointerdown", "keydown", "wheel", "touchstart"]) document.addEventListener(event, tell, { passive: true, capture: true });
