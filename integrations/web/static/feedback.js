// Thumbs and reasons are kept without leaving the page.
import { announce } from "./announcing.js";

document.addEventListener("submit", async (event) => {
  const shown = event.target.closest("[data-feedback]");
  if (!shown) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(event.target, event.submitter));
  const reply = await fetch("/feedback", { method: "POST", body: fields, headers: { "X-Fragment": "yes" } }).catch(() => null);
  if (reply?.headers.get("X-Fragment") !== "yes") return announce("That was not kept. Try again.");
  const template = document.createElement("template");
  template.innerHTML = await reply.text();
  const now = template.content.querySelector("[data-feedback]");
  shown.replaceWith(now);
  now.querySelector(now.querySelector(".why[open]") ? "[type=radio]" : "[aria-pressed=true]").focus();
  now.querySelector(".why")?.scrollIntoView({ block: "nearest" });
  announce(now.querySelector(".thanks")?.textContent ?? "Say what was wrong, if you like.");
});
