/* The list of operations: search as one types, filters, folds, names to copy. */
(() => {
  const at = (id) => document.getElementById(id);
  const form = at("filters");
  const [search, credential, method, version] = ["q", "credential", "method", "version"].map(at);
  const digit = (select) => (select.value ? String(select.selectedIndex - 1) : "");
  const areas = [...document.querySelectorAll("details.area")].map((element_) => {
    const title = element_.querySelector("h2").textContent;
    const rows = [...element_.querySelectorAll("li")].map((row) => {
      const [verb, name, path, summary] = [...row.children].map((each) => each.textContent);
      row.append(element("span", {}, ...copied("Copy", name, `Copy ${name}`)));
      return { row, verb, text: `${verb} ${path} ${name} ${summary} ${title}`.toLowerCase() };
    });
    return { element: element_, count: element_.querySelector("summary span"), rows };
  });
  const total = areas.reduce((sum, each) => sum + each.rows.length, 0);
  /* What the reader folded, to be as before once nothing is searched any more. */
  let wasSearching = !at("count").textContent.startsWith("All");
  const opened = new Set();

  function update() {
    const began = performance.now();
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [by, of] = [digit(credential), digit(version)];
    const searching = words.length > 0 || [credential, method, version].some((each) => each.value);
    if (searching && !wasSearching) {
      opened.clear();
      areas.forEach((area) => { if (area.element.open) opened.add(area); });
    }
    let all = 0;
    for (const area of areas) {
      let fitting = 0;
      for (const { row, verb, text } of area.rows) {
        const fits = words.every((word) => text.includes(word)) && (!by || row.dataset.c.includes(by))
          && (!of || row.dataset.v === of) && (!method.value || method.value === verb);
        row.hidden = !fits;
        if (fits) fitting += 1;
      }
      all += fitting;
      area.count.textContent = String(fitting);
      area.element.hidden = !fitting;
      if (searching) area.element.open = true;
      else if (wasSearching) area.element.open = opened.has(area);
    }
    wasSearching = searching;
    at("count").textContent = searching ? `${all} of ${total} operations` : `All ${total} operations`;
    at("count").dataset.milliseconds = (performance.now() - began).toFixed(1);
    const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
    history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const shown = document.querySelectorAll("details.area li:not([hidden]) a");
    if (shown.length === 1) shown[0].click();
    else if (shown.length) shown[0].focus();
  });
  form.addEventListener("input", update);
  form.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    for (const each of form.elements) if (each.name) each.value = "";
    update();
    search.focus();
  });
  goToByKey(search);
  for (const [what, isOpen] of [["Fold all areas", false], ["Unfold all areas", true]]) {
    at("folds").append(element("button", { type: "button", onclick: () => {
      areas.forEach((each) => { each.element.open = isOpen; });
    } }, what));
  }
  /* Arrows go from name to name. */
  document.querySelector("main").addEventListener("keydown", (event) => {
    if (!document.activeElement.matches("details.area li a")) return;
    const links = [...document.querySelectorAll("details.area[open]:not([hidden]) li:not([hidden]) a")];
    const place = links.indexOf(document.activeElement);
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: links.length - 1 }[event.key];
    if (place < 0 || to === undefined || !links[to]) return;
    event.preventDefault();
    links[to].focus();
  });
  update();
})();
