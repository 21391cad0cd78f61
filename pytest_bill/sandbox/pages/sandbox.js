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

/* A button that copies a text, and says that it did. */
function copyButton(text, what) {
  const button = element("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
  const status = element("span", { role: "status", class: "faint" });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = " Copied";
    } catch {
      status.textContent = " The browser lets no page copy: select the text instead";
    }
  });
  return element("span", {}, button, status);
}
