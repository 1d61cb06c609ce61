/**
 * The realtime client of homefeed: an ES module without dependencies, for browsers and for Node 22 or newer.
 *
 *   import { RealtimeClient } from "/static/client.js";
 *   const client = new RealtimeClient();                 // this page's own server; { url, key } for another
 *   const stop = client.subscribe("product:alder:ASO1000", (event) => { … });
 *   stop();                                              // this callback no more
 *   client.close();
 *
 * Channels: `product:<id>`, `retailer:<name>`, `search:<id>`, `generation:<id>`. A callback gets
 *   { type: "snapshot", channel, data, position, epoch, recovered }   how things are now; replaces what one knew.
 *       `recovered: false`: changes were missed and can't be replayed, so whoever counts them has lost some.
 *   { type: "change", channel, data, position }                       one change, in order, each once per callback.
 *   { type: "error", channel, detail }                                the server refuses this channel.
 * Subscribing with { after, epoch } (kept from an earlier visit) replays what was missed instead of a snapshot.
 *
 * What it does by itself:
 * - reconnects after growing, jittered pauses (0.5 s to 30 s), and at once when the browser is online again;
 * - resumes every callback from its own position and epoch: nothing lost, nothing repeated;
 * - tells a dead socket by a ping every 25 s without a sign of life within 8 s;
 * - keeps up to 256 messages of `send` while there is no connection (false: the queue is full);
 * - with a key, fetches a one-use ticket for each connection, because a browser can't send a header with a WebSocket.
 *   A refused key ends in the state `refused` until `open()` is called again.
 * `onState(callback)`: "connecting", "open", "waiting" (until the next try), "refused" or "closed".
 */

import { Subscriptions } from "./subscriptions.js";

const FIRST_PAUSE = 500; // milliseconds
const LONGEST_PAUSE = 30_000;
const PING_EVERY = 25_000;
const PONG_WITHIN = 8_000;
const QUEUE = 256;

export class RealtimeClient {
  /**
   * @param {{url?: string, key?: string, name?: string, WebSocket?: typeof WebSocket, fetch?: typeof fetch,
   *   random?: () => number}} [options] `url`: "wss://host/v1/ws". `name`: told as X-Homefeed-Client with a key.
   */
  constructor(options = {}) {
    this.url = new URL(options.url ?? "/v1/ws", globalThis.location?.href.replace(/^http/, "ws"));
    this.key = options.key ?? null;
    this.name = options.name ?? "page";
    this.state = "closed";
    this._make = options.WebSocket ?? globalThis.WebSocket;
    this._fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this._random = options.random ?? Math.random;
    this._subscriptions = new Subscriptions((message) => this._write(message));
    this._watchers = new Set();
    this._queue = [];
    this._tries = 0;
    this._online = () => this.state === "waiting" && this.open();
    globalThis.addEventListener?.("online", this._online);
  }

  /** Follow a channel; connects when needed. Returns the function that ends this. */
  subscribe(channel, callback, { after, epoch } = {}) {
    const stop = this._subscriptions.add(channel, callback, after, epoch);
    if (this.state === "closed") this.open();
    return stop;
  }

  /** Send a message now or once connected. False when the queue is full: it was not taken. */
  send(message) {
    if (this.state === "open") return this._write(message), true;
    if (this._queue.length >= QUEUE) return false;
    this._queue.push(message);
    return true;
  }

  /** Call back with each new state, and once with the present one. Returns the function that ends this. */
  onState(callback) {
    this._watchers.add(callback);
    callback(this.state);
    return () => this._watchers.delete(callback);
  }

  /** Connect now, if not connected. */
  open() {
    if (this.state === "open" || this.state === "connecting") return;
    clearTimeout(this._retry);
    this._enter("connecting");
    this._connect();
  }

  /** End the connection; the subscriptions stay and go on after `open()`. */
  close() {
    this._drop();
    clearTimeout(this._retry);
    this._enter("closed");
  }

  async _connect() {
    const attempt = (this._attempt = {}); // whoever finds another one here was overtaken by close() or open()
    let url;
    try {
      url = await this._address();
    } catch (error) {
      if (attempt !== this._attempt || this.state !== "connecting") return;
      return error.refused ? this._enter("refused") : this._pause();
    }
    if (attempt === this._attempt && this.state === "connecting") this._dial(url);
  }

  async _address() {
    const url = new URL(this.url);
    if (!this.key) return url.href;
    const tickets = new URL("/v1/tickets", url.href.replace(/^ws/, "http"));
    const headers = { Authorization: `Bearer ${this.key}`, "X-Homefeed-Client": this.name };
    const answer = await this._fetch(tickets, { method: "POST", headers, signal: AbortSignal.timeout(PONG_WITHIN) });
    const refused = [401, 403].includes(answer.status);
    if (!answer.ok) throw Object.assign(new Error(`no ticket: ${answer.status}`), { refused });
    url.searchParams.set("ticket", (await answer.json()).ticket);
    return url.href;
  }

  _dial(url) {
    const socket = (this._socket = new this._make(url));
    this._expect(PONG_WITHIN); // a connection that never opens is as dead as one that falls silent
    socket.onopen = () => this._opened();
    socket.onmessage = (event) => this._heard(event.data);
    socket.onclose = () => this._lost();
  }

  _opened() {
    this._enter("open");
    this._alive();
    this._subscriptions.resume();
    for (const message of this._queue.splice(0)) this._write(message);
  }

  _heard(text) {
    this._alive();
    this._tries = 0; // only a server that speaks is well again
    this._subscriptions.receive(JSON.parse(text));
  }

  _lost() {
    this._drop();
    this._pause();
  }

  _pause() {
    const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this._tries++);
    this._retry = setTimeout(() => this.open(), most * (0.5 + this._random() / 2));
    this._enter("waiting");
  }

  _alive() {
    clearTimeout(this._deadline);
    clearTimeout(this._ping);
    this._ping = setTimeout(() => {
      this._write({ type: "ping" });
      this._expect(PONG_WITHIN);
    }, PING_EVERY);
  }

  _expect(within) {
    clearTimeout(this._deadline);
    this._deadline = setTimeout(() => this._lost(), within);
  }

  _write(message) {
    if (this.state === "open") this._socket.send(JSON.stringify(message));
  }

  /** Let go of the socket at once: a dead one may take minutes to say so. */
  _drop() {
    clearTimeout(this._ping);
    clearTimeout(this._deadline);
    this._attempt = null;
    const socket = this._socket;
    this._socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  _enter(state) {
    if (state === this.state) return;
    this.state = state;
    for (const watcher of [...this._watchers]) watcher(state);
  }
}
