// The cards of proposals: drawn by the server below the answer that made them, and after each click.
import { announce } from "./announcing.js";

export function dressCards(place) {
  for (const slot of place.querySelectorAll("[data-card]")) draw(slot);
}

document.addEventListener("submit", async (event) => {
  const shown = event.target.closest("[data-proposal]");
  if (!shown) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(event.target, event.submitter));
  for (const button of shown.querySelectorAll("button")) button.disabled = true;
  const card = await fetchCard(event.target.action, { method: "POST", body: fields });
  if (!card) {
    for (const button of shown.querySelectorAll("button")) button.disabled = false;
    return announce("That did not work. Reload the page, then look again.");
  }
  shown.replaceWith(card);
  const said = card.querySelector(".outcome-said");
  said?.focus();
  announce(said?.textContent ?? "");
});

async function draw(slot) {
  const address = new URL(slot.querySelector("a").href);
  const day = document.getElementById("as-of")?.value;
  if (day) address.searchParams.set("as_of", day);
  const card = await fetchCard(address, {});
  if (card) slot.replaceChildren(card);
}

async function fetchCard(address, options) {
  const reply = await fetch(address, { ...options, headers: { "X-Fragment": "yes" } }).catch(() => null);
  if (reply?.status === 401) location.assign("/login");
  if (reply?.headers.get("X-Fragment") !== "yes") return null;
  const template = document.createElement("template");
  template.innerHTML = await reply.text();
  return template.content.querySelector("[data-proposal]");
}
