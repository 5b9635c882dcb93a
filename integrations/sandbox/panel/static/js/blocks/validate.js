/** What the client refuses before the app hears of it: required, malformed, too short, too long, out of range. */

import { SHAPES, stateOf } from "./values.js";
import { t } from "../text/words.js";

export const REQUIRED = "Please complete this required field.";
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/u;
const URL_SHAPE = /^https?:\/\/\S+$/u;
const DEFAULT_MAX_LENGTH = 3000;

/** {block_id: sentence} for every input that cannot be submitted. */
export function problems(surface, blocks) {
  const values = stateOf(surface, blocks);
  const found = {};
  for (const block of blocks) {
    if (block.type !== "input" || !SHAPES[block.element.type]) continue;
    const text = problem(block, values[block.block_id][block.element.action_id]);
    if (text) found[block.block_id] = text;
  }
  return found;
}

function problem(block, box) {
  const { element } = block;
  const value = box[SHAPES[element.type].field];
  if (isEmpty(value)) return block.optional ? "" : t(REQUIRED);
  return CHECKS[element.type]?.(value, element) ?? "";
}

function isEmpty(value) {
  if (value === null || value === undefined) return true;
  if (typeof value === "string") return value.trim() === "";
  return Array.isArray(value) && value.length === 0;
}

const CHECKS = {
  plain_text_input: length,
  email_text_input: (value) => (EMAIL.test(value) ? "" : t("Please enter a valid email address.")),
  url_text_input: (value) => (URL_SHAPE.test(value) ? "" : t("Please enter a valid URL.")),
  number_input: number,
};

function length(value, element) {
  const size = [...value].length;
  const most = element.max_length ?? DEFAULT_MAX_LENGTH;
  if (element.min_length && size < element.min_length)
    return t("Please enter at least {least} characters.", { least: element.min_length });
  return size > most ? t("Please enter at most {most} characters.", { most }) : "";
}

function number(value, element) {
  const shape = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/u : /^-?\d+$/u;
  if (!shape.test(value)) return t("Please enter a valid number.");
  const { min_value: least, max_value: most } = element;
  if (least !== undefined && Number(value) < Number(least))
    return t("Please enter a number of at least {least}.", { least });
  if (most !== undefined && Number(value) > Number(most)) return t("Please enter a number of at most {most}.", { most });
  return "";
}
