/** Links to vendors that are imitated here lead to the tab that plays them, not to the real ones. */

import { openTab } from "./tabs.js";
import { vendors } from "./vendors.js";

/** Follows every link of the page, the client's and the letters' list alike. */
export function watchLinks() {
  document.addEventListener("click", follow);
  document.addEventListener("auxclick", follow);
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  const vendor = link && vendors().find(({ script }) => script?.links?.[link.hostname]);
  if (!vendor) return;
  event.preventDefault();
  vendor.script.links[link.hostname](link);
  openTab(vendor.name);
}
