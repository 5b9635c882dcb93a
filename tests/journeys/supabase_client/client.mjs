// Somebody's first day with Supabase's own package for Node: prints what it got as JSON.
// node client.mjs URL SCENE: the scene is {email, password, back, panel} as JSON.
import { GoTrueClient } from "@supabase/auth-js";

const [url, scene] = process.argv.slice(2);
const { email, password, back, panel } = JSON.parse(scene);

/** A client as a browser tab has one: what it stores is its own. */
function tab() {
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
  return new GoTrueClient({ url, autoRefreshToken: false, persistSession: true, storage });
}

const failure = (error) => error && { code: error.code, status: error.status, name: error.name };
const page = tab();

const signedUp = await page.signUp({ email, password, options: { emailRedirectTo: back, data: { name: "Olga" } } });
const weak = await page.signUp({ email: `x${email}`, password: "x" });
const early = await page.signInWithPassword({ email, password });
const outside = await (await fetch(`${panel}/panel/api/outside`)).json();
const mail = outside.supabase.mails.find((one) => one.to === email);
const confirmed = await page.verifyOtp({ email, token: mail.code, type: "signup" });
const again = await tab().signUp({ email, password });
const wrong = await tab().signInWithPassword({ email, password: "wrong" });
const signedIn = await page.signInWithPassword({ email, password });
const refreshed = await page.refreshSession();
const user = await page.getUser();
const claims = await page.getClaims();
const updated = await page.updateUser({ data: { name: "Olga B." } });
const forgotten = await page.resetPasswordForEmail(email, { redirectTo: back });
const resent = await page.resend({ type: "signup", email });
const signedOut = await page.signOut();
const after = await page.getUser();

console.log(
  JSON.stringify({
    id: signedUp.data.user?.id,
    waits: signedUp.data.session === null,
    link: mail.link,
    weak: { ...failure(weak.error), reasons: weak.error?.reasons },
    early: failure(early.error),
    confirmed: confirmed.data.session?.user.id,
    again: { identities: again.data.user?.identities, id: again.data.user?.id, error: failure(again.error) },
    wrong: failure(wrong.error),
    signed_in: signedIn.data.user?.email,
    token: signedIn.data.session?.access_token,
    rotated: refreshed.data.session?.refresh_token !== signedIn.data.session?.refresh_token,
    user: user.data.user?.user_metadata.name,
    claims: claims.data?.claims.email,
    updated: updated.data.user?.user_metadata.name,
    forgotten: failure(forgotten.error) ?? null,
    resent: failure(resent.error) ?? null,
    signed_out: failure(signedOut.error) ?? null,
    after: failure(after.error),
  }),
);
