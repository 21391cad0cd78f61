// Follows a guide with node's fetch. Reads {base, variables, steps} from standard input, and prints
// what each step answered as JSON: [{status, body}].
import { stdin, stdout } from "node:process";

const chunks = [];
for await (const chunk of stdin) chunks.push(chunk);
const { base, variables, steps } = JSON.parse(Buffer.concat(chunks).toString());
const known = { ...variables };

function fill(value) {
  if (typeof value === "string") {
    const whole = value.match(/^\{(\w+)\}$/);
    if (whole) return known[whole[1]];
    return value.replace(/\{(\w+)\}|<(\w+)>/g, (_, name, inner) => known[name ?? inner]);
  }
  if (Array.isArray(value)) return value.map(fill);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each)]));
  return value;
}

const reach = (body, path) => path.split(".").reduce((found, name) => found?.[name], body);

const answers = [];
for (const step of steps) {
  const headers = fill(step.headers);
  let body;
  if (step.json !== null) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(fill(step.json));
  } else if (step.form !== null) {
    body = new URLSearchParams(fill(step.form));
  }
  const prefix = Object.keys(base).find((each) => step.path.startsWith(each));
  const root = base[prefix];
  const response = await fetch(root + fill(step.path), { method: step.method, headers, body });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  answers.push({ status: response.status, body: answer });
  for (const [name, path] of Object.entries(step.keep)) known[name] = reach(answer, path);
}
stdout.write(JSON.stringify(answers));
