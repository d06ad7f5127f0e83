// Parts that open beside the conversation or, where there is no room, over it; Esc closes them and focus returns.

const shade = document.getElementById("shade");
const sheets = [];

export class Sheet {
  constructor(element, overlaysBelow) {
    this.element = element;
    this.narrow = matchMedia(`(max-width: ${overlaysBelow})`);
    this.narrow.addEventListener("change", cover);
    element.querySelector("[data-close]").addEventListener("click", () => this.close());
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isOpen) return;
      event.preventDefault();
      this.close();
    });
    sheets.push(this);
  }

  get isOpen() {
    return "open" in this.element.dataset;
  }

  get covers() {
    return this.isOpen && this.narrow.matches;
  }

  open(opener) {
    this.opener ??= opener;
    this.element.dataset.open = "";
    cover();
  }

  close() {
    const hadFocus = this.covers || this.element.contains(document.activeElement);
    delete this.element.dataset.open;
    cover();
    if (hadFocus && this.opener?.isConnected) this.opener.focus();
    this.opener = null;
  }
}

export function closeCovering() {
  sheets.find((sheet) => sheet.covers)?.close();
}

export function closeLast() {
  sheets.findLast((sheet) => sheet.isOpen)?.close();
}

shade?.addEventListener("click", closeCovering);

// What lies under an open sheet can be neither reached nor read.
function cover() {
  const above = sheets.find((sheet) => sheet.covers);
  if (!shade) return;
  shade.hidden = !above;
  for (const element of document.body.children) {
    if (element !== shade) element.inert = Boolean(above) && element !== above.element;
  }
}
