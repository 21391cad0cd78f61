/* A list that is filtered while one types, as the form does without a script. */
const search = document.getElementById("q"), told = document.getElementById("told");
let wait, latest = 0;

const link = (href, text) => element("a", { href }, text);

function show(table) {
  const marks = { ascending: " ▲", descending: " ▼" };
  document.getElementById("columns").replaceChildren(...table.columns.map((each) =>
    element("th", { scope: "col", "aria-sort": each.order || null }, link(each.href, each.name), marks[each.order] || "")));
  document.getElementById("rows").replaceChildren(...table.rows.map((row) =>
    element("tr", {}, ...row.map((each) =>
      element("td", { class: each.kind || null }, each.href ? link(each.href, each.text) : each.text)))));
  document.getElementById("pages").replaceChildren(...[["Previous page", table.previous], ["Next page", table.next]]
    .filter(([, href]) => href).map(([text, href]) => link(href, text)));
  const count = (number) => number.toLocaleString("en");
  const shown = table.found > table.rows.length ? `, shown: ${count(table.first)}–${count(table.last)}` : "";
  told.textContent = `${count(table.found)} of ${count(table.total)}${shown}`;
}

async function filter() {
  const mine = ++latest;
  const query = new URLSearchParams({ owner: DATA.owner, kind: DATA.kind, q: search.value, sort: DATA.sort });
  try {
    const table = await ask(`${DATA.rows_path}?${query}`);
    if (mine !== latest) return;
    show(table);
    history.replaceState(null, "", `${DATA.path}?${query}`);
  } catch (error) {
    if (mine === latest) told.textContent = `Not filtered: ${error.message}`;
  }
}

search.addEventListener("input", () => {
  clearTimeout(wait);
  wait = setTimeout(filter, 120);
});
goToByKey(search);
