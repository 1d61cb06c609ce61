/** How each source of a search goes, in words a person understands. */

import { h, say } from "./dom.js";
import { named } from "./format.js";

const WORDS = {
  waiting: ["waits", ""],
  running: ["asking…", ""],
  ok: ["", "answered"],
  cached: ["", "answered a moment ago"],
  stale: ["old", "did not answer; this is what it said before"],
  no_key: ["needs a key", "is skipped until its key is set"],
  no_quota: ["quota used up", "has answered all it will for now"],
  robots: ["not allowed", "forbids crawlers to search it (robots.txt)"],
  policy: ["not allowed", "its terms forbid this"],
  blocked: ["blocked us", "showed a block page; nothing of it is believed"],
  held: ["on hold", "its pages look unlike before; nothing new of it is believed for now"],
  timeout: ["too slow", "did not answer in time"],
  error: ["failed", "could not be read"],
  cancelled: ["stopped", "was no longer wanted"],
};
const GOING = ["waiting", "running"];

export class Sources {
  /** @param {HTMLElement} place a list */
  constructor(place) {
    this.place = place;
    this.known = new Map();
  }

  clear() {
    this.known.clear();
    this.place.replaceChildren();
  }

  /** @param {{name: string, status: string, count: number, ms: number, reason: string}} source */
  tell(source) {
    const before = this.known.get(source.name);
    const chip = before?.chip ?? this.place.appendChild(h("li.source", {}, h("b"), " ", h("span")));
    this.known.set(source.name, { chip, source });
    const [short, long] = WORDS[source.status] ?? [source.status, ""];
    chip.dataset.status = source.status;
    chip.title = [long && `${named(source.name)} ${long}`, source.reason].filter(Boolean).join(": ");
    say(chip.firstChild, named(source.name));
    say(chip.lastChild, [source.count || source.status === "ok" ? String(source.count) : "", short].filter(Boolean).join(" · "));
  }

  get going() {
    return [...this.known.values()].filter(({ source }) => GOING.includes(source.status)).length;
  }

  /** The names of those that gave nothing for a reason worth telling. */
  get failed() {
    const bad = ({ source }) => !GOING.includes(source.status) && !["ok", "cached"].includes(source.status);
    return [...this.known.values()].filter(bad).map(({ source }) => `${named(source.name)} ${WORDS[source.status]?.[1] ?? ""}`);
  }
}
