/** Who is signed in, for all windows of this browser: the newest pair of tokens. */

import { auth } from "./api.js";

const KEPT = "room.session";
const EARLY = 30; // seconds before its end at which a token is renewed

/** The session, or null. */
export const session = () => JSON.parse(localStorage.getItem(KEPT) ?? "null");

/** Keeps a session as Auth answered it; null signs out. */
export function keep(given) {
  if (given) localStorage.setItem(KEPT, JSON.stringify(given));
  else localStorage.removeItem(KEPT);
}

/** Calls back when another window has signed in or out. */
export function onElsewhere(callback) {
  addEventListener("storage", (event) => event.key === KEPT && callback());
}

/** An access token that is still good. */
export async function token() {
  const held = session();
  if (held.expires_at - EARLY > Date.now() / 1000) return held.access_token;
  keep(await auth("POST", "/refresh", { refresh_token: held.refresh_token }));
  return session().access_token;
}

/** What stands behind the # when a link of an e-mail has led here; it is taken out of the address. */
export function arrived() {
  const told = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (location.hash) history.replaceState(null, "", location.pathname);
  return told;
}
