import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { RealtimeClient } from "../../../api/static/client.js";
import { settle, sockets } from "./socket.mjs";

let net, client, states;

function make(options = {}) {
  net = sockets();
  client = new RealtimeClient({ url: "ws://shop.test/v1/ws", WebSocket: net.FakeSocket, random: () => 1, ...options });
  states = [];
  client.onState((state) => states.push(state));
}

async function connected(...channels) {
  const heard = [];
  for (const channel of channels) client.subscribe(channel, (event) => heard.push(event));
  client.open();
  await settle();
  net.last().accept();
  await settle();
  return heard;
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  make();
});

test("subscribing connects, and a thousand channels are one message", async () => {
  await connected(...Array.from({ length: 1_000 }, (_, n) => `product:a:${n}`));
  assert.deepEqual(states, ["closed", "connecting", "open"]);
  assert.equal(net.made.length, 1);
  assert.equal(net.last().sent.length, 1);
  assert.equal(net.last().asked.length, 1_000);
});

test("a reconnect resumes from the last position, and nothing is heard twice", async () => {
  const heard = await connected("product:a");
  net.last().subscribed({ channel: "product:a", snapshot: { price: "1" }, position: "5-0", epoch: "e", recovered: true });
  net.last().change("product:a", "6-0", { new: "2" });
  net.last().die();
  mock.timers.tick(1_000);
  await settle();
  net.last().accept();
  assert.deepEqual(net.last().asked, [{ channel: "product:a", after: "6-0", epoch: "e" }]);
  net.last().subscribed({ channel: "product:a", snapshot: null, position: "6-0", epoch: "e", recovered: true });
  net.last().change("product:a", "6-0", { new: "2" });
  net.last().change("product:a", "7-0", { new: "3" });
  assert.deepEqual(heard.map((event) => [event.type, event.position]), [["snapshot", "5-0"], ["change", "6-0"], ["change", "7-0"]]);
});

test("a replay whose promise names the end of the stream is heard all the same", async () => {
  const heard = [];
  client.subscribe("product:a", (event) => heard.push(event.position), { after: "5-0", epoch: "e" });
  await connected();
  net.last().subscribed({ channel: "product:a", snapshot: null, position: "9-0", epoch: "e", recovered: true });
  for (const position of ["6-0", "8-0"]) net.last().change("product:a", position);
  assert.deepEqual(heard, ["6-0", "8-0"]);
});

test("what can't be replayed comes as a fresh snapshot, also into a new epoch", async () => {
  const heard = [];
  client.subscribe("product:a", (event) => heard.push(event), { after: "500-0", epoch: "old" });
  await connected();
  net.last().subscribed({ channel: "product:a", snapshot: { price: "4" }, position: "3-0", epoch: "new", recovered: false });
  net.last().change("product:a", "4-0");
  assert.deepEqual(heard.map((event) => [event.type, event.recovered, event.epoch]), [["snapshot", false, "new"], ["change", undefined, undefined]]);
});

test("a server that lost its history starts everybody afresh without being asked", async () => {
  const heard = await connected("product:a");
  net.last().subscribed({ channel: "product:a", snapshot: {}, position: "5-0", epoch: "e", recovered: true });
  net.last().subscribed({ channel: "product:a", snapshot: {}, position: "1-0", epoch: "f", recovered: false });
  net.last().change("product:a", "2-0");
  assert.deepEqual(heard.map((event) => event.position), ["5-0", "1-0", "2-0"]);
});

test("pauses grow to 30 s, and start small again only after the server has spoken", async () => {
  client.open();
  const pauses = [];
  for (let n = 0; n < 9; n++) {
    await settle();
    net.last().die();
    const before = net.made.length;
    let waited = 0;
    while (net.made.length === before) {
      mock.timers.tick(250);
      await settle();
      waited += 250;
    }
    pauses.push(waited);
  }
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  net.last().accept();
  net.last().say({ type: "pong" });
  net.last().die();
  mock.timers.tick(500);
  await settle();
  assert.equal(client.state, "connecting");
});

test("jitter halves the pause at most", async () => {
  make({ random: () => 0 });
  client.open();
  await settle();
  net.last().die();
  mock.timers.tick(249);
  assert.equal(client.state, "waiting");
  mock.timers.tick(1);
  assert.equal(client.state, "connecting");
});

test("a silent socket is pinged, then given up without waiting for its close", async () => {
  await connected("product:a");
  mock.timers.tick(25_000);
  assert.deepEqual(net.last().sent.at(-1), { type: "ping" });
  mock.timers.tick(7_999);
  assert.equal(client.state, "open");
  mock.timers.tick(1);
  assert.equal(client.state, "waiting");
  assert.equal(net.made[0].closed, true);
});

test("any word of the server keeps the socket", async () => {
  await connected("product:a");
  mock.timers.tick(25_000);
  net.last().say({ type: "pong" });
  mock.timers.tick(24_000);
  assert.equal(client.state, "open");
});

test("a connection that never opens is given up", async () => {
  client.open();
  await settle();
  mock.timers.tick(8_000);
  assert.equal(client.state, "waiting");
});

test("messages wait for the connection in order; a full queue says so", async () => {
  for (let n = 0; n < 256; n++) assert.equal(client.send({ n }), true);
  assert.equal(client.send({ n: 256 }), false);
  await connected("product:a");
  assert.equal(net.last().sent[0].type, "subscribe");
  assert.deepEqual(net.last().sent.slice(1).map(({ n }) => n), Array.from({ length: 256 }, (_, n) => n));
  assert.equal(client.send({ n: 257 }), true);
  assert.deepEqual(net.last().sent.at(-1), { n: 257 });
});

test("with a key every connection gets its own ticket, and the key stays out of the address", async () => {
  const asked = [];
  const fetch = async (url, { headers }) => {
    asked.push([String(url), headers.Authorization]);
    return { ok: true, status: 201, json: async () => ({ ticket: `t${asked.length}` }) };
  };
  make({ key: "secret", fetch });
  await connected("product:a");
  net.last().die();
  mock.timers.tick(500);
  await settle();
  assert.deepEqual(net.made.map(({ url }) => url), ["ws://shop.test/v1/ws?ticket=t1", "ws://shop.test/v1/ws?ticket=t2"]);
  assert.deepEqual(asked[0], ["http://shop.test/v1/tickets", "Bearer secret"]);
});

for (const [status, state] of [[401, "refused"], [403, "refused"], [429, "waiting"], [503, "waiting"]]) {
  test(`a ticket answered with ${status} ends in "${state}"`, async () => {
    make({ key: "k", fetch: async () => ({ ok: false, status, json: async () => ({}) }) });
    client.open();
    await settle();
    assert.equal(client.state, state);
    assert.equal(net.made.length, 0);
  });
}

test("close ends it, also while a ticket is on its way; open goes on with the same subscriptions", async () => {
  let give;
  make({ key: "k", fetch: () => new Promise((resolve) => (give = resolve)) });
  client.subscribe("product:a", () => {});
  client.close();
  give({ ok: true, json: async () => ({ ticket: "t" }) });
  await settle();
  assert.equal(net.made.length, 0);
  assert.equal(client.state, "closed");
  client.open();
  give({ ok: true, json: async () => ({ ticket: "t" }) });
  await settle();
  net.last().accept();
  assert.deepEqual(net.last().asked, [{ channel: "product:a" }]);
});
