// Long tables are sorted by a click on a column's head: up, down, and back as they came; any table can be copied.

export function dressTables(root) {
  for (const table of root.querySelectorAll("table[data-sortable]")) dress(table);
}

function dress(table) {
  const rows = [...table.tBodies[0].rows];
  for (const [place, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, rows, place));
    head.append(button);
  }
  if (navigator.clipboard) table.caption.append(copyButton(table));
}

function sort(table, rows, place) {
  const heads = [...table.tHead.rows[0].cells];
  const next = { ascending: "descending", descending: null }[heads[place].ariaSort];
  const direction = next === undefined ? "ascending" : next;
  for (const head of heads) head.ariaSort = null;
  heads[place].ariaSort = direction;
  table.tBodies[0].append(...(direction ? sorted(rows, place, direction) : rows));
}

function sorted(rows, place, direction) {
  const order = (row) => row.cells[place].dataset.order;
  const [filled, empty] = [rows.filter((row) => order(row) !== ""), rows.filter((row) => order(row) === "")];
  const sign = direction === "ascending" ? 1 : -1;
  filled.sort((one, other) => sign * compare(order(one), order(other)));
  return [...filled, ...empty];
}

function compare(one, other) {
  const difference = Number(one) - Number(other);
  return Number.isNaN(difference) ? one.localeCompare(other, "en", { numeric: true }) : difference;
}

function copyButton(table) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy as CSV";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText([...table.rows].map((row) => [...row.cells].map(cell).join(",")).join("\r\n"));
    button.textContent = "Copied";
  });
  return button;
}

// A cell that a spreadsheet would take for a formula is kept a text.
function cell(element) {
  const text = element.innerText.replace(/\s+/g, " ").trim();
  return `"${(/^[=+\-@]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
