/** Date and time pickers, on the browser's own calendar and clock. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { local, setLocal } from "../page/store.js";
import { zonedEpoch, zonedParts } from "../text/time.js";
import { change, domId, marks } from "./actions.js";
import { valueOf } from "./values.js";
import { t } from "../text/words.js";

/** With it the year takes four digits and no more. */
const LAST_DAY = "9999-12-31";

/** While a date is still being typed nobody is told of it; it is only kept. */
const SILENT = { dispatch: false };

/** A day. */
export function datePicker(surface, block, one, field) {
  return picker("date", surface, block, one, field);
}

/** A time of day. */
export function timePicker(surface, block, one, field) {
  return picker("time", surface, block, one, field);
}

function picker(type, surface, block, one, field) {
  const value = valueOf(surface, block.block_id, one) ?? "";
  const props = {
    ...marks(block, one),
    ...field.props,
    value,
    oninput: (event) => change(surface, block.block_id, one, event.target.value || null, SILENT),
    onchange: (event) => change(surface, block.block_id, one, event.target.value || null, field),
  };
  return face(type, props, one.placeholder?.text);
}

function face(type, props, placeholder) {
  const empty = props.value ? "" : " is-empty";
  return h(
    "div",
    { class: `picker picker--${type}` },
    icon(type === "date" ? "calendar" : "clock", "picker__icon"),
    h("input", {
      ...props,
      type,
      max: type === "date" ? LAST_DAY : null,
      class: `input picker__input${empty}`,
      title: placeholder ?? null,
    }),
  );
}

/** A moment: a day and a time in the viewer's zone, kept as epoch seconds once both are there. */
export function dateTimePicker(surface, block, one, field) {
  const set = (patch, how) => setMoment(surface, block, one, patch, how);
  const parts = momentParts(surface, block, one);
  const half = (type, label) =>
    face(type, {
      ...marks(block, one),
      "data-part": type,
      value: parts[type],
      "aria-label": label,
      oninput: (event) => set({ [type]: event.target.value }, SILENT),
      onchange: (event) => set({ [type]: event.target.value }, field),
    });
  return h(
    "div",
    { ...field.props, class: "picker-pair", role: "group" },
    half("date", t("Date")),
    half("time", t("Time")),
  );
}

const momentKey = (surface, block, one) => `moment:${domId(surface, block.block_id, one)}`;

/** What was typed last, as long as it still stands for the value; else the value in words. */
function momentParts(surface, block, one) {
  const value = valueOf(surface, block.block_id, one);
  const typed = local(momentKey(surface, block, one));
  if (typed.moment === value) return typed;
  return value ? zonedParts(value) : { date: "", time: "" };
}

function setMoment(surface, block, one, patch, how) {
  const { date, time } = { ...momentParts(surface, block, one), ...patch };
  const moment = zonedEpoch(date, time);
  setLocal(momentKey(surface, block, one), { date, time, moment });
  change(surface, block.block_id, one, moment, how);
}
