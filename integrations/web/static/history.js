// The list of conversations: found as one types, brought up to date with each answer, and on small screens a sheet.
import { Sheet } from "./sheet.js";

const list = document.querySelector("[data-history]");
const search = document.querySelector("[data-search]");
const menu = document.querySelector("[data-menu]");
let wait;

search.addEventListener("input", () => {
  clearTimeout(wait);
  wait = setTimeout(find, 150);
});
search.addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});

if (menu) {
  const sheet = new Sheet(document.getElementById("side"), "64rem");
  menu.addEventListener("click", (event) => {
    event.preventDefault();
    sheet.open(menu);
    search.elements.q.focus();
  });
}

export function showHistory(html) {
  if (search.elements.q.value === "") list.innerHTML = html;
}

async function find() {
  const words = search.elements.q.value;
  const thread = document.querySelector("#ask [name=thread]")?.value ?? "";
  const reply = await fetch(`/history?${new URLSearchParams({ q: words, thread })}`, {
    headers: { "X-Fragment": "yes" },
  }).catch(() => null);
  if (reply?.headers.get("X-Fragment") === "yes" && words === search.elements.q.value) {
    list.innerHTML = await reply.text();
  }
}
