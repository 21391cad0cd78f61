/* The list of requests, which grows while one looks. */
const EVERY = 1000, AT_ONCE = 50, BY_ID = (id) => document.getElementById(id);
const FILTERS = { text: BY_ID("text"), method: BY_ID("method"), status: BY_ID("status"),
  operation: BY_ID("operation"), cameWith: BY_ID("came-with") };
let rows = [], unfolded = new Map(), isPaused = false, isAsking = false, last = 0, timer = null;

const searched = (row) => [row.method, `${row.path}${row.query ? `?${row.query}` : ""}`, row.operation,
  row.status, ...row.codes, row.ending, row.came_with, ...row.words].join("\n").toLowerCase();

function isShown(row) {
  const { text, method, status, operation, cameWith } = FILTERS;
  if (method.value && row.method !== method.value) return false;
  if (operation.value && row.operation !== operation.value) return false;
  if (cameWith.value && (row.came_with || "none") !== cameWith.value) return false;
  if (status.value === "none" ? row.status !== null : status.value === "code" ? !row.codes.length
    : status.value && String(row.status)[0] !== status.value) return false;
  return text.value.toLowerCase().split(/\s+/).every((word) => row.searched.includes(word));
}

function detailOf(row, told) {
  const answer = told.answer ? pane(`Answer: ${row.status} ${row.ending}`, told.answer)
    : element("div", {}, element("h3", {}, "Answer"), element("p", { class: "bad" }, `None: ${row.ending}.`));
  const about = [["Operation", row.operation || "none"], ["Came with", row.came_with || "no credential"],
    ["Time", row.time], ["Took", `${row.milliseconds} ms`]];
  return [
    element("dl", {}, ...about.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
    codeOf(told.snippets),
    element("div", { class: "panes" }, pane("Request", told.request), answer),
  ];
}

/* The row below another one, with its request and answer; it keeps what was folded in it. */
function detailRow(row) {
  const cell = element("td", { colspan: 6 }, element("p", { class: "faint" }, "…"));
  ask(`${DATA.path}/${row.number}`).then(
    (told) => cell.replaceChildren(...detailOf(row, told)),
    (error) => cell.replaceChildren(element("p", { class: "bad" }, error.message)));
  return element("tr", { class: "detail" }, cell);
}

function rowsOf(row) {
  row.element = row.element || lineOf(row);
  return unfolded.has(row.number) ? [row.element, unfolded.get(row.number)] : [row.element];
}

function lineOf(row) {
  const button = element("button", { type: "button", class: "row", "aria-expanded": "false", onclick: () => {
    const isOpen = unfolded.has(row.number);
    if (isOpen) {
      unfolded.get(row.number).remove();
      unfolded.delete(row.number);
    } else {
      unfolded.set(row.number, detailRow(row));
      line.after(unfolded.get(row.number));
    }
    button.setAttribute("aria-expanded", String(!isOpen));
  } }, `${row.method} ${row.path}${row.query ? `?${row.query}` : ""}`);
  const isBad = row.status === null || row.status >= 400 || row.codes.length;
  const line = element("tr", {},
    element("td", {}, button),
    element("td", { class: isBad ? "bad" : "" }, [row.status ?? "", ...row.codes, row.ending].filter(String).join(" ")),
    element("td", { class: "far" }, row.operation),
    element("td", { class: "far" }, row.came_with),
    element("td", { class: "far" }, element("time", { datetime: row.time }, row.time.slice(0, 23).replace("T", " "))),
    element("td", { class: "number far" }, row.milliseconds.toLocaleString("en")));
  return line;
}

const LIST = new Paged(document.querySelector("#list tbody"), BY_ID("pages"), AT_ONCE, rowsOf);

function show(start = 0) {
  const shown = rows.filter(isShown);
  const held = document.activeElement;
  LIST.show(shown, start < shown.length ? start : 0);
  // What is shown again is the same element: who is there stays there.
  if (held !== document.activeElement && held.isConnected) held.focus();
  const all = shown.length === rows.length ? "" : ` of ${rows.length.toLocaleString("en")}`;
  const told = `${shown.length.toLocaleString("en")}${all} ${rows.length === 1 ? "request" : "requests"}${isPaused ? ", paused" : ""}.`;
  if (BY_ID("count").textContent !== told) BY_ID("count").textContent = told;
}

function addChoices(select, values) {
  const there = new Set([...select.options].map((each) => each.value));
  for (const value of [...new Set(values)].sort()) {
    if (!there.has(value)) select.append(element("option", { value }, value));
  }
}

/* What is new goes before what is there; what the sandbox has dropped goes. */
function take(told) {
  for (const row of told.asked) row.searched = searched(row);
  const numbers = new Set(rows.map((row) => row.number));
  const fresh = told.asked.filter((row) => !numbers.has(row.number));
  const count = rows.length;
  rows = [...rows, ...fresh].filter((row) => row.number >= told.first).sort((a, b) => b.number - a.number);
  for (const number of unfolded.keys()) if (number < told.first) unfolded.delete(number);
  addChoices(FILTERS.method, fresh.map((row) => row.method));
  addChoices(FILTERS.operation, fresh.map((row) => row.operation).filter(String));
  addChoices(FILTERS.cameWith, fresh.map((row) => row.came_with || "none"));
  last = Math.max(last, told.last);
  if (fresh.length || rows.length !== count) show(LIST.start);
  return fresh;
}

async function fillUp(told, after) {
  let oldest = told.asked.length ? told.asked[0].number : 0;
  while (oldest > Math.max(after + 1, told.first)) {
    const more = await ask(`${DATA.path}/since?after=${after}&before=${oldest}`);
    if (!more.asked.length) return;
    take(more);
    oldest = more.asked[0].number;
  }
}

async function look() {
  if (isPaused || isAsking || document.visibilityState !== "visible") return;
  isAsking = true;
  try {
    const after = last, told = await ask(`${DATA.path}/since?after=${after}`);
    take(told);
    await fillUp(told, after);
    BY_ID("alert").hidden = true;
  } catch (error) {
    const said = `The sandbox does not answer (${error.message}): this is what it was asked before.`;
    if (BY_ID("alert").textContent !== said) BY_ID("alert").textContent = said;
    BY_ID("alert").hidden = false;
  } finally {
    isAsking = false;
  }
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(async () => { await look(); schedule(); }, EVERY);
}

BY_ID("filters").addEventListener("submit", (event) => event.preventDefault());
Object.values(FILTERS).forEach((each) => each.addEventListener("input", () => show()));
BY_ID("clear").addEventListener("click", () => {
  Object.values(FILTERS).forEach((each) => { each.value = ""; });
  show();
});
BY_ID("pause").addEventListener("click", () => {
  isPaused = !isPaused;
  BY_ID("pause").setAttribute("aria-pressed", String(isPaused));
  BY_ID("pause").textContent = isPaused ? "Go on with the list" : "Pause the list";
  show(LIST.start);
  look();
});
document.addEventListener("visibilitychange", look);
goToByKey(FILTERS.text);
take(DATA);
show();
fillUp(DATA, 0).catch(() => {});
schedule();
