import assert from "node:assert/strict";
import { test } from "node:test";

import { chipWords } from "../../../api/static/sources.js";

const source = { name: "urban_ladder", status: "cached", count: 12, ms: 5, reason: "" };
const held = { state: "held", reasons: ["prices in USD, unlike ever", "1 of usually 40 items"] };

test("a source that is well says how much it gave", () => {
  assert.deepEqual(chipWords(source, { state: "healthy", reasons: [] }), { short: "12", title: "Urban ladder answered a moment ago", drift: "" });
  assert.deepEqual(chipWords({ ...source, status: "ok", count: 0 }), { short: "0", title: "Urban ladder answered", drift: "" });
});

test("a source that drifts says so, and why", () => {
  const words = chipWords(source, held);
  assert.deepEqual([words.short, words.drift], ["12 · on hold", "held"]);
  assert.match(words.title, /nothing new of it is believed for now: prices in USD, unlike ever; 1 of usually 40 items$/);
  assert.deepEqual(chipWords(source, { state: "suspect", reasons: ["jsonld is silent"] }).short, "12 · in doubt");
});

test("a search that runs or was held tells its own reason", () => {
  assert.equal(chipWords({ ...source, status: "running", count: 0 }, held).short, "asking…");
  assert.equal(chipWords({ ...source, status: "held", count: 0, reason: "prices in EUR" }, held).title.endsWith(": prices in EUR"), true);
});
