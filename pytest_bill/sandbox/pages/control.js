/* Steers the sandbox, and shows how it stands. */
const EVERY = 2000, BY_ID = (id) => document.getElementById(id), PATHS = DATA.paths;
let shown = {};

function say(text) {
  BY_ID("alert").hidden = true;
  BY_ID("status").textContent = text;
}

function refuse(error) {
  BY_ID("status").textContent = "";
  BY_ID("alert").textContent = error.message;
  BY_ID("alert").hidden = false;
}

/* Does something, then shows how things stand; what is refused is said. */
async function act(path, body, said) {
  try {
    const answer = await ask(path, body);
    draw(await ask(PATHS.state));
    say(typeof said === "function" ? said(answer) : said);
    return true;
  } catch (error) {
    refuse(error);
    return false;
  }
}

const changed = (name, value) => {
  const text = JSON.stringify(value);
  if (shown[name] === text) return false;
  shown[name] = text;
  return true;
};

function draw(state) {
  BY_ID("now").textContent = state.now;
  if (changed("signIns", state.sign_ins)) state.sign_ins.forEach(drawSignIn);
  if (changed("mfa", state.mfa)) BY_ID("mfa").checked = state.mfa;
  if (changed("accounts", state.accounts)) BY_ID("accounts").checked = state.accounts;
  if (changed("oauth", state.oauth)) {
    BY_ID("scope").value = state.oauth.scope;
    BY_ID("lifetime").value = state.oauth.lifetime;
  }
  if (changed("faults", state.faults)) drawFaults(state.faults);
  if (changed("snapshots", state.snapshots)) drawSnapshots(state.snapshots);
}

const short = (time) => (time || "").slice(0, 19).replace("T", " ");

function drawSignIn(each) {
  const row = [...document.querySelectorAll("#sign-ins tbody tr")].find((one) => one.dataset.credential === each.credential);
  const cell = (name) => row.querySelector(`[data-is=${name}]`);
  cell("state").textContent = each.state;
  cell("state").className = `whole ${{ "signed in": "good", expired: "bad" }[each.state] || ""}`;
  cell("since").textContent = short(each.since);
  cell("until").textContent = short(each.until);
  const [enter, leave] = row.querySelectorAll("button");
  if (!enter) return;
  const isIn = each.state === "signed in" || each.state === "expired";
  enter.textContent = isIn ? "Sign in again" : "Sign in";
  enter.setAttribute("aria-label", `${enter.textContent} with the ${each.credential}`);
  // Not disabled: who is there by keyboard would be nowhere.
  leave.setAttribute("aria-disabled", String(!isIn));
}

function drawFaults(faults) {
  const body = document.querySelector("#faults-to-come tbody");
  const place = [...body.querySelectorAll("button")].indexOf(document.activeElement);
  body.replaceChildren(...faults.map((each) => element("tr", {},
    element("td", {}, element("code", {}, each.operation)),
    element("td", { class: "number" }, String(each.times)),
    element("td", {}, each.what),
    element("td", { class: "whole" }, element("button", { type: "button", "aria-label": `Clear the fault of ${each.operation}`,
      onclick: () => act(PATHS.clear_faults, { number: each.number }, `The fault of ${each.operation} is cleared.`) },
    "Clear")))));
  if (!faults.length) {
    body.append(element("tr", {}, element("td", { colspan: 4, class: "faint" }, "None.")));
  }
  BY_ID("clear-faults").setAttribute("aria-disabled", String(!faults.length));
  if (place >= 0) {
    const buttons = body.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] || BY_ID("operation")).focus();
  }
}

function drawSnapshots(snapshots) {
  const list = BY_ID("snapshot-list");
  const place = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  list.replaceChildren(...snapshots.map((each) => element("li", {}, `Snapshot ${each.id} of ${each.time} `,
    element("button", { type: "button", "aria-label": `Restore snapshot ${each.id}`,
      onclick: () => act(`${PATHS.snapshots}/${each.id}/restore`, {}, `All records are as at snapshot ${each.id}.`) },
    "Restore"))));
  if (place >= 0) list.querySelectorAll("button")[place].focus();
}

function onClick(id, does) {
  BY_ID(id).addEventListener("click", () => {
    if (BY_ID(id).getAttribute("aria-disabled") !== "true") does();
  });
}

function onSubmit(id, does) {
  BY_ID(id).addEventListener("submit", (event) => {
    event.preventDefault();
    does();
  });
}

function advance(seconds) {
  return act(PATHS.clock, { advance_seconds: seconds }, (answer) => `It is ${answer.now} now.`);
}

