// Tells the circuit whether its tab is in front, so that a hidden page costs the server nothing.

/**
 * @param {{ invokeMethodAsync(name: string, hidden: boolean): Promise<void> }} circuit object with SetHidden(bool)
 * @returns {{ stop(): void }}
 */
export function watch(circuit) {
  let told = false;
  let telling = false;
  let stopped = false;
  let retry = 0;

  async function tell() {
    if (telling || stopped) return;
    telling = true;
    try {
      while (!stopped && told !== document.hidden) {
        const hidden = document.hidden;
        await circuit.invokeMethodAsync("SetHidden", hidden);
        told = hidden;
      }
    } catch {
      // The connection is down: the circuit asks nobody for this page now, and is told as soon as it is back.
      clearTimeout(retry);
      retry = setTimeout(tell, 1000);
    } finally {
      telling = false;
    }
  }

  document.addEventListener("visibilitychange", tell);
  tell();
  return {
    stop() {
      stopped = true;
      clearTimeout(retry);
      document.removeEventListener("visibilitychange", tell);
    },
  };
}
