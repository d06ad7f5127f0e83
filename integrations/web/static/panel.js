// A source opens beside the answer it stands behind; with a modifier key it opens as a page, like any link.
import { Sheet } from "./sheet.js";

const panel = document.getElementById("panel");
const body = panel.querySelector("[data-body]");
const back = panel.querySelector("[data-back]");
const sheet = new Sheet(panel, "78rem");
const visited = [];

panel.hidden = false;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset.question) askFrom(event, link);
  else if (link.pathname.startsWith("/record/") && !("full" in link.dataset)) visit(event, link);
});

back.addEventListener("click", () => {
  visited.pop();
  show(visited.at(-1));
});

function visit(event, link) {
  event.preventDefault();
  if (!panel.contains(link)) visited.length = 0;
  visited.push(link.pathname);
  sheet.open(link);
  show(link.pathname);
}

function askFrom(event, link) {
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("asking:ask", { detail: link.dataset.question }));
}

async function show(path) {
  back.hidden = visited.length < 2;
  panel.querySelector("[data-full]").href = path;
  const html = await fetchRecord(path);
  if (path !== visited.at(-1)) return;
  body.innerHTML = html;
  body.scrollTop = 0;
  body.querySelector("[tabindex='-1']").focus();
}

async function fetchRecord(path) {
  const reply = await fetch(path, { headers: { "X-Fragment": "yes" } }).catch(() => null);
  if (reply?.status === 401) location.assign("/login");
  if (reply?.headers.get("X-Fragment") === "yes") return reply.text();
  const sentence = reply ? "There is no such record that you can see." : "The server did not answer.";
  return `<p class="problem" tabindex="-1">${sentence}</p>`;
}
