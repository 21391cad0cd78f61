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
