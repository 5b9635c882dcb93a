/** The file input: choose or drop files; each is uploaded at once and listed until it is taken away. */

import * as api from "../page/api.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { local, setLocal, state } from "../page/store.js";
import { change, domId, marks } from "./actions.js";
import { valueOf } from "./values.js";
import { t } from "../text/words.js";

const LARGEST = 10 * 1024 * 1024;
const MOST = 10;

/** Draws a file input; the browser's own control stays for keyboards and screen readers. */
export function fileInput(surface, block, one, field) {
  const key = `files:${domId(surface, block.block_id, one)}`;
  const files = valueOf(surface, block.block_id, one) ?? [];
  const { busy, problem } = local(key, { busy: 0, problem: "" });
  const add = (list) => take(key, { surface, block, one, field }, [...list]);
  const full = files.length >= (one.max_files ?? MOST);
  return h(
    "div",
    { class: "files", ondragover: (event) => event.preventDefault(), ondrop: (event) => drop(event, add) },
    files.map((file) => row(file, () => put({ surface, block, one, field }, without(files, file)))),
    !full &&
      h(
        "span",
        { key: "choose", class: `files__choose${busy ? " is-busy" : ""}` },
        h("input", {
          ...marks(block, one),
          ...field.props,
          type: "file",
          class: "files__input",
          multiple: (one.max_files ?? MOST) > 1,
          accept: accepted(one),
          onchange: (event) => add(event.target.files),
        }),
        icon("plus"),
        busy ? t("Uploading…") : words(one),
      ),
    problem && h("p", { key: "problem", class: "field__error", role: "alert" }, problem),
  );
}

const without = (files, gone) => files.filter((file) => file.id !== gone.id);
const accepted = (one) => one.filetypes?.map((kind) => `.${kind}`).join(",") ?? null;
const words = (one) =>
  t(one.max_files === 1 ? "Choose or drop a file" : "Choose or drop files") +
  (one.filetypes ? ` (${one.filetypes.join(", ")})` : "");

function row(file, remove) {
  return h(
    "div",
    { key: file.id, class: "files__one", "data-file": file.name },
    icon("book"),
    h("span", { class: "files__name" }, file.name),
    h("span", { class: "faint" }, size(file.size)),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": t("Remove {name}", { name: file.name }), onclick: remove },
      icon("close"),
    ),
  );
}

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : `${Math.ceil(bytes / 1024).toLocaleString("en-US")} KB`);

function drop(event, add) {
  event.preventDefault();
  if (event.dataTransfer?.files.length) add(event.dataTransfer.files);
}

const put = ({ surface, block, one, field }, files) => change(surface, block.block_id, one, files, field);

async function take(key, place, chosen) {
  const { surface, block, one } = place;
  const refused = chosen.map((file) => complaint(file, one)).find(Boolean);
  setLocal(key, { problem: refused ?? "", busy: refused ? 0 : 1 });
  if (refused) return;
  const answers = await uploadAll(chosen);
  const kept = answers.flatMap((answer) => (answer.file ? [answer.file] : []));
  const before = valueOf(surface, block.block_id, one) ?? [];
  await put(place, [...before, ...kept].slice(0, one.max_files ?? MOST));
  setLocal(key, { busy: 0, problem: answers.find((answer) => answer.error)?.error ?? "" });
}

function complaint(file, one) {
  const kind = file.name.split(".").at(-1).toLowerCase();
  if (one.filetypes && !one.filetypes.includes(kind))
    return t("{name} is not a {kinds} file.", { name: file.name, kinds: one.filetypes.join(" / ") });
  return file.size > LARGEST ? t("{name} is larger than 10 MB.", { name: file.name }) : "";
}

async function uploadAll(files) {
  try {
    return await Promise.all(files.map((file) => api.upload(state.me, file)));
  } catch (error) {
    if (error instanceof api.ApiError) return [{ error: error.message }];
    throw error;
  }
}
