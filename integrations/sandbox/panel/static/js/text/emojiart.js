/** Our own small drawings of the emoji that apps use most, for machines that have no emoji font. */

import { h } from "../page/dom.js";

const RED = "#e0435c";
const GREEN = "#2fa36b";
const BLUE = "#3b82c4";
const GOLD = "#f2b53c";
const GREY = "#9aa5b1";
const PAPER = "#eef2f6";
const INK = "#66788a";
const SKIN = "#f7c948";

const fill = (color, d) => ["path", { d, fill: color }];
const line = (color, d, width = 2) => [
  "path",
  {
    d,
    fill: "none",
    stroke: color,
    "stroke-width": width,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  },
];
const disc = (color, cx, cy, r) => ["circle", { cx, cy, r, fill: color }];
const box = (color, x, y, width, height, rx = 2) => ["rect", { x, y, width, height, rx, fill: color }];
const ball = (color) => [disc(color, 10, 10, 8)];
const tick = (color) => line(color, "M5.5 10.5l3 3.2 6-7", 2.4);
const hand = (d) => [fill(SKIN, d)];

const ART = {
  "✅": [box(GREEN, 2, 2, 16, 16, 4), tick("#fff")],
  "☑": [box(BLUE, 2, 2, 16, 16, 4), tick("#fff")],
  "✔": [tick(GREEN)],
  "❌": [line(RED, "M5 5l10 10M15 5L5 15", 3)],
  "✖": [line(INK, "M5 5l10 10M15 5L5 15", 3)],
  "➕": [line(INK, "M10 4v12M4 10h12", 3)],
  "➖": [line(INK, "M4 10h12", 3)],
  "↩": [box(BLUE, 2, 2, 16, 16, 4), line("#fff", "M8 5.5L5 8.5l3 3M5.5 8.5H12a2.8 2.8 0 010 5.6H9", 1.8)],
  "🔀": [
    box(BLUE, 2, 2, 16, 16, 4),
    line("#fff", "M5 7h2.5l5 6H15M5 13h2.5l1.6-2M11 9l1.5-2H15M13.3 5.2L15.2 7l-1.9 1.8M13.3 11.2l1.9 1.8-1.9 1.8", 1.6),
  ],
  "💳": [box(BLUE, 2, 4.5, 16, 11.5, 2), box(INK, 2, 7, 16, 2.6, 0), box(PAPER, 4, 12, 5, 1.8, 0.6)],
  "🌱": [
    line(GREEN, "M10 17.5V10", 2),
    fill(GREEN, "M10 11C10 7 7.5 4.5 3 4.5 3 8.5 5.5 11 10 11z"),
    fill(GREEN, "M10 9.5c0-3.5 2.5-6 7-6 0 4-2.5 6-7 6z"),
  ],
  "⚠": [fill(GOLD, "M10 2l8.5 15.5h-17z"), line("#5b4300", "M10 7.5v5M10 15.2v.1", 2)],
  "⛔": [disc(RED, 10, 10, 8), box("#fff", 5, 8.5, 10, 3, 1)],
  "🚫": [
    ["circle", { cx: 10, cy: 10, r: 7, fill: "none", stroke: RED, "stroke-width": 2.2 }],
    line(RED, "M5.2 5.2l9.6 9.6", 2.2),
  ],
  "🛑": [fill(RED, "M6.5 2h7L18 6.5v7L13.5 18h-7L2 13.5v-7z"), line("#fff", "M6.5 10h7", 2)],
  "❗": [line(RED, "M10 3v8.5M10 16v.1", 3)],
  "❓": [line(RED, "M7 6.5C7 3 13 3 13 6.5c0 2.5-3 2.5-3 5.5M10 16v.1", 2.5)],
  ℹ: [box(BLUE, 2, 2, 16, 16, 4), line("#fff", "M10 9.5V14M10 6v.1", 2.2)],
  "🚨": [
    fill(RED, "M5.5 14V9.5a4.5 4.5 0 019 0V14z"),
    box(INK, 4, 14, 12, 3, 1),
    line(GOLD, "M10 1.5V3M3 5l1.2 1M17 5l-1.2 1", 1.6),
  ],
  "⌛": [
    fill(PAPER, "M5 3h10c0 4-3 5-3.5 7 .5 2 3.5 3 3.5 7H5c0-4 3-5 3.5-7C8 8 5 7 5 3z"),
    fill(GOLD, "M6 16.5c.5-2.5 3-3 4-4 1 1 3.5 1.5 4 4z"),
    line(INK, "M4.5 2.8h11M4.5 17.2h11", 1.8),
  ],
  "⏱": [
    disc(PAPER, 10, 11, 7),
    line(INK, "M10 11V7M8.5 2.2h3M16 4.5l1 1", 1.6),
    ["circle", { cx: 10, cy: 11, r: 6.5, fill: "none", stroke: INK, "stroke-width": 1.5 }],
  ],
  "🔄": [
    box(BLUE, 2, 2, 16, 16, 4),
    line("#fff", "M6 9a4.5 4.5 0 018-1.5M14 11a4.5 4.5 0 01-8 1.5M14.3 4.8v2.9h-2.9M5.7 15.2v-2.9h2.9", 1.6),
  ],
  "📧": [
    box(PAPER, 2, 4.5, 16, 11.5),
    line(BLUE, "M3 6l7 5.5L17 6", 1.6),
    ["rect", { x: 2, y: 4.5, width: 16, height: 11.5, rx: 2, fill: "none", stroke: GREY, "stroke-width": 1 }],
  ],
  "📥": [
    fill(GREY, "M2.5 11h4l1.5 2.5h4L13.5 11h4v6h-15z"),
    line(GREEN, "M10 2v7.5M6.8 6.5L10 9.7l3.2-3.2", 2),
  ],
  "📝": [
    box(PAPER, 3, 2.5, 12, 15.5),
    line(GREY, "M5.5 6.5h6M5.5 9.5h5M5.5 12.5h4", 1.3),
    line(GOLD, "M17 7.5l-6 7", 2.6),
  ],
  "✏": [line(GOLD, "M15 4L6 14", 3.4), line(INK, "M5.3 15.2L4 16.8", 2.2), line(RED, "M15.8 3.2l.5-.5", 3.4)],
  "📄": [
    fill(PAPER, "M4.5 2h8L16 5.5V18H4.5z"),
    line(GREY, "M7 8h6M7 11h6M7 14h4", 1.3),
    fill(GREY, "M12.5 2L16 5.5h-3.5z"),
  ],
  "📋": [
    box("#b9804a", 3.5, 3, 13, 15),
    box(PAPER, 5.2, 5, 9.6, 11.5, 1),
    box(INK, 7.5, 1.8, 5, 3, 1),
    line(GREY, "M7 8.5h6M7 11h6M7 13.5h4", 1.2),
  ],
  "📌": [line(GREY, "M6 18l4.5-6", 1.6), fill(RED, "M8 4l8 5-2 1-1.5 4.5L4.5 9 9 7.5z")],
  "📎": [line(GREY, "M13.5 6.5L8 13.5c-1 1.3-3 0-2-1.5l6-8c1.8-2.3 5 .2 3.3 2.5L9 15.5", 1.7)],
  "🔗": [
    line(
      BLUE,
      "M8.5 11.5a3 3 0 004.2 0l2.8-2.8a3 3 0 00-4.2-4.2L10 5.8M11.5 8.5a3 3 0 00-4.2 0l-2.8 2.8a3 3 0 004.2 4.2l1.3-1.3",
      1.9,
    ),
  ],
  "📅": [
    box(PAPER, 2.5, 4, 15, 14),
    fill(RED, "M2.5 8V6a2 2 0 012-2h11a2 2 0 012 2v2z"),
    line(INK, "M6 2.5v3M14 2.5v3", 1.5),
    fill(INK, "M6 10.5h2v2H6zM9 10.5h2v2H9zM12 10.5h2v2h-2zM6 13.8h2v2H6zM9 13.8h2v2H9z"),
  ],
  "📞": [line(RED, "M5 4c-1 5 5 12 10.5 11.5", 3), disc(RED, 5, 4.5, 2.3), disc(RED, 15.5, 15, 2.3)],
  "💬": [
    fill(PAPER, "M3 4h14a1 1 0 011 1v8a1 1 0 01-1 1H9l-4 3.5V14H3a1 1 0 01-1-1V5a1 1 0 011-1z"),
    disc(GREY, 6.5, 9, 1.1),
    disc(GREY, 10, 9, 1.1),
    disc(GREY, 13.5, 9, 1.1),
  ],
  "🎥": [
    box(INK, 2, 7, 11, 9),
    fill(INK, "M13.5 10.5L18 8v7l-4.5-2.5z"),
    disc(GREY, 5.5, 4.8, 2),
    disc(GREY, 10, 4.8, 2),
  ],
  "📢": [fill(RED, "M3 8h4l8-4.5v13L7 12H3z"), line(INK, "M6 12.5l1.5 4.5", 2)],
  "🔔": [
    fill(GOLD, "M10 2.5c3.5 0 5 2.5 5 5.5 0 4 2 4.5 2 6.5H3c0-2 2-2.5 2-6.5 0-3 1.5-5.5 5-5.5z"),
    disc("#c98a1a", 10, 16.2, 1.8),
  ],
  "🔍": [
    ["circle", { cx: 8.5, cy: 8.5, r: 5, fill: "#d8ecfa", stroke: INK, "stroke-width": 1.8 }],
    line(INK, "M12.5 12.5L17 17", 2.6),
  ],
  "🔒": [box(GOLD, 4, 9, 12, 9), line(GREY, "M6.5 9V6.5a3.5 3.5 0 017 0V9", 2), disc(INK, 10, 13.2, 1.5)],
  "🔑": [
    line(GOLD, "M9 11l7-7M13 7l2 2", 2.4),
    ["circle", { cx: 6.5, cy: 13.5, r: 3.3, fill: "none", stroke: GOLD, "stroke-width": 2.4 }],
  ],
  "⚙": [
    ["circle", { cx: 10, cy: 10, r: 4.6, fill: "none", stroke: GREY, "stroke-width": 3 }],
    line(
      GREY,
      "M10 2v2.5M10 15.5V18M2 10h2.5M15.5 10H18M4.3 4.3l1.8 1.8M13.9 13.9l1.8 1.8M4.3 15.7l1.8-1.8M13.9 6.1l1.8-1.8",
      2.4,
    ),
  ],
  "🔧": [
    line(GREY, "M11.5 8.5L4.5 15.5", 3.4),
    line(GREY, "M16.8 5.2a3.8 3.8 0 11-2-2", 2.6),
  ],
  "🤝": [
    line(SKIN, "M2.5 8l4-1.5 3.5 2 3.5-2 4 1.5M5 11l4 4.5M8 9.5l4.5 5M11 9l4 3.5", 2.4),
  ],
  "🔌": [
    fill(INK, "M5.5 8h9v2.5a4.5 4.5 0 01-9 0z"),
    line(GREY, "M7.5 3.5V8M12.5 3.5V8", 2),
    line(INK, "M10 14.5V18", 2),
  ],
  "💡": [
    fill(GOLD, "M10 2a5.5 5.5 0 00-3 10c.8.6 1 1.2 1 2h4c0-.8.2-1.4 1-2a5.5 5.5 0 00-3-10z"),
    line(GREY, "M8.3 16h3.4M9 18h2", 1.4),
  ],
  "🗑": [fill(GREY, "M4.5 6.5h11L14.5 18h-9z"), line(INK, "M3.5 5h13M8 3h4", 1.8)],
  "✨": [
    fill(
      GOLD,
      "M8 4l1.5 5L14.5 10.5 9.5 12 8 17l-1.5-5L1.5 10.5 6.5 9zM15 1.5l.8 2.7 2.7.8-2.7.8L15 8.5l-.8-2.7-2.7-.8 2.7-.8zM15.5 13l.6 1.9 1.9.6-1.9.6-.6 1.9-.6-1.9-1.9-.6 1.9-.6z",
    ),
  ],
  "⚡": [fill(GOLD, "M11.5 1.5L4 11.5h5L7.5 18.5 16 8h-5z")],
  "🔥": [
    fill(
      "#f0692e",
      "M10 1.5c.5 3.5 5.5 5 5.5 10.5a5.5 5.5 0 01-11 0c0-2.5 1.3-3.5 2-5 .8 1 1.3 1.7 1.5 3C9.5 8 10.5 5 10 1.5z",
    ),
    fill(GOLD, "M10 10.5c1.5 1.2 2.5 2.5 2.5 4a2.5 2.5 0 01-5 0c0-1.5 1.5-2.5 2.5-4z"),
  ],
  "🚀": [
    fill(PAPER, "M12 12.5L7.5 8C9 4.5 12 2.5 17.5 2.5c0 5.5-2 8.5-5.5 10z"),
    disc(BLUE, 12.8, 7.2, 1.7),
    fill(RED, "M7.5 8L3.5 9l2.5 2zM12 12.5l-1 4-2-2.5z"),
    fill(GOLD, "M5.5 12l2.5 2.5c-1 1.5-3 2.5-5 2.5 0-2 1-4 2.5-5z"),
  ],
  "🎯": [disc(RED, 10, 10, 8), disc("#fff", 10, 10, 5.6), disc(RED, 10, 10, 3.2)],
  "⭐": [fill(GOLD, "M10 2l2.4 5.2 5.6.7-4.1 3.9 1.1 5.7L10 14.7 5 17.5l1.1-5.7L2 7.9l5.6-.7z")],
  "❤": [fill(RED, "M10 17C4 12.5 2 9.8 2 7a4.2 4.2 0 018-1.8A4.2 4.2 0 0118 7c0 2.8-2 5.5-8 10z")],
  "🎉": [
    fill(GOLD, "M2.5 17.5l4-10 6 6z"),
    line(RED, "M10 7c1-1 .5-3-1-4M13 10c1.5-1.5 3.5-1 4.5 0", 1.6),
    disc(BLUE, 13, 4, 1.2),
    disc(GREEN, 16.5, 6.5, 1.2),
    disc(RED, 15, 14, 1.2),
  ],
  "💰": [
    fill("#d9a441", "M7 5h6c3.5 3 5 6 5 8.5 0 3-2.5 4.5-8 4.5s-8-1.5-8-4.5C2 11 3.5 8 7 5z"),
    fill(INK, "M7 2h6l-1 3H8z"),
    line("#6b4a0c", "M12 9.5c-1-1-4-.9-4 .8s4 1 4 2.9-3 2-4.2.8M10 8v8", 1.3),
  ],
  "📈": [box(PAPER, 2, 2, 16, 16, 3), line(GREEN, "M4.5 14l4-4.5 2.5 2 4.5-6", 2)],
  "📊": [
    box(PAPER, 2, 2, 16, 16, 3),
    fill(GREEN, "M5 10h2.5v5H5z"),
    fill(BLUE, "M8.8 6h2.5v9H8.8z"),
    fill(RED, "M12.6 8.5h2.5V15h-2.5z"),
  ],
  "💼": [box("#8a5a34", 2, 6.5, 16, 10.5), line("#5d3b20", "M7.5 6.5V4h5v2.5M2.5 11h15", 1.5)],
  "🏢": [
    box(GREY, 4, 2, 12, 16, 1),
    fill(
      "#fff",
      "M6.5 4.5h2v2h-2zM11.5 4.5h2v2h-2zM6.5 8.5h2v2h-2zM11.5 8.5h2v2h-2zM6.5 12.5h2v2h-2zM11.5 12.5h2v2h-2z",
    ),
  ],
  "🏠": [
    fill(RED, "M10 2L1.5 9.5h17z"),
    fill(PAPER, "M4 9.5h12V18H4z"),
    fill("#8a5a34", "M8.5 12.5h3V18h-3z"),
  ],
  "🌐": [
    ["circle", { cx: 10, cy: 10, r: 7.5, fill: "#d8ecfa", stroke: BLUE, "stroke-width": 1.4 }],
    line(BLUE, "M2.5 10h15M10 2.5c-4 4.5-4 10.5 0 15M10 2.5c4 4.5 4 10.5 0 15", 1.2),
  ],
  "👥": [
    disc("#7b8794", 13.5, 7, 2.8),
    fill("#7b8794", "M9 17c0-4 2-5.5 4.5-5.5S18 13 18 17z"),
    disc(INK, 7, 6.5, 3.2),
    fill(INK, "M1.5 17.5c0-4.5 2.5-6 5.5-6s5.5 1.5 5.5 6z"),
  ],
  "👤": [disc(INK, 10, 6.5, 3.6), fill(INK, "M3.5 18c0-5 3-6.5 6.5-6.5s6.5 1.5 6.5 6.5z")],
  "🔴": ball(RED),
  "🟠": ball("#ef7d33"),
  "🟡": ball(GOLD),
  "🟢": ball(GREEN),
  "🔵": ball(BLUE),
  "⚪": ball("#dfe5ea"),
  "⚫": ball(INK),
  "👋": [
    fill(
      SKIN,
      "M4 9.5l1.3-1 2.7 2.5-3.5-5L6 5l3.5 4.5L7.2 4l1.6-.8 3 5.3-1.3-4.7 1.7-.4 2.3 7.1c1.5-2 1-3 2.5-3.5.8 2.5.5 6-1.5 8.5-2 2.6-5.5 2.8-8 .5z",
    ),
  ],
  "👍": hand(
    "M3 9h3v8.5H3zM7 9l3.5-6.5c1.5 0 2 1 1.8 2.3L11.8 8h4a1.5 1.5 0 011.4 1.9l-1.5 6a2 2 0 01-1.9 1.6H7z",
  ),
  "👎": hand(
    "M3 2.5h3V11H3zM7 11l3.5 6.5c1.5 0 2-1 1.8-2.3L11.8 12h4a1.5 1.5 0 001.4-1.9l-1.5-6a2 2 0 00-1.9-1.6H7z",
  ),
  "👀": [
    ["ellipse", { cx: 6, cy: 10, rx: 3.8, ry: 5.5, fill: "#fff", stroke: GREY }],
    ["ellipse", { cx: 14, cy: 10, rx: 3.8, ry: 5.5, fill: "#fff", stroke: GREY }],
    disc(INK, 7, 11, 2),
    disc(INK, 15, 11, 2),
  ],
  "🙂": [
    disc(SKIN, 10, 10, 8),
    disc(INK, 7, 8.5, 1.1),
    disc(INK, 13, 8.5, 1.1),
    line(INK, "M6.5 12.5c2 2.2 5 2.2 7 0", 1.5),
  ],
  "🤖": [
    box("#a9b8c6", 3.5, 5, 13, 12, 3),
    disc("#fff", 7.5, 10, 1.9),
    disc("#fff", 12.5, 10, 1.9),
    line(INK, "M7 14h6M10 2v3", 1.6),
  ],
};

const SAME = {
  "⏳": "⌛",
  "⏰": "⏱",
  "✉": "📧",
  "📨": "📧",
  "🔁": "🔄",
  "🗓": "📅",
  "☎": "📞",
  "🔎": "🔍",
  "🔐": "🔒",
  "📃": "📄",
  "📣": "📢",
  "📹": "🎥",
  "😀": "🙂",
  "😄": "🙂",
  "😊": "🙂",
  "🌟": "⭐",
};

/** The drawing of one emoji character (without variation selectors), or null when there is none. */
export function drawing(character) {
  const art = ART[SAME[character] ?? character];
  if (!art) return null;
  return h(
    "svg",
    { viewBox: "0 0 20 20", class: "emoji__art", "aria-hidden": "true" },
    art.map(([tag, props]) => h(tag, props)),
  );
}
