/* The button that delivers; what it did is told on the page as it is then. */
const KEPT = "pytest-bill: delivered";
const told = document.getElementById("told");

const button = element("button", { type: "button", onclick: async () => {
  button.disabled = true;
  told.textContent = "Delivering …";
  try {
    const done = await ask(DATA.deliver_path, {});
    const due = done.due ? `${counted(done.due, "notification")} sent, ${done.delivered} delivered` : "Nothing was due";
    sessionStorage.setItem(KEPT, `${due}; ${done.waiting} waiting for a later attempt.`);
    location.reload();
  } catch (error) {
    told.textContent = `Not delivered: ${error.message}`;
    button.disabled = false;
  }
} }, "Deliver what is due now");
document.getElementById("deliver").append(button);

const done = sessionStorage.getItem(KEPT);
if (done) {
  sessionStorage.removeItem(KEPT);
  told.textContent = done;
  button.focus();
}
