/** Faults: what the outside world shall do wrong next, and how often. */

import * as api from "../page/api.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { local, setLocal, state, update } from "../page/store.js";
import { refetchNow } from "../page/sync.js";

const MODELS = ["anthropic", "openai", "deepseek"];
const VENDORS = ["fathom", ...MODELS, "crono", "google", "gmail", "calendar", "slack", "smtp", "site", "*"];
const KINDS = [
  ["status", "Error status"],
  ["slow", "Slow answer"],
  ["timeout", "No answer at all"],
  ["lost_reply", "Reply lost after success"],
  ["malformed", "Answer is not JSON"],
  ["cut", "Answer cut in half"],
];
const MODEL_KINDS = [
  ["refusal", "Model refuses"],
  ["truncated", "Model stops in the middle"],
  ["not_schema", "Model ignores the schema"],
  ["too_long", "Prompt does not fit"],
  ["slow_stream", "Stream comes slowly"],
  ["cut_stream", "Stream is cut off"],
  ["error_mid_stream", "Error inside the stream"],
  ["no_usage", "Usage is missing"],
  ["zero_usage", "Usage is all zeros"],
];
const MAIL_KINDS = [
  ["temporary", "Refused for now (451)"],
  ["permanent", "Refused for good (550)"],
];
const NUMBERS = {
  status: [
    ["status", "Status", "500"],
    ["retry_after", "Retry-After (s)", ""],
  ],
  slow: [["seconds", "Seconds", "5"]],
  slow_stream: [["seconds", "Seconds", "5"]],
};

const own = () =>
  local("faults", {
    vendor: "fathom",
    operation: "*",
    kind: "status",
    times: "1",
    status: "500",
    retry_after: "",
    seconds: "5",
    problem: "",
  });
const set = (name) => (event) => setLocal("faults", { [name]: event.target.value, problem: "" });

/** What is planned, as a list, whatever wrapping it came in. */
export function plannedFaults() {
  const { faults } = state;
  return Array.isArray(faults) ? faults : (faults?.faults ?? []);
}

/** The tab. */
export function drawFaults() {
  return [
    h(
      "p",
      { key: "about", class: "pane__about" },
      "Let a vendor fail the next time the app calls it, and see what the person in Slack gets to see.",
    ),
    form(),
    planned(),
  ];
}

function form() {
  const { kind, problem } = own();
  return h(
    "form",
    { key: "form", class: "faults", onsubmit: plan },
    pick(
      "vendor",
      "Vendor",
      VENDORS.map((name) => [name, name === "*" ? "any vendor" : name]),
    ),
    pick("kind", "What happens", kindsOf(own().vendor)),
    write("operation", "Operation", "text", "shell pattern, * for any"),
    write("times", "How often", "number", "empty: until cleared"),
    (NUMBERS[kind] ?? []).map(([name, label, hint]) => write(name, label, "number", hint)),
    problem && h("p", { key: "problem", class: "field__error", role: "alert" }, problem),
    h(
      "div",
      { key: "go", class: "faults__go" },
      h("button", { type: "submit", class: "button button--danger" }, icon("bolt"), "Inject the fault"),
    ),
  );
}

function kindsOf(vendor) {
  if (MODELS.includes(vendor)) return [...KINDS, ...MODEL_KINDS];
  return vendor === "smtp" ? [...KINDS, ...MAIL_KINDS] : KINDS;
}

function pick(name, label, options) {
  return h(
    "label",
    { key: name, class: "faults__field" },
    h("span", {}, label),
    h(
      "select",
      { class: "input input--small", name, value: own()[name], onchange: set(name) },
      options.map(([value, text]) => h("option", { value }, text)),
    ),
  );
}

function write(name, label, type, placeholder) {
  return h(
    "label",
    { key: name, class: "faults__field" },
    h("span", {}, label),
    h("input", {
      class: "input input--small",
      type,
      name,
      min: type === "number" ? "0" : null,
      step: "any",
      placeholder,
      value: own()[name],
      oninput: set(name),
    }),
  );
}

async function plan(event) {
  event.preventDefault();
  const { vendor, operation, kind, times } = own();
  const fault = { vendor, operation: operation || "*", kind, times: times === "" ? null : Number(times) };
  for (const [name] of NUMBERS[kind] ?? []) if (own()[name] !== "") fault[name] = Number(own()[name]);
  await attempt(() => api.addFault(fault));
}

async function attempt(call) {
  try {
    const answer = await call();
    setLocal("faults", { problem: answer.error ?? "" });
    await refetchNow(["faults"]);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  }
}

function planned() {
  const all = plannedFaults();
  if (!all.length)
    return h("p", { key: "none", class: "faint faults__none" }, "No faults are planned. Everything works.");
  return h(
    "section",
    { key: "planned" },
    h(
      "div",
      { class: "faults__head" },
      h("h3", { class: "pane__subtitle" }, "Planned"),
      h(
        "button",
        { type: "button", class: "link-button", onclick: () => attempt(api.clearFaults) },
        "Clear all",
      ),
    ),
    h("ul", { class: "faults__list" }, all.map(line)),
  );
}

function line(fault, index) {
  const more = [
    fault.kind === "status" && fault.status,
    fault.kind.startsWith("slow") && `${fault.seconds} s`,
    fault.retry_after && `Retry-After ${fault.retry_after}`,
  ]
    .filter(Boolean)
    .join(", ");
  const left = fault.times === null || fault.times === undefined ? "until cleared" : `${fault.times} × left`;
  return h(
    "li",
    { key: fault.id ?? index, class: "faults__one" },
    icon("bolt"),
    h(
      "span",
      {},
      h("b", {}, fault.vendor),
      ` ${fault.operation ?? "*"}: ${fault.kind}${more ? ` (${more})` : ""}`,
    ),
    h("span", { class: "faint" }, left),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": `Remove the fault of ${fault.vendor}`,
        onclick: () => attempt(() => api.dropFault(fault.id)),
      },
      icon("close"),
    ),
  );
}
