// What feels better with a script. Every page works without it: forms post, links lead on.

const token = document.querySelector('meta[name="seguito-token"]')?.content ?? "";

document.querySelector("[data-focus]")?.focus();
prepare(document);
document.addEventListener("submit", send);
document.addEventListener("click", copy);
document.addEventListener("input", filter);
document.addEventListener("change", filter);
document.addEventListener("keydown", key);
// A page that comes back from the browser's memory: its buttons work again.
addEventListener("pageshow", () => busy(document, false));
for (const part of document.querySelectorAll("[data-live]")) follow(part);

function prepare(root) {
  for (const one of root.querySelectorAll("[data-copy]")) one.hidden = false;
  for (const one of root.querySelectorAll('input[name="_token"]')) one.value ||= token;
  for (const one of root.querySelectorAll('input[name="_request"]')) one.value ||= unique();
}

function unique() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}

function busy(root, on) {
  for (const one of root.querySelectorAll("form[method=post] button")) one.disabled = on;
}

// After the submission has been made up, so that the button's own value is in it.
function send(event) {
  if (event.target.method === "post") setTimeout(() => busy(event.target, true));
}

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const name = button.getAttribute("aria-label");
  button.setAttribute("aria-label", document.body.dataset.copied);
  button.classList.add("done");
  setTimeout(() => { button.setAttribute("aria-label", name); button.classList.remove("done"); }, 1500);
}

// Filter forms answer while one types; the address says what is filtered.
let waiting = 0;
let newest = 0;
function filter(event) {
  const form = event.target.form;
  if (!form?.matches("[data-filters]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => show(form), event.type === "change" ? 0 : 300);
}

async function show(form) {
  const mine = ++newest;
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  const url = `${form.getAttribute("action")}${asked.size ? `?${asked}` : ""}`;
  const regions = [...document.querySelectorAll("[data-region]")];
  for (const one of regions) one.setAttribute("aria-busy", "true");
  const answer = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
  if (mine !== newest) return;
  if (!answer?.ok || answer.redirected) return location.assign(url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== newest) return;
  for (const one of regions) {
    const fresh = page.getElementById(one.id);
    if (fresh) one.replaceWith(fresh);
    if (fresh) prepare(fresh);
  }
  history.replaceState(null, "", url);
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.documentElement.dataset.keys === "off") return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector('input[type="search"]')?.focus();
  } else if (event.key === "r") location.reload();
  else if (event.key === "?") document.querySelector(".keys")?.toggleAttribute("hidden");
}

// A live region: the server sends the region's HTML, drawn once for all who look on.
function follow(part) {
  const sign = part.querySelector(".connection");
  const [live, again, stopped, over] = sign.dataset.words.split("|");
  const body = part.querySelector("[data-live-body]");
  let stream = null;
  let done = false;
  const say = (text, mood) => { sign.textContent = text; sign.className = `connection ${mood}`; };
  const close = () => { stream?.close(); stream = null; };
  const end = (text) => { done = true; close(); say(text, ""); };
  function open() {
    if (done || stream) return;
    stream = new EventSource(part.dataset.live);
    stream.onopen = () => say(live, "on");
    stream.onerror = () => (stream?.readyState === EventSource.CLOSED ? end(stopped) : say(again, "wait"));
    stream.addEventListener("region", (event) => {
      const fresh = new DOMParser().parseFromString(event.data, "text/html");
      prepare(fresh);
      if (!body.contains(document.activeElement) || document.activeElement === body) body.replaceChildren(...fresh.body.childNodes);
      else merge(body, fresh.body);
    });
    stream.addEventListener("over", () => { end(over); refresh(); });
    stream.addEventListener("ended", () => end(stopped));
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  open();
}

// What is beside a live region was drawn before its end.
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("content");
  prepare(fresh);
  merge(document.getElementById("content"), fresh);
}

// Whoever stands on a button of the region keeps it: the same one is focused afterwards.
function merge(body, fresh) {
  const all = (root) => [...root.querySelectorAll("a[href], button, input:not([type=hidden])")];
  const at = all(body).indexOf(document.activeElement);
  body.replaceChildren(...fresh.childNodes);
  all(body)[at]?.focus();
}
