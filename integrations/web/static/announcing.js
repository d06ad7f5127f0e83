// What a screen reader says: one sentence or answer at a time.

const place = document.getElementById("announcement");

export function announce(text) {
  if (place) place.textContent = text.trim();
}
