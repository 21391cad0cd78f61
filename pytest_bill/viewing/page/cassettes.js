/* The list of interactions: search, filters, details. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { files, interactions } = data;
  const at = (id) => document.getElementById(id);
  const DAY = 24 * 3600 * 1000, PAGE = 100, MOST_NAMES = 1000;

  interactions.forEach((each, index) => {
    each.index = index;
    each.of = files[each.file];
    each.time = each.recorded_at ? Date.parse(each.recorded_at) : NaN;
    each.outcome = each.fault || String(each.status);
  });

  /* What is searched: lower case, made while nobody waits, or when it is asked for. */
  let known = 0;
  const texts = new Array(interactions.length);
  const textOf = (each) => {
    const parts = [each.method, each.path, each.outcome, each.operation, each.area, each.credential,
      each.of.name, ...each.of.tests, each.url];
    for (const part of [each.request, each.answer]) {
      parts.push(part.headers.text);
      if (part.body) parts.push(part.body.text);
    }
    return parts.join("\n").toLowerCase();
  };
  const learn = (until) => {
    while (known < interactions.length && (!until || performance.now() < until)) {
      texts[known] = textOf(interactions[known]);
      known += 1;
    }
  };
  const later = window.requestIdleCallback || ((call) => setTimeout(call, 1));
  const learnLater = () => {
    learn(performance.now() + 12);
    if (known < interactions.length) later(learnLater);
  };

  /* The filters: each a choice of what there is. */
  const older = (days) => (each) => !(each.time >= Date.now() - days * DAY);
  const AGES = {
    "the last 7 days": (each) => each.time >= Date.now() - 7 * DAY,
    "older than 7 days": older(7), "older than 30 days": older(30),
    "older than 90 days": older(90), "older than a year": older(365),
    "not known": (each) => Number.isNaN(each.time),
  };
  if (data.max_age) AGES[`stale: older than ${data.max_age.said}`] = older(data.max_age.seconds * 1000 / DAY);
  const classOf = (each) => (each.fault ? "no whole answer" : `${Math.floor(each.status / 100)}xx`);
  const FILTERS = [
    ["method", "Method", (each) => [each.method]],
    ["status", "Status", (each) => [classOf(each), each.outcome]],
    ["area", "API area", (each) => [each.area]],
    ["credential", "Credential", (each) => [each.credential]],
    ["source", "Answered by", (each) => [each.answered_by || "not known"]],
    ["use", "Cassette is", (each) => [each.of.use]],
    ["marked", "Marked as", (each) => [
      ...(each.replaced.includes("placeholder") ? ["with placeholders"] : []),
      ...(each.replaced.includes("stand-in") ? ["with stand-ins"] : []),
      ...(each.replaced ? [] : ["nothing replaced"]),
      ...(each.secrets ? ["secrets in the file"] : [])]],
  ];
  const form = at("filters");
  const choices = new Map();
  const field = (id, label, input) => {
    form.append(element("p", {}, element("label", { for: id }, label), input));
    return input;
  };
  for (const [id, label, valuesOf] of FILTERS) {
    const counts = new Map();
    for (const each of interactions) for (const value of valuesOf(each)) counts.set(value, (counts.get(value) || 0) + 1);
    const select = field(`by-${id}`, label, element("select", { id: `by-${id}` }, element("option", { value: "" }, "any")));
    for (const value of [...counts.keys()].sort()) {
      select.append(element("option", { value }, `${value} (${counts.get(value).toLocaleString("en")})`));
    }
    choices.set(select, (value) => (each) => valuesOf(each).includes(value));
  }
  const age = field("by-age", "Recorded", element("select", { id: "by-age" }, element("option", { value: "" }, "any time")));
  for (const name of Object.keys(AGES)) age.append(element("option", { value: name }, name));
  choices.set(age, (value) => AGES[value]);
  const test = field("by-test", "Test or cassette", element("input", { id: "by-test", type: "search", list: "names", autocomplete: "off" }));
  const names = new Set(files.flatMap((each) => [...each.tests, each.name]));
  form.append(element("datalist", { id: "names" }, ...[...names].slice(0, MOST_NAMES).map((value) => element("option", { value }))));
  choices.set(test, (value) => {
    const lower = value.toLowerCase();
    const fitting = files.map((each) => [each.name, ...each.tests].some((name) => name.toLowerCase().includes(lower)));
    return (each) => fitting[each.file];
  });
  const ORDERS = {
    "as in the files": null,
    "largest answer first": (a, b) => b.size - a.size,
    "newest first": (a, b) => (b.time || 0) - (a.time || 0),
    "oldest first": (a, b) => (a.time || 0) - (b.time || 0),
  };
  const order = field("order", "Order", element("select", { id: "order" }));
  for (const name of Object.keys(ORDERS)) order.append(element("option", { value: name }, name));
  form.append(element("p", { class: "last" }, element("button", { type: "reset" }, "Clear all filters")));

  /* Rows and details. */
  const when = (moment) => (moment ? moment.replace("T", " ").replace("Z", "") : "–");
  const ageOf = (time) => {
    const days = Math.floor((Date.now() - time) / DAY);
    return Number.isNaN(time) ? "" : days < 1 ? " (today)" : ` (${counted(days, "day")} ago)`;
  };
  const quoted = (name) => (/^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`);
  const detailOf = (each) => {
    const command = `pytest-bill show ${quoted(each.of.name)} -n ${each.number}`;
    const about = element("dl", {});
    const say = (what, told) => { if (told) about.append(element("dt", {}, what), element("dd", {}, told)); };
    say("Operation", each.operation && `${each.operation} (${each.area})`);
    say("URL", each.url);
    say("Answer", `${each.outcome} ${each.fault ? "" : each.reason}`.trim());
    say("Credential", each.credential);
    say("Cassette", `${each.of.name}, number ${each.number}`);
    say("Used by", `${each.of.tests.join(", ") || "–"} (${each.of.use}: ${each.of.why})`);
    say("Noted", each.about.join(", ") + (each.recorded_at ? ageOf(each.time) : ""));
    say("Replaced", each.replaced || "nothing");
    if (each.secrets) say("Secrets", `The file holds some in clear here, which this page leaves out. See which: pytest-bill scan ${quoted(each.of.name)}`);
    say("In a terminal", command);
    say("Link to this", element("a", { href: `#i${each.index}` }, `#i${each.index}`));
    return [about, element("div", { class: "panes" },
      pane("Request", each.request, command), pane("Answer", each.answer, command))];
  };
  const open = new Set();
  const toggle = (each, button, row) => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) {
      open.delete(each.index);
      row.nextSibling.remove();
    } else {
      open.add(each.index);
      row.after(detailRow(each));
      highlight();
    }
  };
  const detailRow = (each) => element("tr", { class: "detail", id: `detail-${each.index}` },
    element("td", { colspan: 8 }, ...detailOf(each)));
  const rowsOf = (each) => {
    const isOpen = open.has(each.index);
    const button = element("button", { type: "button", class: "row", id: `i${each.index}`,
      "aria-expanded": String(isOpen) }, each.path);
    const isBad = each.fault || each.status >= 400;
    const row = element("tr", {},
      element("td", { class: "number far" }, String(each.number)),
      element("td", { class: "mono" }, each.method),
      element("td", {}, button),
      element("td", { class: isBad ? "mono bad" : "mono" }, each.outcome),
      element("td", { class: "number far" }, each.size.toLocaleString("en")),
      element("td", { class: "far" }, each.of.tests[0] || each.of.name),
      element("td", { class: "far short" }, each.answered_by || "–"),
      element("td", { class: "far short" }, when(each.recorded_at)));
    button.addEventListener("click", () => toggle(each, button, row));
    return isOpen ? [row, detailRow(each)] : [row];
  };
  const list = new Paged(at("list").tBodies[0], at("pages"), PAGE, rowsOf);

  /* What was searched for is marked where it can be seen. */
  let words = [];
  function highlight() {
    if (!window.CSS || !CSS.highlights || !window.Highlight) return;
    const ranges = [];
    const walker = document.createTreeWalker(at("list").tBodies[0], NodeFilter.SHOW_TEXT);
    while (words.length && ranges.length < 1000 && walker.nextNode()) {
      const text = walker.currentNode.data.toLowerCase();
      for (const word of words) {
        for (let place = text.indexOf(word); place >= 0 && ranges.length < 1000; place = text.indexOf(word, place + word.length)) {
          if (place + word.length > walker.currentNode.length) break; // lower case may be longer
          const range = new Range();
          range.setStart(walker.currentNode, place);
          range.setEnd(walker.currentNode, place + word.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  const search = at("search");
  function update() {
    const began = performance.now();
    words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) learn();
    const asked = [...choices].filter(([input]) => input.value).map(([input, fits]) => fits(input.value));
    const fitting = interactions.filter((each) =>
      asked.every((fits) => fits(each)) && words.every((word) => texts[each.index].includes(word)));
    if (ORDERS[order.value]) fitting.sort(ORDERS[order.value]);
    list.show(fitting);
    highlight();
    const all = counted(interactions.length, "interaction");
    at("count").textContent = fitting.length === interactions.length ? all : `${fitting.length.toLocaleString("en")} of ${all}`;
    at("count").dataset.milliseconds = (performance.now() - began).toFixed(1);
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  goToByKey(search);
  at("list").addEventListener("keydown", (event) => {
    const buttons = [...at("list").querySelectorAll("button.row")];
    const place = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (place < 0 || to === undefined || !buttons[to]) return;
    event.preventDefault();
    buttons[to].focus();
  });

  /* The cassettes. */
  const fileRows = (file) => {
    const show = () => {
      form.reset();
      test.value = file.name;
      setTimeout(() => { update(); at("interactions").focus(); at("interactions").scrollIntoView(); });
    };
    const from = file.oldest && file.oldest !== file.newest ? `${when(file.oldest)} – ` : "";
    const isStale = data.max_age && !(Date.parse(file.oldest) >= Date.now() - data.max_age.seconds * 1000);
    const recorded = file.newest ? from + when(file.newest) : "not known";
    return [element("tr", {},
      element("td", {}, element("button", { type: "button", class: "link mono", onclick: show }, file.name),
        file.secrets ? element("div", { class: "bad" }, "holds secrets in clear") : ""),
      element("td", {}, ...file.tests.map((each) => element("div", {}, each)),
        element("div", { class: file.use.endsWith("unused") ? "bad" : "faint" }, `${file.use}: ${file.why}`)),
      element("td", { class: "number far" }, file.count.toLocaleString("en")),
      element("td", { class: "number far" }, file.size.toLocaleString("en")),
      element("td", { class: "far" }, recorded, isStale ? element("div", { class: "bad" }, `stale: older than ${data.max_age.said}`) : ""))];
  };
  new Paged(at("files").tBodies[0], at("file-pages"), PAGE, fileRows).show(files);

  update();
  later(learnLater);
  const toPlace = () => {
    const found = /^#i(\d+)$/.exec(location.hash);
    const each = found && interactions[Number(found[1])];
    if (each && list.showEntry(each)) {
      const button = at(`i${each.index}`);
      if (button.getAttribute("aria-expanded") !== "true") button.click();
      button.focus();
    }
  };
  addEventListener("hashchange", toPlace);
  toPlace();
})();
