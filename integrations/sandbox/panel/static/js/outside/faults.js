/** Faults: what the outside world shall do wrong next, and how often. */

import * as api from "../page/api.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { local, setLocal, state, update } from "../page/store.js";
import { refetchNow } from "../page/sync.js";
import { commonKinds, vendors } from "./vendors.js";

const NUMBERS = { status: ["Status", "500"], retry_after: ["Retry-After (s)", ""], seconds: ["Seconds", "5"] };

const own = () =>
  local("faults", {
    vendor: vendors()[0].name,
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
      [...vendors().map(({ name }) => [name, name]), ["*", "any vendor"]],
    ),
    pick(
      "kind",
      "What happens",
      kindsOf(own().vendor).map(({ name, label }) => [name, label]),
    ),
    write("operation", "Operation", "text", "shell pattern, * for any"),
    write("times", "How often", "number", "empty: until cleared"),
    numbersOf(kind).map((name) => write(name, NUMBERS[name][0], "number", NUMBERS[name][1])),
    problem && h("p", { key: "problem", class: "field__error", role: "alert" }, problem),
    h(
      "div",
      { key: "go", class: "faults__go" },
      h("button", { type: "submit", class: "button button--danger" }, icon("bolt"), "Inject the fault"),
    ),
  );
}

const kindsOf = (vendor) => [...commonKinds(), ...(vendors().find((one) => one.name === vendor)?.kinds ?? [])];

const numbersOf = (kind) => kindsOf(own().vendor).find((one) => one.name === kind)?.numbers ?? [];

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
  for (const name of numbersOf(kind)) if (own()[name] !== "") fault[name] = Number(own()[name]);
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
