// Light, dark, or as the system has it: shown at once, and remembered in a cookie by the server.

const form = document.querySelector("[data-theme-form]");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const theme = event.submitter.value;
  document.documentElement.dataset.theme = theme;
  for (const button of form.querySelectorAll("button")) button.ariaPressed = String(button.value === theme);
  fetch("/theme", { method: "POST", body: new URLSearchParams({ theme }), headers: { "X-Fragment": "yes" } });
});
