/** Tenants: every tenant's database on this machine's server, and what can go wrong with one. */

import * as api from "panel/page/api.js";
import { h } from "panel/page/dom.js";
import { local, setLocal, state, update } from "panel/page/store.js";
import { refetch } from "panel/page/sync.js";
import { nothing } from "panel/outside/parts.js";

const all = () => state.outside?.supabase_management ?? { projects: [], databases: [] };
const own = () => local("tenants", { count: "20", said: "", busy: false });

/** How many databases there are. */
export const count = () => all().databases.length;

/** The tab. */
export function draw() {
  const { projects, databases } = all();
  const byDatabase = new Map(projects.map((one) => [one.database, one]));
  const rows = databases.map((one) => ({ ...one, project: byDatabase.get(one.name) }));
  return [
    signUps(),
    own().said && h("p", { key: "said", class: "pane__about", role: "status" }, own().said),
    rows.length
      ? h("ul", { key: "list", class: "tenants" }, rows.map(row))
      : nothing("building", "No tenants", "Each company that signs up gets a database; it appears here."),
  ];
}

function signUps() {
  return h(
    "form",
    { key: "signups", class: "tenants__signups", onsubmit: signUp },
    h("label", { for: "tenants-count" }, "Companies that become tenants now"),
    h("input", {
      id: "tenants-count",
      class: "input input--small",
      type: "number",
      min: 1,
      max: 100,
      value: own().count,
      oninput: (event) => setLocal("tenants", { count: event.target.value }),
    }),
    h("button", { type: "submit", class: "button", disabled: own().busy }, own().busy ? "Asking …" : "Make tenants"),
  );
}

function row({ name, accepts, locked, project }) {
  const act = (what, label) =>
    h("button", { type: "button", class: "link-button", "data-act": what, onclick: () => send(name, what) }, label);
  return h(
    "li",
    { key: name, class: "tenants__one", "data-tenant": name },
    h(
      "span",
      { class: "tenants__head" },
      h("strong", {}, project ? project.name : name),
      status(project, accepts),
      locked && h("span", { class: "status status--bad" }, "locked"),
    ),
    h("span", { class: "grid__under" }, project ? `${project.ref} · ${project.region}` : "on the cluster"),
    h(
      "span",
      { class: "tenants__acts" },
      accepts ? act("close", "Stop accepting") : act("open", "Accept again"),
      locked ? act("unlock", "Let the lock go") : accepts && act("lock", "Lock a table"),
      project?.status === "ACTIVE_HEALTHY" && act("paused", "Paused by Supabase"),
      project?.status === "COMING_UP" && act("comes up", "Let it come up"),
    ),
  );
}

function status(project, accepts) {
  if (project && project.status !== "ACTIVE_HEALTHY")
    return h("span", { class: "status status--bad" }, project.status);
  return h(
    "span",
    { class: `status status--${accepts ? "good" : "bad"}` },
    accepts ? "accepts connections" : "accepts none",
  );
}

async function signUp(event) {
  event.preventDefault();
  setLocal("tenants", { busy: true, said: "" });
  const answer = await post("signup", { count: Number(own().count) });
  const made = answer.made ? `${answer.made} asked for; their onboarding is under way. ` : "";
  setLocal("tenants", { busy: false, said: `${made}${answer.error ?? ""}` });
}

async function send(database, what) {
  const answer = await post("act", { database, what });
  const done = what === "lock" ? `A transaction holds ${answer.said || "nothing: there is no table yet"}.` : "";
  setLocal("tenants", { said: answer.error ?? done });
  refetch(["outside"]);
}

async function post(path, body) {
  try {
    return await api.post(`tenants/${path}`, body);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
    return {};
  }
}
