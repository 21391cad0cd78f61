"use strict";
/* What all pages share. Texts become text nodes only: none of them is markup. */
const FIRST_LINES = 400, LONGEST_LINE = 2000, DEEPEST_FOLD = 40;

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

const counted = (count, what) => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

/* A line of JSON as coloured pieces: its key, its value, what follows. */
function pieces(text, isJson) {
  const found = isJson && /^(\s*)("[^"\\]*(?:\\.[^"\\]*)*")(: )/.exec(text);
  const key = found ? [found[1], element("span", { class: "key" }, found[2]), found[3]] : [];
  const rest = found ? text.slice(found[0].length) : text;
  if (!isJson) return { key, rest, kind: "" };
  const kind = /^\s*"/.test(rest) ? "string" : /^\s*[-0-9tfnNI]/.test(rest) ? "value" : "";
  return { key, rest, kind };
}

function lineElement(text, note, isJson, name, links) {
  const cut = text.length > LONGEST_LINE ? text.slice(0, LONGEST_LINE) : text;
  const { key, rest, kind } = pieces(cut, isJson);
  const comma = rest.endsWith(",") ? "," : "";
  const there = links && kind === "string" && links[rest.slice(0, rest.length - comma.length)];
  const plain = there ? [element("a", { href: there }, rest.slice(0, rest.length - comma.length)), comma] : [rest];
  const value = note ? element("mark", {}, ...plain) : kind ? element("span", { class: kind }, ...plain) : rest;
  const line = element(name || "div", {}, ...key, value);
  if (cut !== text) {
    const button = element("button", { type: "button", onclick: () => {
      button.replaceWith(text.slice(LONGEST_LINE));
    } }, `… show all ${text.length.toLocaleString("en")} characters`);
    line.append(button);
  }
  if (note) line.append(element("span", { class: "note" }, ` ← ${note}`));
  return line;
}

/* All lines of a block; what stands in brackets can be folded. Of a text, links says where it leads. */
function addLines(into, lines, notes, isJson, links) {
  const open = [into];
  lines.forEach((text, number) => {
    const here = open[open.length - 1];
    const last = text.slice(-1);
    const note = notes[number];
    if (isJson && (last === "{" || last === "[") && open.length < DEEPEST_FOLD) {
      const summary = lineElement(text, note, true, "summary");
      summary.append(element("span", { class: "folded" }, ` … ${last === "{" ? "}" : "]"}`));
      const details = element("details", { open: true }, summary);
      details.dataset.indent = text.length - text.trimStart().length;
      here.append(details);
      open.push(details);
      return;
    }
    const indent = text.length - text.trimStart().length;
    if (isJson && open.length > 1 && /^\s*[}\]],?$/.test(text) && Number(here.dataset.indent) === indent) {
      here.append(lineElement(text, note, true));
      open.pop();
      return;
    }
    here.append(lineElement(text, note, isJson, "div", links));
  });
}

function block(part, isJson, command) {
  const lines = part.text.split("\n");
  const shown = element("div", { class: "lines" });
  const made = element("div", {}, shown);
  const tools = element("div", { class: "tools" });
  const draw = (count) => {
    shown.replaceChildren();
    addLines(shown, lines.slice(0, count), part.notes || {}, isJson, part.links);
    tools.replaceChildren();
    const folds = shown.querySelectorAll("details");
    if (folds.length > 1) {
      for (const [what, isOpen] of [["Fold all", false], ["Unfold all", true]]) {
        tools.append(element("button", { type: "button", onclick: () => {
          shown.querySelectorAll("details").forEach((each, n) => { each.open = isOpen || n === 0; });
        } }, what));
      }
    }
    if (count < lines.length) {
      tools.append(element("button", { type: "button", onclick: () => draw(count * 5) },
        `Show more of ${counted(lines.length, "line")}`));
    }
  };
  draw(FIRST_LINES);
  made.append(tools);
  if (part.length) {
    made.append(element("p", { class: "bad" },
      `Cut here: it has ${part.length.toLocaleString("en")} characters. All of it: ${command}`));
  }
  return made;
}

function pane(title, part, command) {
  const made = element("div", {}, element("h3", {}, title));
  if (part.headers.text) made.append(element("h4", {}, "Headers"), block(part.headers, false, command));
  if (part.body) {
    made.append(element("h4", {}, `Body: ${part.kind}, ${counted(part.size, "byte")}`));
    made.append(block(part.body, part.kind === "JSON" || part.kind === "form", command));
  } else {
    made.append(element("p", { class: "faint" }, "No body."));
  }
  return made;
}

/* A list in pages: the page with an entry, and buttons to the others. */
class Paged {
  constructor(body, buttons, size, rowsOf) {
    Object.assign(this, { body, buttons, size, rowsOf, entries: [], start: 0 });
  }
  show(entries, start = 0) {
    this.entries = entries;
    this.start = start;
    this.body.replaceChildren(...entries.slice(start, start + this.size).flatMap(this.rowsOf));
    const last = Math.min(start + this.size, entries.length);
    const go = (what, to, isThere) => element("button", { type: "button", disabled: !isThere, onclick: () => {
      this.show(entries, to);
      const there = [...this.buttons.querySelectorAll("button:not([disabled])")];
      (there.find((each) => each.textContent === what) || there[0]).focus();
    } }, what);
    this.buttons.replaceChildren();
    if (entries.length > this.size) {
      this.buttons.append(
        go("Previous page", start - this.size, start > 0),
        element("span", {}, `${(start + 1).toLocaleString("en")}–${last.toLocaleString("en")} of ${entries.length.toLocaleString("en")}`),
        go("Next page", start + this.size, last < entries.length));
    }
  }
  showEntry(entry) {
    const place = this.entries.indexOf(entry);
    if (place >= 0) this.show(this.entries, place - (place % this.size));
    return place >= 0;
  }
}

/* Ctrl+K leads to the search, from wherever one is. */
function goToByKey(search) {
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });
}

addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
});
