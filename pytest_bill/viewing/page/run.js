/* The timeline of a run. */
(() => {
  const { entries } = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const PAGE = 200;
  const whole = Math.max(...entries.map((each) => each.at + each.seconds), 0.001);
  const seconds = (value) => `${value.toFixed(value < 10 ? 3 : 1)} s`;
  const texts = entries.map((each) => [each.kind, each.what, each.how, each.test, each.cassette, each.worker]
    .filter(Boolean).join("\n").toLowerCase());
  entries.forEach((each, index) => { each.index = index; });

  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const bar = (each) => {
    const drawn = svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", class: "bar", "aria-hidden": "true" });
    const width = Math.max(100 * each.seconds / whole, 0.6);
    drawn.append(svg("rect", { x: Math.min(100 * each.at / whole, 99.4), y: 0, width, height: 8,
      class: `${each.kind} ${each.how}` }));
    return drawn;
  };
  const isBad = (each) => ["failed", "error"].includes(each.how)
    || (each.kind !== "test" && each.how && (each.status === 0 || each.status >= 400));
  const rowsOf = (each) => [element("tr", { class: each.kind },
    element("td", { class: "number" }, seconds(each.at)),
    element("td", { class: each.kind === "test" ? "" : "mono indent" }, each.what,
      each.cassette ? element("div", { class: "faint" }, each.cassette) : ""),
    element("td", { class: isBad(each) ? "bad" : "" },
      [each.kind, each.how, ["played", "sent", "live"].includes(each.how) ? each.status || "no answer" : ""].filter(Boolean).join(" "),
      each.worker ? element("div", { class: "faint" }, each.worker) : ""),
    element("td", { class: "number" }, each.seconds === 0 ? "–" : seconds(each.seconds)),
    element("td", { class: "far" }, each.kind === "test" ? "" : each.test),
    element("td", { class: "far" }, bar(each)))];
  const list = new Paged(at("list").tBodies[0], at("pages"), PAGE, rowsOf);

  const form = at("filters");
  const choices = [];
  for (const [key, label] of [["kind", "Kind"], ["how", "How"], ["worker", "Worker"]]) {
    const counts = new Map();
    for (const each of entries) if (each[key]) counts.set(each[key], (counts.get(each[key]) || 0) + 1);
    if (!counts.size) continue;
    const select = element("select", { id: `by-${key}` }, element("option", { value: "" }, "any"));
    for (const value of [...counts.keys()].sort()) {
      select.append(element("option", { value }, `${value} (${counts.get(value).toLocaleString("en")})`));
    }
    form.append(element("p", {}, element("label", { for: `by-${key}` }, label), select));
    choices.push([select, key]);
  }
  const order = element("select", { id: "order" });
  for (const name of ["as they began", "longest first"]) order.append(element("option", { value: name }, name));
  form.append(element("p", {}, element("label", { for: "order" }, "Order"), order));
  form.append(element("p", { class: "last" }, element("button", { type: "reset" }, "Clear all filters")));

  const search = at("search");
  function update() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = entries.filter((each) =>
      choices.every(([select, key]) => !select.value || each[key] === select.value)
      && words.every((word) => texts[each.index].includes(word)));
    if (order.selectedIndex) fitting.sort((a, b) => b.seconds - a.seconds);
    list.show(fitting);
    const all = `${entries.length.toLocaleString("en")} ${entries.length === 1 ? "entry" : "entries"}`;
    at("count").textContent = fitting.length === entries.length ? all : `${fitting.length.toLocaleString("en")} of ${all}`;
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  goToByKey(search);
  update();
})();
