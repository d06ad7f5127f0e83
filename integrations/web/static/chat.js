// The conversation: asks without leaving the page. All of it also works, with a reload, where no script runs.
import { announce } from "./announcing.js";
import { askForEvents, Trouble } from "./events.js";
import { dressCards } from "./cards.js";
import { clear, giveBack, showAsking } from "./composer.js";
import { showHistory } from "./history.js";
import { closeCovering, closeLast } from "./sheet.js";
import { dressTables } from "./tables.js";
import "./feedback.js";
import "./panel.js";
import "./theme.js";

const conversation = document.getElementById("conversation");
const composer = document.getElementById("ask");
let asking = null;

for (const element of document.querySelectorAll("[data-enhanced=hide]")) element.hidden = true;
for (const element of document.querySelectorAll("[data-enhanced=show]")) element.hidden = false;
dressTables(conversation);
dressCards(conversation);

document.getElementById("person")?.addEventListener("change", (event) => event.target.form.requestSubmit());
document.getElementById("stop").addEventListener("click", stop);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (asking) stop();
  else closeLast();
});
document.addEventListener("asking:ask", (event) => ask(fieldsOf(composer, event.detail)));

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-ask]")) return;
  event.preventDefault();
  const fields = new FormData(event.target, event.submitter);
  ask(fieldsOf(event.target, fields.get("text")));
});

function fieldsOf(form, text) {
  const fields = { text, thread: form.elements.thread.value };
  const day = composer.elements.as_of.value;
  return day ? { ...fields, as_of: day } : fields;
}

async function ask(fields) {
  if (asking || !fields.text.trim()) return;
  asking = new AbortController();
  const pending = showPending(fields);
  showAsking(true);
  try {
    for await (const event of askForEvents(fields, asking.signal)) tell(pending, event);
  } catch (error) {
    if (asking.signal.aborted) leaveStopped(pending);
    else leaveFailed(pending, error, fields.text);
  } finally {
    asking = null;
    showAsking(false);
  }
}

function stop() {
  asking?.abort();
}

function showPending({ text, thread, as_of }) {
  const pending = document.getElementById("pending").content.cloneNode(true).firstElementChild;
  pending.querySelector(".asked").textContent = text;
  document.getElementById("welcome")?.remove();
  conversation.append(pending);
  pending.scrollIntoView({ block: "end" });
  clear();
  closeCovering();
  history.replaceState(null, "", `/?${new URLSearchParams(as_of ? { thread, as_of } : { thread })}`);
  return pending;
}

function tell(pending, { name, data }) {
  if (name === "status") pending.querySelector(".status").textContent = data.text;
  if (name === "token") pending.querySelector(".said").innerHTML = data.html;
  if (name === "answer" && data.html) showAnswer(pending, data);
  else if (name === "answer") leave(pending, "failed", data.text);
}

function showAnswer(pending, data) {
  const template = document.createElement("template");
  template.innerHTML = data.html;
  const exchange = template.content.querySelector("article");
  pending.replaceWith(exchange);
  dressTables(exchange);
  dressCards(exchange);
  if (data.history) showHistory(data.history);
  announce([".outcome", ".said"].map((part) => exchange.querySelector(part)?.textContent ?? "").join(" "));
  exchange.scrollIntoView({ block: "start" });
}

function leaveStopped(pending) {
  leave(pending, "stopped", "Stopped.");
}

function leaveFailed(pending, error, text) {
  const sentence = error instanceof Trouble ? error.message : "That did not work. Reload the page, then ask again.";
  leave(pending, "failed", sentence);
  giveBack(text);
  if (!(error instanceof Trouble)) throw error;
}

function leave(pending, outcome, sentence) {
  pending.classList.remove("pending");
  pending.removeAttribute("aria-busy");
  pending.querySelector(".answer").classList.add(outcome);
  pending.querySelector(".status").textContent = sentence;
  pending.querySelector(".answer").append(pending.querySelector(".status"));
  announce(sentence);
}
