/** The customer's site: a license key, what the site asks the app with it, and the raw answer. */

import * as api from "panel/page/api.js";
import { h } from "panel/page/dom.js";
import { local, setLocal, state, update } from "panel/page/store.js";
import { pretty, segment } from "panel/outside/parts.js";
import { spoken } from "./spoken.js";
import { deliveries, drawWebhooks } from "./webhooks.js";

const CALLS = [
  ["validate", "Validate"],
  ["chat", "Chat"],
  ["usage", "Usage"],
  ["limits", "Limits"],
];
const PROVIDERS = [
  ["", "as the plan says"],
  ["openai", "OpenAI"],
  ["anthropic", "Anthropic"],
  ["deepseek", "DeepSeek"],
];
const KEY = /CHA(-[0-9A-F]{8}){4}/u;
const TOLD = /^(ratelimit|retry-after|x-quota|x-request-id|x-answer-age|content-type)/iu;

const own = () =>
  local("site", {
    call: "validate",
    key: "",
    domain: "shop.example",
    provider: "",
    model: "",
    message: "Which three things should a small shop say on its first page?",
    stream: true,
    busy: false,
    answers: {},
  });
const set = (name) => (event) => setLocal("site", { [name]: event.target.value });

/** How many webhooks it got. */
export const count = () => deliveries().length;

export const steps = [
  {
    id: "site",
    place: 50,
    title: "Be their web site",
    about: "Validate the key of that mail, then chat.",
    tab: "site",
    prepare: () => useKey(mailedKey()),
    done: wasValid,
  },
];

/** Puts a license key into the form, unless there is one. */
const useKey = (key) => own().key || setLocal("site", { key });

/** The key in the newest mail that its owner got. */
const mailedKey = () => state.outside?.smtp?.[0]?.text.match(KEY)?.[0] ?? "";

/** Whether the app has called the key valid. */
function wasValid() {
  const got = own().answers.validate;
  return got?.status === 200 && /"valid":\s*true/u.test(got.text);
}

/** The tab. */
export function draw() {
  return [
    h(
      "p",
      { key: "about", class: "pane__about" },
      "A customer’s web site. Paste a license key and see what the app answers it, byte for byte.",
    ),
    form(),
    answer(),
    drawWebhooks(),
  ];
}

function form() {
  const { call, busy } = own();
  return h(
    "form",
    { key: "form", class: "faults", onsubmit: ask },
    field("key", "License key", { placeholder: "CHA-…", autocomplete: "off", spellcheck: "false" }, true),
    h(
      "div",
      { key: "calls", class: "segments segments--wide site__wide", role: "tablist", "aria-label": "What to ask" },
      CALLS.map(([id, label]) => segment(label, call === id, () => setLocal("site", { call: id }))),
    ),
    call === "validate" && field("domain", "Domain", { placeholder: "shop.example" }, true),
    call === "chat" && chatFields(),
    h(
      "div",
      { key: "go", class: "faults__go" },
      h(
        "button",
        { type: "submit", class: "button button--primary", disabled: busy },
        busy ? "Waiting…" : "Ask the app",
      ),
    ),
  );
}

function field(name, label, props = {}, wide = false) {
  return h(
    "label",
    { key: name, class: `faults__field${wide ? " site__wide" : ""}` },
    h("span", {}, label),
    h("input", { class: "input input--small", name, value: own()[name], oninput: set(name), ...props }),
  );
}

function chatFields() {
  const { provider, message, stream } = own();
  return [
    h(
      "label",
      { key: "provider", class: "faults__field" },
      h("span", {}, "Provider"),
      h(
        "select",
        { class: "input input--small", name: "provider", value: provider, onchange: set("provider") },
        PROVIDERS.map(([value, text]) => h("option", { value }, text)),
      ),
    ),
    field("model", "Model", { placeholder: "the usual one" }),
    h(
      "label",
      { key: "message", class: "faults__field site__wide" },
      h("span", {}, "Message"),
      h("textarea", { class: "input site__message", name: "message", value: message, oninput: set("message") }),
    ),
    h(
      "label",
      { key: "stream", class: "site__wide site__tick" },
      h("input", {
        type: "checkbox",
        name: "stream",
        checked: stream,
        onchange: (event) => setLocal("site", { stream: event.target.checked }),
      }),
      "Stream the answer",
    ),
  ];
}

async function ask(event) {
  event.preventDefault();
  if (own().busy) return;
  const { call, key, domain, provider, model, message, stream } = own();
  const begun = performance.now();
  const tell = (news) => setLocal("site", { answers: { ...own().answers, [call]: { ...own().answers[call], ...news } } });
  setLocal("site", { busy: true });
  tell({ text: "", status: null, headers: {}, ms: 0 });
  reveal();
  try {
    const told = await askProduct({ call, key, domain, provider, model, message, stream }, (text) => tell({ text }));
    tell({ ...told, ms: performance.now() - begun });
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  } finally {
    setLocal("site", { busy: false });
    reveal();
  }
}

/** Lets the site ask the product; `onText` gets the answer's text as it grows. */
async function askProduct(fields, onText) {
  let answer;
  try {
    answer = await api.request("site/ask", fields);
    await readText(answer, onText);
  } catch (error) {
    throw new api.ApiError("The sandbox does not answer.", { cause: error });
  }
  return {
    status: Number(answer.headers.get("X-Site-Status") ?? answer.status),
    headers: JSON.parse(answer.headers.get("X-Site-Headers") ?? "{}"),
  };
}

async function readText(answer, onText) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    onText(text);
  }
}

/** The form may fill the pane: what was asked for must not come below its edge, unseen. */
function reveal() {
  setTimeout(() => document.querySelector(".site__answer")?.scrollIntoView({ block: "nearest" }));
}

function answer() {
  const { call, answers } = own();
  const got = answers[call];
  if (!got) return null;
  const said = call === "chat" && spoken(got.text);
  const kind = got.status >= 200 && got.status < 300 ? "good" : got.status >= 500 || !got.status ? "bad" : "warn";
  const headers = Object.entries(got.headers).filter(([name]) => TOLD.test(name));
  return h(
    "section",
    { key: `answer-${call}`, class: "site__answer", "aria-label": "The answer", "aria-live": "polite" },
    got.status !== null &&
      h(
        "p",
        { class: "site__status" },
        h("span", { class: `status status--${kind}`, "data-site": "status" }, got.status || "no answer"),
        h("span", { class: "faint" }, `${Math.round(got.ms)} ms`),
      ),
    said && h("p", { class: "site__said", "data-site": "said" }, said),
    headers.length > 0 &&
      h(
        "dl",
        { class: "draft__headers" },
        headers.map(([name, value]) => [
          h("dt", { key: `t-${name}` }, name),
          h("dd", { key: `d-${name}` }, value),
        ]),
      ),
    h("pre", { class: "draft__text", tabindex: "0", "data-site": "answer" }, pretty(got.text)),
  );
}
