/** Posting a file into a conversation, and files as a message shows them. */

import * as api from "../page/api.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { state } from "../page/store.js";
import { refetch } from "../page/sync.js";
import { notice } from "./notices.js";
import { t } from "../text/words.js";

/** The button of the composer; whatever is chosen is posted at once, as a message of its own. */
export function attachButton(channel) {
  return h(
    "label",
    { class: "icon-button composer__attach", title: t("Attach a file") },
    h("input", {
      type: "file",
      class: "composer__file",
      "aria-label": t("Attach a file"),
      onchange: (event) => share(channel, event.target),
    }),
    icon("book"),
  );
}

/** The files below a message's words. */
export function postedFiles(files = []) {
  return files.map((file) =>
    h(
      "div",
      { key: file.id, class: "files__one message__file", "data-file": file.name ?? "" },
      icon("book"),
      h("span", { class: "files__name" }, file.mode === "tombstone" ? t("This file was deleted.") : file.name),
    ),
  );
}

async function share(channel, field) {
  const [file] = field.files;
  if (!file) return;
  try {
    const { file: kept } = await api.upload(state.me, file);
    await api.message(state.me, channel, "", [kept.id]);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    notice(channel, error.message);
  }
  field.value = "";
  refetch(["client", `messages:${channel}`]);
}
