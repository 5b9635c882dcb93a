/** The URL hash: which person in which workspace looks at what, so that two tabs can be two people. */

/** Reads {team, user, channel, tab} from the hash; absent parts are empty. */
export function readRoute() {
  const found = new URLSearchParams(location.hash.slice(1));
  const part = (name) => found.get(name) ?? "";
  return { team: part("team"), user: part("user"), channel: part("channel"), tab: part("tab") };
}

/** Writes the hash without adding to the browser's history. */
export function writeRoute(me, place) {
  const parts = { team: me.team, user: me.user, channel: place.channel };
  if (place.tab) parts.tab = place.tab;
  const hash = `#${new URLSearchParams(parts)}`;
  if (hash !== location.hash) history.replaceState(null, "", hash);
}
