/** Following a search that runs: how its sources go, what they find, and that it is over. */

import { ticketed } from "./api.js";

const TRIES = 5;
const PAUSE = 1_000; // milliseconds, by the number of the try

/**
 * @param {string} id of the search
 * @param {{progress: (source: object) => void, items: (items: object[]) => void,
 *   done: (state: string, reason: string) => void}} on
 * @returns {() => void} stop following
 */
export function follow(id, on) {
  let stream = null;
  let timer = null;
  let tries = 0;
  let over = false;
  const end = () => {
    over = true;
    clearTimeout(timer);
    stream?.close();
  };
  const lost = () => {
    stream?.close();
    if (over) return;
    if (++tries < TRIES) timer = setTimeout(open, PAUSE * tries);
    else end(), on.done("failed", "the connection to the search was lost");
  };
  const heard = (tell) => (event) => {
    tries = 0;
    tell(JSON.parse(event.data));
  };
  async function open() {
    const path = await ticketed(`/v1/searches/${encodeURIComponent(id)}/events`).catch(() => null);
    if (over) return;
    if (!path) return lost();
    stream = new EventSource(path);
    stream.onerror = lost; // a new stream starts over, which tells nothing twice: items are known by their ids
    stream.addEventListener("progress", heard(({ source }) => on.progress(source)));
    stream.addEventListener("item", heard(({ items }) => on.items(items)));
    stream.addEventListener("done", heard(({ state, reason }) => (end(), on.done(state, reason))));
  }
  open();
  return end;
}
