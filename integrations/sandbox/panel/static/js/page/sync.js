/** Keeps the page up to date: listens to the stream of changes and fetches again what changed. */

import * as api from "./api.js";
import { channelOf, conversation } from "./people.js";
import { redraw, state, update } from "./store.js";

const PAUSE_MS = 60;
const RETRY_MS = 2000;
const JOURNAL_KEPT = 400;

let topics = new Set();
let timer = 0;
let stream = null;
let wasOffline = false;
const running = new Map();

/** Starts listening as the current person, after leaving the stream of the one before. */
export function follow() {
  stream?.close();
  stream = api.events(state.me);
  stream.onopen = greet;
  stream.onerror = lose;
  stream.onmessage = (event) => refetch(JSON.parse(event.data).changed ?? []);
}

/** Fetches the topics again soon: "client", "messages:D1", "outside", "journal", "faults". */
export function refetch(changed) {
  for (const topic of changed) topics.add(topic);
  clearTimeout(timer);
  timer = setTimeout(flush, PAUSE_MS);
}

/** Fetches the topics again now, and comes back when all are there. */
export function refetchNow(changed) {
  return Promise.all(changed.map(load));
}

/** The channel whose messages are on screen; none behind the app's other tabs. */
export function channelOnScreen() {
  const row = conversation(state.place.channel);
  return row?.kind === "app" && state.place.tab !== "messages" ? "" : (channelOf(row) ?? "");
}

/** The topics that show the conversation on screen. */
export function currentTopics() {
  const channel = channelOnScreen();
  return channel ? ["client", `messages:${channel}`] : ["client"];
}

function greet() {
  if (wasOffline) {
    state.journal = [];
    refetch([...currentTopics(), "outside", "journal", "faults"]);
  }
  wasOffline = false;
  if (!state.online) update({ online: true });
}

function lose() {
  wasOffline = true;
  if (stream.readyState === EventSource.CLOSED) setTimeout(follow, RETRY_MS);
  if (state.online) update({ online: false });
}

function flush() {
  const asked = topics;
  topics = new Set();
  for (const topic of asked) load(topic);
}

/** One fetch per topic at a time; whoever asks meanwhile waits for one more. */
function load(topic) {
  const now = running.get(topic);
  if (now) {
    now.next ??= now.done.then(() => load(topic));
    return now.next;
  }
  const done = fetchSafely(topic).finally(() => running.delete(topic));
  running.set(topic, { done, next: null });
  return done;
}

async function fetchSafely(topic) {
  try {
    await fetchTopic(topic);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  }
}

function fetchTopic(topic) {
  const [kind, channel] = topic.split(":");
  if (kind === "messages") return loadMessages(channel);
  return { client: loadClient, outside: loadOutside, journal: loadJournal, faults: loadFaults }[kind]?.();
}

const stillMe = (me) => me.team === state.me.team && me.user === state.me.user;

async function loadClient() {
  const me = { ...state.me };
  const found = await api.client(me);
  if (stillMe(me)) update({ client: found, failure: "" });
}

/** Fetching makes a conversation read, so only the one on screen is fetched. */
async function loadMessages(channel) {
  if (channel !== channelOnScreen()) return;
  const me = { ...state.me };
  const found = await api.messages(me, channel);
  if (!stillMe(me)) return;
  state.messages.set(channel, found.messages ?? []);
  redraw();
}

async function loadOutside() {
  update({ outside: await api.outside() });
}

/** The journal grows with every request, so it is only followed while it is on screen. */
async function loadJournal() {
  if (!state.pane.open || state.pane.tab !== "journal") return;
  const last = state.journal.at(-1)?.n ?? 0;
  const { entries = [] } = await api.journal(last);
  const fresh = entries.filter((entry) => entry.n > last);
  if (fresh.length) update({ journal: [...state.journal, ...fresh].slice(-JOURNAL_KEPT) });
}

async function loadFaults() {
  update({ faults: await api.faults() });
}
