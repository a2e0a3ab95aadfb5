// Sends the chosen file of the converter page as the raw body of one request; a circuit must not carry it.

export async function send(input, url) {
  const file = input.files[0];
  if (!file) return { status: 0, words: null };
  try {
    const ticket = await fetch("/documents/upload-token", { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!ticket.ok || ticket.redirected) return { status: ticket.status, words: null };
    const { header, token } = await ticket.json();
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", [header]: token, "X-File-Name": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" },
      body: file,
      credentials: "same-origin",
    });
    const told = await answer.json().catch(() => ({}));
    return { status: answer.status, words: told.detail ?? null };
  } catch {
    return { status: 0, words: null };
  } finally {
    // The same file chosen again is a change again.
    input.value = "";
  }
}
