/* The page of an operation: its example, to be changed and sent. */
(() => {
  const at = (id) => document.getElementById(id);
  const { operation, path: reference } = DATA;
  const form = at("call"), credential = at("credential"), state = at("state");
  const method = document.querySelector(".method").textContent;
  const exampleOf = (name) =>
    ask(`${reference}/${name}/example?credential=${encodeURIComponent(credential.value)}`);
  const say = (text, isBad) => {
    state.className = isBad ? "bad" : "";
    state.textContent = text;
  };

  at("names").append(" ", ...copied("Copy the name", operation));

  function headersIn(text) {
    const found = {};
    for (const line of text.split("\n").filter((each) => each.trim())) {
      const [name, ...rest] = line.split(":");
      found[name.trim()] = rest.join(":").trim();
    }
    return found;
  }

  function bodyOf(headers) {
    const fields = [...form.querySelectorAll("[data-field]")];
    if (fields.length) {
      return new URLSearchParams(fields.map((each) => [each.dataset.field, each.value])).toString();
    }
    const body = at("body") ? at("body").value : "";
    const type = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type");
    // A browser knows one end of a line only, and a form with a file needs the other one.
    return type && type[1].startsWith("multipart/") ? body.replace(/\r?\n/g, "\r\n") : body;
  }

  function call() {
    const headers = headersIn(at("headers").value);
    return { credential: credential.value, method, path: at("path").value.trim(),
      query: at("query").value.trim(), headers, body: bodyOf(headers) };
  }

  const rowsOf = (text) => Math.min(text.split("\n").length, 30);
  function fill(example) {
    at("path").value = example.path;
    at("query").value = example.query;
    const headers = Object.entries(example.headers).map(([name, value]) => `${name}: ${value}`);
    at("headers").value = headers.join("\n");
    for (const each of form.querySelectorAll("[data-field]")) {
      each.value = example.form[each.dataset.field] ?? "";
      each.rows = rowsOf(each.value);
    }
    if (at("body")) {
      at("body").value = example.body;
      at("body").rows = rowsOf(example.body);
    }
    isChanged = false;
    showNeeds(example.needs);
  }

  /* What has to be there before: sent from here, the first one first. */
  function showNeeds(needs) {
    at("needs").replaceChildren();
    if (!needs.length) return;
    const links = needs.flatMap((name, place) =>
      [place ? ", " : "", element("a", { href: `${reference}/${name}` }, name)]);
    at("needs").append(element("p", {}, "To be sent first: ", ...links, ". ",
      element("button", { type: "button", onclick: () => during(sendNeeds) },
        needs.length === 1 ? "Send it" : "Send them")));
  }

  async function sendFirst(name, above) {
    let example = await exampleOf(name);
    if (above.length < 5) {
      for (const each of example.needs.filter((need) => !above.includes(need))) {
        await sendFirst(each, [...above, name]);
      }
      if (example.needs.length) example = await exampleOf(name);
    }
    const { credential: by, method: verb, path, query, headers, body } = example;
    const answer = await ask(SEND, { credential: by, method: verb, path, query, headers, body });
    if (answer.status === null || answer.status >= 400 || problemsIn(answer.body).length) {
      throw new Error(`${name} was refused: ${problemsIn(answer.body).map((each) => `${each.code} ${each.message}`).join(" ") || answer.status}`);
    }
  }

  async function sendNeeds() {
    const { needs } = await exampleOf(operation);
    for (const each of needs) await sendFirst(each, [operation]);
    await refill();
    // What is to be sent before in any case has been, and nothing of it can be seen.
    at("needs").replaceChildren();
    say(`Sent: ${needs.join(", ")}. The example speaks of what is there now.`);
    at("send").focus();
  }

  async function refill() {
    fill(await exampleOf(operation));
  }

  async function send() {
    say("Sending …");
    at("answer").replaceChildren();
    const again = element("p", {}, element("button", { type: "button", onclick: () => during(async () => {
      await ask(SIGN_IN, { credential: credential.value });
      await send();
    }) }, `Sign in anew with the ${credential.value}, and send`));
    showAnswer(at("answer"), state, await ask(SEND, call()), credential.value ? again : null);
  }

  /* One thing at a time; whatever is refused is said. */
  let isBusy = false, isChanged = false;
  async function during(work) {
    if (isBusy) return;
    isBusy = true;
    try {
      await work();
    } catch (error) {
      say(error.message, true);
    } finally {
      isBusy = false;
    }
  }

  at("buttons").append(
    element("button", { type: "submit", id: "send" }, "Send (Ctrl+Enter)"),
    element("button", { type: "button", onclick: () => during(async () => {
      at("answer").replaceChildren(codeOf(await ask(CODE, call()), "As code"));
      say("Not sent: the call as code.");
      at("answer").focus();
    }) }, "As code: curl, requests, httpx"),
    element("button", { type: "button", onclick: () => during(async () => {
      await refill();
      say("Filled in anew.");
    }) }, "Fill in anew"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    during(send);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    during(send);
  });
  form.addEventListener("input", (event) => { if (event.target !== credential) isChanged = true; });
  /* Another credential sees other records; what somebody has written stays. */
  credential.addEventListener("change", () => during(async () => {
    if (isChanged) {
      say("Your changes stay. To have ids that this credential sees: fill in anew.");
      return;
    }
    await refill();
    say("");
  }));
  showNeeds([...at("needs").querySelectorAll("a")].map((each) => each.textContent));
})();
