/* The buttons that deliver; what they did is told on the page as it is then. */
const KEPT = "pytest-bill: delivered";
const told = document.getElementById("told");
const places = document.getElementById("deliver");

async function deliver(button) {
  const done = await ask(DATA.deliver_path, {});
  const due = done.due ? `${counted(done.due, "notification")} sent, ${done.delivered} delivered`
    : "Nothing was left to send: what is due goes out by itself";
  sessionStorage.setItem(KEPT, JSON.stringify([button.id, `${due}. Waiting for a later attempt: ${done.waiting}.`]));
  location.reload();
}

function add(id, name, action) {
  const button = element("button", { type: "button", id, onclick: async () => {
    button.disabled = true;
    told.textContent = "Delivering …";
    try {
      await action();
      await deliver(button);
    } catch (error) {
      told.textContent = `Not delivered: ${error.message}`;
      button.disabled = false;
    }
  } }, name);
  places.append(button);
}

add("deliver-now", "Deliver what is due now", async () => {});
if (DATA.seconds_to_next !== null) {
  add("deliver-next", "Move the clock to the next attempt", () =>
    ask(DATA.clock_path, { advance_seconds: DATA.seconds_to_next }));
}

const kept = sessionStorage.getItem(KEPT);
if (kept) {
  const [id, text] = JSON.parse(kept);
  sessionStorage.removeItem(KEPT);
  told.textContent = text;
  (document.getElementById(id) || document.getElementById("deliver-now")).focus();
}
