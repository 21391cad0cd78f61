/* What all pages of the sandbox share. */
const DATA = JSON.parse(document.getElementById("data").textContent);

/* Asks the sandbox itself; what changes something carries the header that no other site can send. */
async function ask(path, body) {
  const changes = body !== undefined;
  const answer = await fetch(path, {
    method: changes ? "POST" : "GET",
    headers: changes ? { "Content-Type": "application/json", "X-Pytest-Bill-Sandbox": "page" } : {},
    body: changes ? JSON.stringify(body) : undefined,
    cache: "no-store",
  });
  const text = await answer.text();
  const value = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(value.map((each) => each.message).join(" "));
  return value;
}

/* A button that copies a text, and what tells that it did. */
function copied(label, text, about) {
  const told = element("span", { role: "status" });
  return [element("button", { type: "button", "aria-label": about, onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = " Copied.";
    } catch {
      told.textContent = " This browser does not let it be copied: mark it.";
    }
  } }, label), told];
}

/* A call as code, by the name of what sends it. */
function codeOf(snippets, title = "Send it again") {
  const told = element("span", { role: "status" }), names = Object.keys(snippets);
  const copy = async (name) => {
    try {
      await navigator.clipboard.writeText(snippets[name]);
      told.textContent = `Copied for ${name}.`;
    } catch {
      told.textContent = "This browser does not let it be copied: unfold it, and mark it there.";
    }
  };
  return element("div", {},
    element("h3", {}, title),
    element("p", { class: "faint" }, "With the variables of the sandbox’s .env file set."),
    element("div", { class: "tools" }, ...names.map((name) => element("button",
      { type: "button", onclick: () => copy(name) }, `Copy as ${name}`)), told),
    ...names.map((name) => element("details", {}, element("summary", {}, name),
      block({ text: snippets[name].trimEnd() }, false))));
}
