/** What the page says by itself: short notes in a corner, and quiet words for screen readers. */

import { $, h, say } from "./dom.js";

const NOTE_S = 7;
const HUSH_MS = 1_500; // changes are gathered so that a busy shop does not talk without end
let waiting = [];

/** A note that goes by itself; errors are told at once. */
export function note(text) {
  const one = h("p.note", { role: "alert" }, text);
  $("notes").append(one);
  setTimeout(() => one.remove(), NOTE_S * 1_000);
}

/** Tell a change politely. */
export function announce(text) {
  if (!waiting.length) setTimeout(speak, HUSH_MS);
  waiting.push(text);
}

function speak() {
  say($("announce"), waiting.length > 3 ? `${waiting.length} changes; the last: ${waiting.at(-1)}` : waiting.join(". "));
  waiting = [];
}
