/* Sends a call of BILL's API through the sandbox, which adds the credential, and shows the answer. */
const SEND = "/__sandbox__/send", CODE = "/__sandbox__/as-code", SIGN_IN = "/__sandbox__/sign-in";

/* What BILL's codes say of a refusal: v3 has a list of problems, v2 an envelope with one. */
function problemsIn(body) {
  let value;
  try { value = JSON.parse(body); } catch { return []; }
  const envelope = value && value.response_status === 1 ? [value.response_data || {}] : null;
  const listed = envelope || (Array.isArray(value) ? value : []);
  return listed.filter((each) => each && (each.message || each.error_message)).map((each) => ({
    code: each.code || each.error_code || each.category || "",
    message: each.message || each.error_message,
  }));
}

/* One line of how a call ended, the problems that were told, and both sides of it. */
function showAnswer(into, status, answer, again) {
  const ended = answer.status === null ? "No whole answer" : `HTTP ${answer.status} ${answer.reason}`;
  const problems = answer.status === null || answer.status >= 400 || /"response_status": ?1/.test(answer.body)
    ? problemsIn(answer.body) : [];
  const refused = problems.length > 0 || answer.status === null || answer.status >= 400;
  const signed = answer.signed_in ? " It signed in first." : "";
  status.className = refused ? "bad" : "good";
  status.textContent = `${ended}${refused && answer.status < 400 ? ", refused" : ""}, `
    + `${answer.milliseconds.toFixed(1)} ms.${signed} ${answer.note || ""}`;
  into.replaceChildren();
  if (problems.length) {
    into.append(element("ul", {}, ...problems.map((each) =>
      element("li", {}, element("code", {}, each.code), ` ${each.message}`))));
  }
  if (again && problems.some((each) => each.code === "BDC_1109")) into.append(again);
  into.append(element("div", { class: "panes" },
    pane("Request", answer.asked, ""), pane("Answer", answer.shown, "")));
}
