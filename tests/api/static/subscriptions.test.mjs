import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Subscriptions, later } from "../../../api/static/subscriptions.js";
import { settle } from "./socket.mjs";

let sent, subscriptions;

beforeEach(() => {
  sent = [];
  subscriptions = new Subscriptions((message) => sent.push(message));
});

const snapshot = (position, channel = "product:a") => ({ type: "subscribed", channels: [{ channel, snapshot: {}, position, epoch: "e", recovered: true }] });
const change = (position, channel = "product:a") => ({ type: "change", channel, position, data: {} });

function follow(options) {
  const heard = [];
  const stop = subscriptions.add("product:a", ({ type, position }) => heard.push(`${type} ${position}`), options?.after, options?.epoch);
  return { heard, stop };
}

test("positions are ordered by number, not by letter", () => {
  assert.equal(later("10-0", "9-0"), true);
  assert.equal(later("9-10", "9-9"), true);
  assert.equal(later("9-9", "9-9"), false);
  assert.equal(later("1764000000000-18446744073709551615", "1764000000000-18446744073709551614"), true);
});

test("a second callback gets a snapshot of its own, and the first no change twice", async () => {
  const one = follow();
  await settle();
  subscriptions.receive(snapshot("5-0"));
  subscriptions.receive(change("6-0"));
  const two = follow();
  await settle();
  subscriptions.receive(snapshot("6-0"));
  subscriptions.receive(change("7-0"));
  assert.deepEqual(one.heard, ["snapshot 5-0", "change 6-0", "change 7-0"]);
  assert.deepEqual(two.heard, ["snapshot 6-0", "change 7-0"]);
});

test("a callback that subscribes anew from within hears each change once", async () => {
  const heard = [];
  const listen = (event) => {
    heard.push(`${event.type} ${event.position}`);
    if (event.position !== "6-0") return;
    stop();
    stop = subscriptions.add("product:a", listen, event.position, "e");
  };
  let stop = subscriptions.add("product:a", listen);
  await settle();
  subscriptions.receive(snapshot("5-0"));
  subscriptions.receive(change("6-0"));
  await settle();
  assert.deepEqual(sent.at(-1), { type: "subscribe", channels: [{ channel: "product:a", after: "6-0", epoch: "e" }] });
  subscriptions.receive(snapshot("6-0"));
  subscriptions.receive(change("6-0"));
  subscriptions.receive(change("7-0"));
  assert.deepEqual(heard, ["snapshot 5-0", "change 6-0", "change 7-0"]);
});

test("leaving and coming back before the first reply takes the reply that was meant", async () => {
  const one = follow();
  await settle();
  one.stop();
  const two = follow();
  await settle();
  subscriptions.receive(snapshot("5-0"));
  assert.deepEqual(two.heard, []);
  subscriptions.receive(snapshot("8-0"));
  subscriptions.receive(change("9-0"));
  assert.deepEqual(one.heard, []);
  assert.deepEqual(two.heard, ["snapshot 8-0", "change 9-0"]);
});

test("only the last listener's leaving is told, and only when the server knows of it", async () => {
  const one = follow();
  const two = follow();
  await settle();
  one.stop();
  assert.deepEqual(sent.map(({ type }) => type), ["subscribe"]);
  two.stop();
  assert.deepEqual(sent.at(-1), { type: "unsubscribe", channels: ["product:a"] });
  follow().stop();
  await settle();
  assert.equal(sent.filter(({ type }) => type !== "subscribe").length, 1);
});

test("each listener resumes from its own place", async () => {
  const one = follow({ after: "3-0", epoch: "e" });
  const two = follow({ after: "5-0", epoch: "e" });
  await settle();
  assert.deepEqual(sent[0].channels.map(({ after }) => after), ["3-0", "5-0"]);
  subscriptions.receive(snapshot("3-0"));
  subscriptions.receive(snapshot("5-0"));
  for (const position of ["4-0", "5-0", "6-0"]) subscriptions.receive(change(position));
  assert.deepEqual(one.heard, ["change 4-0", "change 5-0", "change 6-0"]);
  assert.deepEqual(two.heard, ["change 6-0"]);
});

test("more than a thousand channels are several messages", async () => {
  for (let n = 0; n < 2_001; n++) subscriptions.add(`product:${n}`, () => {});
  await settle();
  assert.deepEqual(sent.map(({ channels }) => channels.length), [1_000, 1_000, 1]);
});

test("a refused channel is told to its listeners and keeps no other waiting", async () => {
  const told = [];
  subscriptions.add("nonsense", (event) => told.push(event));
  const one = follow();
  await settle();
  subscriptions.receive({ type: "error", channel: "nonsense", field: "channel", detail: "must be product:<id>" });
  subscriptions.receive(snapshot("5-0"));
  assert.deepEqual(told, [{ type: "error", channel: "nonsense", detail: "must be product:<id>" }]);
  assert.deepEqual(one.heard, ["snapshot 5-0"]);
});

test("a callback that throws keeps nobody else from hearing, and its error is seen", async () => {
  const errors = [];
  process.setUncaughtExceptionCaptureCallback((error) => errors.push(error.message));
  subscriptions.add("product:a", () => {
    throw new Error("mine");
  });
  const two = follow();
  await settle();
  subscriptions.receive(snapshot("5-0"));
  await new Promise(setImmediate);
  process.setUncaughtExceptionCaptureCallback(null);
  assert.deepEqual(two.heard, ["snapshot 5-0"]);
  assert.deepEqual(errors, ["mine"]);
});
