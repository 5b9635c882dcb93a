/** Line icons, drawn for this page on a 20-unit grid. */

import { h } from "./dom.js";

const PATHS = {
  arrow: "M3 10h13M11 5l5 5-5 5",
  back: "M12 4l-6 6 6 6",
  bolt: "M11 2L4 11.5h5L8.5 18 16 8.5h-5z",
  book: "M4 4.5A1.5 1.5 0 015.5 3H16v12H5.5A1.5 1.5 0 004 16.5zM4 16.5A1.5 1.5 0 005.5 18H16v-3",
  building:
    "M4 17V4.5A1.5 1.5 0 015.5 3h6A1.5 1.5 0 0113 4.5V17M13 8h2.5A1.5 1.5 0 0117 9.5V17M2.5 17h15M7 7h3M7 10h3M7 13h3",
  calendar: "M4 5h12a1 1 0 011 1v10a1 1 0 01-1 1H4a1 1 0 01-1-1V6a1 1 0 011-1zM3 9h14M7 3v3.5M13 3v3.5",
  check: "M4 10.5l4 4 8-9",
  chevron: "M5 8l5 5 5-5",
  clock: "M10 3a7 7 0 100 14 7 7 0 000-14zM10 6v4.3l2.8 1.7",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7.5 7.5V4.5A1 1 0 018.5 3.5h7a1 1 0 011 1v7a1 1 0 01-1 1h-3M4.5 7.5h7a1 1 0 011 1v7a1 1 0 01-1 1h-7a1 1 0 01-1-1v-7a1 1 0 011-1z",
  down: "M6 4v12M6 16l-3-3M6 16l3-3M12 5h5M12 10h4M12 15h3",
  eye: "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 7.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z",
  globe:
    "M10 2.5a7.5 7.5 0 100 15 7.5 7.5 0 000-15zM2.5 10h15M10 2.5c2.5 2.3 3.3 4.9 3.3 7.5s-.8 5.2-3.3 7.5c-2.5-2.3-3.3-4.9-3.3-7.5s.8-5.2 3.3-7.5z",
  hash: "M8 3L6 17M14 3l-2 14M3.5 7.5H17M3 12.5h13.5",
  lock: "M5.5 9h9a1 1 0 011 1v6a1 1 0 01-1 1h-9a1 1 0 01-1-1v-6a1 1 0 011-1zM7 9V6.5a3 3 0 016 0V9",
  mail: "M3.5 5h13a1 1 0 011 1v8.5a1 1 0 01-1 1h-13a1 1 0 01-1-1V6a1 1 0 011-1zM3 6l7 5.5L17 6",
  pane: "M4 4h12a1 1 0 011 1v10a1 1 0 01-1 1H4a1 1 0 01-1-1V5a1 1 0 011-1zM12.5 4v12",
  plus: "M10 4v12M4 10h12",
  search: "M9 3.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM13 13l4 4",
  send: "M3 10L17 3.5 13 17l-3.5-5.5z M9.5 11.5L17 3.5",
  slash: "M12.5 4l-5 12",
  spark: "M10 2.5l1.8 5.2 5.2 1.8-5.2 1.8L10 16.5l-1.8-5.2L3 9.5l5.2-1.8z",
  swap: "M4 7h12M13 4l3 3-3 3M16 13H4M7 10l-3 3 3 3",
  thumbdown:
    "M6 4v8M6 12l3.5 5c1.5 0 2-1 2-2v-2.5h4A1.5 1.5 0 0017 10.8L15.8 5A1.5 1.5 0 0014.3 4H6M3 4h3v8H3z",
  thumbup: "M6 16V8M6 8l3.5-5c1.5 0 2 1 2 2v2.5h4A1.5 1.5 0 0117 9.2L15.8 15a1.5 1.5 0 01-1.5 1H6M3 8h3v8H3z",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.8 10.5h7.4L14.5 6M8.5 9v5M11.5 9v5",
  users:
    "M7.5 4a3 3 0 100 6 3 3 0 000-6zM2 17c0-3 2.3-4.7 5.5-4.7S13 14 13 17M13 4.3a3 3 0 010 5.5M15 12.7c1.9.6 3 2.1 3 4.3",
  warning: "M10 3l8 14H2zM10 8v4M10 14.2v.6",
};

/** An icon by name; purely decorative, the control around it carries the label. */
export function icon(name, extra = "") {
  return h("svg", { class: `icon ${extra}`, viewBox: "0 0 20 20", "aria-hidden": "true" }, shapes(name));
}

function shapes(name) {
  if (name === "dots") return dots((at) => ({ cx: at, cy: 10 }));
  if (name === "kebab") return dots((at) => ({ cx: 10, cy: at }));
  return h("path", { d: PATHS[name] ?? PATHS.spark });
}

function dots(where) {
  return [4.5, 10, 15.5].map((at) => h("circle", { ...where(at), r: 1.5, class: "icon__dot" }));
}