for (const each of document.querySelectorAll("[data-seconds]")) {
  each.addEventListener("click", () => advance(Number(each.dataset.seconds)));
}
onSubmit("advance", () => advance(Number(BY_ID("by").value) * Number(BY_ID("unit").value)));

for (const row of document.querySelectorAll("#sign-ins tbody tr")) {
  const { credential } = row.dataset;
  const [enter, leave] = row.querySelectorAll("button");
  if (!enter) continue;
  enter.addEventListener("click", () => act(PATHS.sign_in, { credential }, (answer) => {
    if (answer.status === 200 && !answer.ending) return `Signed in with the ${credential}.`;
    throw new Error(`The sign-in with the ${credential} failed: ${answer.ending || `HTTP ${answer.status}`}`
      + " Requests has its answer.");
  }));
  leave.addEventListener("click", () => {
    if (leave.getAttribute("aria-disabled") !== "true") {
      act(PATHS.sign_out, { credential }, `Signed out, with the ${credential}.`);
    }
  });
}
onClick("expire", () => act(PATHS.expire, {}, "All sessions and access tokens have expired."));

for (const [id, path, name] of [["mfa", PATHS.mfa, "MFA is"], ["accounts", PATHS.accounts, "The verification of bank accounts is"]]) {
  BY_ID(id).addEventListener("change", async () => {
    const required = BY_ID(id).checked;
    if (!await act(path, { required }, `${name} ${required ? "required" : "not required"}.`)) {
      BY_ID(id).checked = !required;
    }
  });
}
onSubmit("oauth", () => act(PATHS.oauth,
  { scope: BY_ID("scope").value, lifetime_seconds: Number(BY_ID("lifetime").value) },
  "It holds for the tokens that are handed out from now on."));

function faultAsked() {
  const fault = { operation: BY_ID("operation").value.trim(), times: Number(BY_ID("times").value) };
  const texts = { code: "code", message: "message", body: "body" };
  for (const [name, id] of Object.entries(texts)) if (BY_ID(id).value) fault[name] = BY_ID(id).value;
  if (BY_ID("fault-status").value) fault.status = Number(BY_ID("fault-status").value);
  if (BY_ID("delay").value) fault.delay_seconds = Number(BY_ID("delay").value);
  for (const name of ["drop", "truncate"]) if (BY_ID(name).checked) fault[name] = true;
  // A status goes before either of them.
  if (fault.drop || fault.truncate) delete fault.status;
  const lines = BY_ID("headers").value.split("\n").filter((line) => line.trim());
  if (lines.length) {
    fault.headers = lines.map((line) => {
      const [name, ...rest] = line.split(":");
      return { name: name.trim(), value: rest.join(":").trim() };
    });
  }
  return fault;
}

/* What is said of an operation that there is not; "" of one that there is. */
function unknown(operation) {
  const names = [...BY_ID("operations").options].map((each) => each.value);
  if (names.includes(operation)) return "";
  const alike = names.filter((each) => each.toLowerCase().includes(operation.toLowerCase()))
    .sort((a, b) => a.length - b.length).slice(0, 3);
  return `There is no operation called ${operation}. ${alike.length
    ? `Did you mean ${alike.join(" or ")}?` : "The reference has all of them."}`;
}

onSubmit("fault", () => {
  const fault = faultAsked(), why = unknown(fault.operation);
  if (why) return refuse(new Error(why));
  act(PATHS.faults, fault, `${fault.operation} will fail ${counted(fault.times, "time")}.`);
});
onClick("clear-faults", () => act(PATHS.clear_faults, {}, "No faults are to come any more."));
onClick("snapshot", () => act(PATHS.snapshots, {}, (answer) => `Snapshot ${answer.id} is taken.`));

function unfold(isOpen) {
  BY_ID("sure").hidden = !isOpen;
  BY_ID("reset").setAttribute("aria-expanded", String(isOpen));
  (isOpen ? BY_ID("reset-now") : BY_ID("reset")).focus();
}
onClick("reset", () => unfold(BY_ID("sure").hidden));
onClick("keep", () => unfold(false));
onClick("reset-now", async () => {
  await act(PATHS.reset, {}, "All records are as at the start.");
  unfold(false);
});

async function look() {
  if (document.visibilityState === "visible") {
    try {
      draw(await ask(PATHS.state));
      if (shown.isGone) say("The sandbox answers again.");
      shown.isGone = false;
    } catch (error) {
      if (!shown.isGone) refuse(new Error(`The sandbox does not answer (${error.message}).`));
      shown.isGone = true;
    }
  }
  setTimeout(look, EVERY);
}
draw(DATA.state);
setTimeout(look, EVERY);
