import assert from "node:assert/strict";
import { test } from "node:test";

import { RealtimeClient } from "../../../api/static/client.js";
import { createHooks } from "../../../api/static/hooks.js";
import { rendered } from "./react.mjs";
import { settle, sockets } from "./socket.mjs";

function made() {
  const net = sockets();
  const client = new RealtimeClient({ url: "ws://shop.test/v1/ws", WebSocket: net.FakeSocket });
  return { net, client, hooks: (React) => createHooks(React, client) };
}

async function accepted(net) {
  await settle();
  net.last().accept();
  await settle();
}

const CHANGE = { field: "price", old: "10.00", new: "9.00", currency: "EUR", observed_at: "2026-11-21T12:00:00Z" };
const OFFER = { price: "10.00", currency: "EUR", variant: null, seller: null, location: null };

test("useRealtimePrice follows its product, and only its present one", async (t) => {
  const { net, client, hooks } = made();
  t.after(() => client.close());
  const view = rendered((React) => hooks(React).useRealtimePrice, "a:1");
  assert.deepEqual([view.now.price, view.now.live], [null, false]);
  await accepted(net);
  net.last().subscribed({ channel: "product:a:1", snapshot: { ...OFFER, offers: [OFFER] }, position: "5-0", epoch: "e", recovered: true });
  assert.deepEqual([view.now.price, view.now.live], ["10.00", true]);
  net.last().change("product:a:1", "6-0", CHANGE);
  assert.deepEqual([view.now.price, view.now.change.old], ["9.00", "10.00"]);
  view.with("b:2");
  assert.equal(view.now.price, null);
  await settle();
  assert.deepEqual(net.last().asked.map(({ channel }) => channel), ["product:a:1", "product:b:2"]);
  assert.deepEqual(net.last().sent.find(({ type }) => type === "unsubscribe").channels, ["product:a:1"]);
});

test("useWebSocket keeps its subscriptions over renders and ends them with the component", async (t) => {
  const { net, client, hooks } = made();
  t.after(() => client.close());
  const heard = [];
  const view = rendered((React) => (n) => hooks(React).useWebSocket(["retailer:a"], (event) => heard.push([n, event.position])), 1);
  await accepted(net);
  assert.equal(view.now.state, "open");
  net.last().subscribed({ channel: "retailer:a", snapshot: null, position: "5-0", epoch: "e", recovered: true });
  view.with(2);
  net.last().change("retailer:a", "6-0");
  assert.deepEqual(heard, [[1, "5-0"], [2, "6-0"]]);
  assert.equal(net.last().asked.length, 1);
  assert.equal(view.now.send({ type: "ping" }), true);
  view.unmount();
  assert.equal(net.last().sent.at(-1).type, "unsubscribe");
});

test("useOptimisticMutation shows the wish, then goes back with the error", async () => {
  const { hooks } = made();
  let refuse;
  const send = () => new Promise((_, reject) => (refuse = reject));
  const view = rendered((React) => () => hooks(React).useOptimisticMutation(false, send));
  const done = view.now.mutate(true);
  assert.deepEqual([view.now.value, view.now.pending], [true, true]);
  refuse(new Error("full"));
  await done;
  assert.deepEqual([view.now.value, view.now.pending, view.now.error.message], [false, false, "full"]);
});
