/** Room's calls: the product's address for accounts and credits, Supabase's own for the profile. */

import { sentence } from "./words.js";

const config = await (await fetch("/room/config")).json();
const outside = await (await fetch("/environment")).json();
const VERSION = { "X-Supabase-Api-Version": "2024-01-01" };

/** A refusal, with its code and a sentence for people. */
export class Refused extends Error {
  constructor(code, said) {
    super(sentence(code, said));
    this.code = code;
  }
}

/** One call of Auth under the product's address. */
export const auth = (method, path, body, token) => call(method, `${config.api}/auth${path}`, body, token);

/** What the user may spend. */
export const balance = (token) => call("GET", `${config.api}/credits/balance`, undefined, token);

/** The user's row of `profiles`, which says how far the key is; undefined before there is one. */
export async function profile(token, id) {
  const url = `${outside.SUPABASE_URL}/rest/v1/profiles?id=eq.${id}`;
  const headers = { apikey: outside.SUPABASE_PUBLISHABLE_KEY };
  return (await call("GET", url, undefined, token, headers))[0];
}

async function call(method, url, body, token, more = {}) {
  const headers = { ...VERSION, ...more };
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  } catch (error) {
    throw new Refused("offline", String(error));
  }
  const told = parse(await answer.text());
  if (answer.ok) return told;
  const code = answer.headers.get("x-sb-error-code") ?? told.error_code ?? told.error?.code ?? told.code;
  throw new Refused(code, told.message ?? told.msg ?? told.error?.message);
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
