import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Optimistic } from "../../../api/static/optimistic.js";
import { settle } from "./socket.mjs";

let sent, shown, refusals, value;

beforeEach(() => {
  [sent, shown, refusals] = [[], [], []];
  value = new Optimistic(false, {
    send: (wish) => new Promise((resolve, reject) => sent.push({ wish, resolve, reject })),
    show: (now, pending) => shown.push([now, pending]),
    refused: (error, wish) => refusals.push([error.message, wish]),
  });
});

test("the wish shows before the server has answered", async () => {
  const done = value.want(true);
  assert.deepEqual(shown, [[true, true]]);
  sent[0].resolve();
  assert.equal(await done, true);
  assert.deepEqual(shown.at(-1), [true, false]);
});

test("a refusal takes it back and says why", async () => {
  const done = value.want(true);
  sent[0].reject(new Error("full"));
  assert.equal(await done, false);
  assert.deepEqual(shown, [[true, true], [false, false]]);
  assert.deepEqual(refusals, [["full", true]]);
});

test("quick clicks are one request at a time and end in the last wish", async () => {
  const done = value.want(true);
  value.want(false);
  value.want(true);
  value.want(false);
  assert.equal(sent.length, 1);
  sent[0].resolve();
  await settle();
  assert.deepEqual(sent.map(({ wish }) => wish), [true, false]);
  sent[1].resolve();
  assert.equal(await done, false);
});

test("a wish taken back while it is sent needs nothing more once refused", async () => {
  const done = value.want(true);
  value.want(false);
  sent[0].reject(new Error("no"));
  assert.equal(await done, false);
  assert.equal(sent.length, 1);
});

test("a newer wish gets its own try after the older was refused", async () => {
  const done = value.want("red");
  value.want("blue");
  sent[0].reject(new Error("no red"));
  await settle();
  assert.equal(sent[1].wish, "blue");
  assert.deepEqual(shown.at(-1), ["blue", true]);
  sent[1].resolve();
  assert.equal(await done, "blue");
});

test("what the server says by itself never overrules a wish under way", async () => {
  const done = value.want(true);
  value.learn(false);
  assert.deepEqual(shown, [[true, true]]);
  sent[0].resolve();
  await done;
  value.learn(false);
  assert.deepEqual(shown.at(-1), [false, false]);
});
