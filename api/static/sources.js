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
const DRIFT = {
  suspect: ["in doubt", "looks a little unlike before"],
  held: ["on hold", WORDS.held[1]],
};

/**
 * What a chip says: in a word, and in full. `drift` is how the source's pages look, as /v1/sources tells it.
 *
 * @param {{name: string, status: string, count: number, reason: string}} source
 * @param {{state: string, reasons: string[]}} [drift]
 */
export function chipWords(source, drift) {
  const odd = GOING.includes(source.status) || source.status === "held" ? undefined : DRIFT[drift?.state];
  const [short, long] = odd ?? WORDS[source.status] ?? [source.status, ""];
  const reason = odd ? drift.reasons.join("; ") : source.reason;
  const count = source.count || source.status === "ok" ? String(source.count) : "";
  const title = [long && `${named(source.name)} ${long}`, reason].filter(Boolean).join(": ");
  return { short: [count, short].filter(Boolean).join(" · "), title, drift: odd ? drift.state : "" };
}

export class Sources {
  /** @param {HTMLElement} place a list */
  constructor(place) {
    this.place = place;
    this.known = new Map();
    this._drift = new Map(); // by name
  }

  /** How the pages of all sources look, whether they are shown now or not. */
  learn(sources) {
    this._drift = new Map(sources.map((source) => [source.name, source]));
    for (const { source } of [...this.known.values()]) this.tell(source);
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
    const words = chipWords(source, this._drift.get(source.name));
    chip.dataset.status = source.status;
    chip.dataset.drift = words.drift;
    chip.title = words.title;
    say(chip.firstChild, named(source.name));
    say(chip.lastChild, words.short);
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
