/** Supabase: a project's e-mails, users, profiles, and the switches of its dashboard. */

import * as api from "panel/page/api.js";
import { h } from "panel/page/dom.js";
import { local, setLocal, state, update } from "panel/page/store.js";
import { refetch } from "panel/page/sync.js";
import { dateTime } from "panel/text/time.js";
import { grid, nothing, segment } from "panel/outside/parts.js";

const project = () => state.outside?.supabase ?? { mails: [], users: [], profiles: [], settings: {} };
const own = () => local("supabase", { shown: "mails" });

const MAILS = {
  signup: ["Confirm your sign-up", "Confirm your e-mail address"],
  recovery: ["Reset your password", "Reset password"],
  magiclink: ["Your magic link", "Sign in"],
  email_change: ["Confirm your new address", "Confirm new address"],
};
const SWITCHES = [
  ["confirm_email", "New addresses must be confirmed"],
  ["signups", "Anybody may sign up"],
  ["captcha", "A captcha is asked for"],
  ["granted", "PostgREST may touch profiles"],
  ["emails_per_hour", "E-mails in an hour"],
  ["email_gap", "Seconds between two e-mails to one person"],
  ["profile_delay", "Seconds until the trigger made the profile"],
  ["password_length", "Fewest characters of a password"],
  ["password_mixed", "Passwords need aA1"],
  ["token_life", "Seconds of an access token"],
];

/** How many e-mails it sent. */
export const count = () => project().mails.length;

/** The tab. */
export function draw() {
  const { shown } = own();
  return [
    h(
      "div",
      { key: "kinds", class: "segments segments--wide", role: "tablist", "aria-label": "What to see" },
      Object.entries(SHOWN).map(([id, [label]]) =>
        segment(label, shown === id, () => setLocal("supabase", { shown: id })),
      ),
    ),
    h("div", { key: shown }, SHOWN[shown][1]()),
  ];
}

const SHOWN = {
  mails: ["E-mails", drawMails],
  users: ["Users", drawUsers],
  profiles: ["Profiles", drawProfiles],
  settings: ["Settings", drawSettings],
};

function drawMails() {
  const { mails } = project();
  if (!mails.length)
    return nothing("mail", "No e-mail yet", "Who signs up gets an e-mail with a link; it arrives here.");
  return mails.map((mail) => {
    const [subject, go] = MAILS[mail.kind] ?? [mail.kind, "Open"];
    return h(
      "article",
      { key: mail.n, class: "mail", "data-auth-mail": mail.n },
      h(
        "span",
        { class: "mail__line" },
        h("span", { class: "mail__to" }, mail.to),
        h("time", { class: "mail__time" }, dateTime(mail.at)),
      ),
      h("strong", { class: "mail__subject" }, subject),
      h("span", { class: "mail__snippet" }, "or enter the code ", h("span", { class: "supabase__code" }, mail.code)),
      h("a", { class: "link-button", href: mail.link, target: "_blank", rel: "noopener" }, go),
    );
  });
}

function drawUsers() {
  const { users } = project();
  if (!users.length) return nothing("building", "No users", "Sign up in the tab Room.");
  const columns = [
    ["E-mail", (user) => user.email],
    ["Confirmed", (user) => (user.email_confirmed_at ? dateTime(user.email_confirmed_at) : "waits")],
    ["Last sign-in", (user) => user.last_sign_in_at && dateTime(user.last_sign_in_at)],
    ["Id", (user) => h("span", { class: "supabase__code" }, user.id)],
  ];
  return grid(columns, users, { label: "Users", keyOf: (user) => user.id });
}

function drawProfiles() {
  const { profiles } = project();
  if (!profiles.length) return nothing("building", "No profiles", "A trigger makes one for each user.");
  const columns = [
    ["E-mail", (row) => row.email],
    ["Status", (row) => row.openrouter_provisioning_status],
    ["Key", (row) => row.openrouter_key_name],
    ["Limit", (row) => row.openrouter_key_limit],
    ["Created", (row) => dateTime(row.created_at)],
  ];
  return grid(columns, profiles, { label: "Profiles", keyOf: (row) => row.id });
}

function drawSettings() {
  const { settings } = project();
  return h(
    "div",
    { class: "supabase__switches" },
    SWITCHES.map(([name, label]) => {
      const isSwitch = typeof settings[name] === "boolean";
      const props = isSwitch
        ? { type: "checkbox", checked: settings[name] }
        : { type: "number", min: 0, class: "input input--small", value: settings[name] };
      const read = (input) => (isSwitch ? input.checked : Number(input.value));
      return [
        h("label", { key: `l-${name}`, for: `supabase-${name}` }, label),
        h("input", {
          key: `i-${name}`,
          id: `supabase-${name}`,
          ...props,
          onchange: (event) => change(name, read(event.target)),
        }),
      ];
    }),
  );
}

async function change(name, value) {
  try {
    const answer = await api.post("supabase/settings", { [name]: value });
    if (answer.error) update({ failure: answer.error });
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  }
  refetch(["outside"]);
}
