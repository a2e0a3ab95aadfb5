// What a person has selected inside an element, as an offset into its text.
export function selected(element) {
  const selection = document.getSelection();
  if (!element || !selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  return { start: before.toString().length, text: range.toString() };
}

// Brings the first word of a search into view.
export function reveal(element) {
  element?.querySelector("mark.hit")?.scrollIntoView({ block: "nearest" });
}
