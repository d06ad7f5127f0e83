// Where one writes: it grows, Enter sends, ↑ brings back the last question, and / comes here.

const question = document.getElementById("question");

question.addEventListener("input", grow);
question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    question.form.requestSubmit();
  }
  if (event.key === "ArrowUp" && question.value === "") recall(event);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  question.focus();
});

grow();

export function clear() {
  question.value = "";
  grow();
}

export function giveBack(text) {
  if (question.value === "") question.value = text;
  grow();
}

export function showAsking(isAsking) {
  const [send, stop] = ["send", "stop"].map((id) => document.getElementById(id));
  const hadFocus = [send, stop].includes(document.activeElement);
  send.hidden = isAsking;
  stop.hidden = !isAsking;
  if (hadFocus || document.activeElement === document.body) question.focus();
}

function recall(event) {
  const asked = [...document.querySelectorAll(".asked")].at(-1);
  if (!asked) return;
  event.preventDefault();
  question.value = asked.lastChild.textContent;
  grow();
}

function grow() {
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight}px`;
}
