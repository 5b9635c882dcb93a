/** Room: sign up, confirm, sign in; then what the user has. */

import { auth, balance, profile, Refused } from "./api.js";
import { arrived, keep, onElsewhere, session, token } from "./session.js";
import { sentence } from "./words.js";

const LOOK_AGAIN = 1000; // milliseconds
const PATIENCE = 60; // looks until a key that does not come is told
const KEY_STATES = {
  pending: "Being made…",
  active: "Ready",
  failed: "Could not be made. We have been told, and mend it.",
  revoked: "Switched off",
};

const state = { view: "signup", email: "", notice: null, busy: false, has: null };
const main = document.getElementById("room");

const h = (tag, { data, ...props } = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), props);
  Object.assign(made.dataset, data);
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
};

function show(news = {}) {
  Object.assign(state, { notice: null }, news);
  main.replaceChildren(
    h("h1", {}, "Room"),
    ...(session() && state.view !== "newpassword" ? signedIn() : [...VIEWS[state.view]()]),
  );
}

const notice = () =>
  state.notice &&
  h("p", { className: `notice${state.notice.good ? " notice--good" : ""}`, role: "alert", id: "notice" }, state.notice.text);

const VIEWS = {
  signup: () => [quiet("Make an account: credits and a key of your own come with it."), tabs(), notice(), entry("Sign up")].filter(Boolean),
  signin: () => [quiet("Good to see you again."), tabs(), notice(), entry("Sign in"), link("Forgot your password?", forgot)].filter(Boolean),
  confirm: () =>
    [
      quiet(`We have sent a link to ${state.email}. Open it, or enter the code from the e-mail.`),
      notice(),
      form(confirm, "Confirm", field("code", "Code", { inputMode: "numeric", autocomplete: "one-time-code", maxLength: 6 })),
      link("Send the e-mail again", again),
      link("Use another address", () => show({ view: "signup" })),
    ].filter(Boolean),
  newpassword: () =>
    [
      quiet("Choose a new password."),
      notice(),
      form(renew, "Save it", field("password", "New password", { type: "password", autocomplete: "new-password" })),
    ].filter(Boolean),
};

const quiet = (text) => h("p", { className: "quiet" }, text);
const link = (text, onclick) => h("p", { className: "quiet" }, h("button", { type: "button", className: "link", onclick }, text));

function tabs() {
  const tab = (view, text) =>
    h("button", { type: "button", role: "tab", ariaSelected: String(state.view === view), onclick: () => show({ view }) }, text);
  return h("div", { className: "tabs", role: "tablist" }, tab("signup", "Sign up"), tab("signin", "Sign in"));
}

function entry(label) {
  const isNew = state.view === "signup";
  return form(
    isNew ? signUp : signIn,
    label,
    field("email", "E-mail", { type: "email", autocomplete: "email", value: state.email }),
    field("password", "Password", { type: "password", autocomplete: isNew ? "new-password" : "current-password" }),
  );
}

function field(name, label, props) {
  return h("label", {}, label, h("input", { name, required: true, ...props }));
}

function form(send, label, ...fields) {
  const button = h("button", { className: "button", disabled: state.busy }, state.busy ? "One moment…" : label);
  const onsubmit = (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    button.textContent = "One moment…";
    const given = Object.fromEntries(new FormData(event.target));
    state.email = given.email ?? state.email;
    guarded(() => send(given));
  };
  return h("form", { onsubmit }, fields, button);
}

/** Does it, and says what was refused. */
async function guarded(deed) {
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const view = error.code === "email_not_confirmed" ? "confirm" : state.view;
    show({ view, notice: { text: error.message } });
  }
}

const back = () => `?${new URLSearchParams({ redirect_to: location.origin + location.pathname })}`;

async function signUp({ email, password }) {
  const told = await auth("POST", `/signup${back()}`, { email, password });
  if (told.access_token) enter(told);
  // Without identities the address was known already: the page says the same, and so tells nobody.
  else show({ view: "confirm" });
}

async function signIn({ email, password }) {
  enter(await auth("POST", "/login", { email, password }));
}

async function confirm({ code }) {
  enter(await auth("POST", "/verify", { type: "signup", email: state.email, token: code.trim() }));
}

const again = () =>
  guarded(async () => {
    await auth("POST", `/resend${back()}`, { type: "signup", email: state.email });
    show({ notice: { good: true, text: "It is on its way again." } });
  });

const forgot = () =>
  guarded(async () => {
    state.email = document.querySelector("[name=email]").value;
    await auth("POST", `/recover${back()}`, { email: state.email });
    show({ notice: { good: true, text: "If we know this address, a link is on its way to it." } });
  });

async function renew({ password }) {
  await auth("PUT", "/user", { password }, await token());
  state.view = "signin";
  enter(session());
}

const leave = () =>
  guarded(async () => {
    const held = await token();
    keep(null);
    show({ view: "signin", has: null });
    await auth("POST", "/logout?scope=local", undefined, held);
  });

function enter(given) {
  keep(given);
  show({ view: "signin", has: null });
  look(PATIENCE);
}

function signedIn() {
  const { has } = state;
  const key = has?.key ?? "pending";
  return [
    quiet(`Hello ${session().user?.email ?? ""}`),
    notice(),
    h(
      "div",
      { className: "cards" },
      card("Credits", has ? String(has.balance) : "…", "figure", "balance"),
      card("Your key", KEY_STATES[key] ?? key, "", "key", key),
    ),
    has?.late && quiet("This takes longer than usual. You can close the page; it goes on by itself."),
    h("button", { type: "button", className: "button", onclick: leave }, "Sign out"),
  ].filter(Boolean);
}

function card(title, text, className, name, kept = "") {
  const told = h("p", { className, data: { room: name, state: kept } }, text);
  return h("section", { className: "card" }, h("h2", {}, title), told);
}

/** Looks what the user has until the key is there; a session that has ended leads back to the form. */
async function look(left) {
  const held = session();
  if (!held) return;
  try {
    const good = await token();
    const [money, row] = await Promise.all([balance(good), profile(good, held.user.id)]);
    if (session()?.user?.id !== held.user?.id) return;
    const key = row?.openrouter_provisioning_status ?? "pending";
    const waits = key === "pending" || !money.balance;
    show({ has: { balance: money.balance, key, late: waits && left <= 0 } });
    if (waits) setTimeout(() => look(left - 1), LOOK_AGAIN);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code === "offline") return setTimeout(() => look(left - 1), LOOK_AGAIN * 5);
    keep(null);
    show({ view: "signin", has: null, notice: { text: "Your session has ended. Please sign in again." } });
  }
}

async function open() {
  const told = arrived();
  onElsewhere(() => (session() ? enter(session()) : show({ view: "signin", has: null })));
  if (told.error_code) {
    return show({ view: "signin", notice: { text: sentence(told.error_code, told.error_description) } });
  }
  if (!told.access_token) return session() ? enter(session()) : show();
  await guarded(async () => {
    const user = await auth("GET", "/user", undefined, told.access_token);
    keep({ ...told, expires_at: Number(told.expires_at), user });
    if (told.type === "recovery") return show({ view: "newpassword" });
    enter(session());
  });
}

open();
