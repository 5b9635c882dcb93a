/** Links to vendors that are imitated here lead to the tab that plays them, not to the real ones. */

import { openDraft } from "./gmail.js";
import { openTab } from "./tabs.js";

const GMAIL = "mail.google.com";

/** Follows every link of the page, the client's and the letters' list alike. */
export function watchLinks() {
  document.addEventListener("click", follow);
  document.addEventListener("auxclick", follow);
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.hostname !== GMAIL) return;
  event.preventDefault();
  openDraft(link.hash.match(/[\w-]+$/u)?.[0] ?? "");
  openTab("gmail");
}
