// Asks without leaving the page; everything here also works, with a reload, where no script runs.
"use strict";

const conversation = document.getElementById("conversation");
const composer = document.getElementById("ask");
const question = document.getElementById("question");
const announcement = document.getElementById("announcement");

for (const element of document.querySelectorAll("[data-enhanced=hide]")) element.hidden = true;
for (const element of document.querySelectorAll("[data-enhanced=show]")) element.hidden = false;

document.getElementById("person")?.addEventListener("change", (event) => event.target.form.requestSubmit());

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  question.focus();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-ask]")) return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  if (form !== composer && composer.elements.as_of.value) fields.set("as_of", composer.elements.as_of.value);
  ask(fields);
});

async function ask(fields) {
  if (document.body.dataset.asking) return;
  document.body.dataset.asking = "yes";
  const pending = showPending(fields.get("text"));
  try {
    const reply = await fetch("/ask", { method: "POST", body: new URLSearchParams(fields), headers: { "X-Fragment": "yes" } });
    if (reply.status === 401) location.assign("/login");
    else if (reply.headers.get("X-Fragment") !== "yes") say(pending, "That did not work. Reload the page, then ask again.");
    else {
      show(pending, await reply.text());
      question.value = "";
    }
  } catch {
    say(pending, "The server did not answer. Check that it still runs, then ask again.");
  } finally {
    delete document.body.dataset.asking;
  }
}

function showPending(text) {
  document.getElementById("welcome")?.remove();
  const exchange = document.createElement("article");
  const asked = document.createElement("h2");
  const answer = document.createElement("div");
  exchange.className = "exchange";
  asked.className = "asked";
  asked.textContent = text;
  answer.className = "answer pending";
  answer.textContent = "Looking it up …";
  exchange.append(asked, answer);
  conversation.append(exchange);
  exchange.scrollIntoView({ block: "end" });
  return exchange;
}

function show(pending, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const exchange = template.content.querySelector("article");
  pending.replaceWith(exchange);
  const thread = exchange.dataset.thread;
  for (const field of document.querySelectorAll("input[name=thread]")) field.value = thread;
  history.replaceState(null, "", `/?thread=${encodeURIComponent(thread)}`);
  announcement.textContent = exchange.querySelector(".said").textContent;
  exchange.scrollIntoView({ block: "start" });
}

function say(pending, sentence) {
  pending.querySelector(".answer").className = "answer failed";
  pending.querySelector(".answer").textContent = sentence;
  announcement.textContent = sentence;
}
