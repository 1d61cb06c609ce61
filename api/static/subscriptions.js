/**
 * Who listens to which channel and how far each has heard: the part of the realtime client that promises "each change
 * once". A position is `<milliseconds>-<serial>`, one order for all channels within an epoch.
 */

const AT_ONCE = 1_000; // channels in one message

/** Is position `a` after `b`? */
export function later(a, b) {
  const [aStamp, aSerial] = a.split("-").map(BigInt);
  const [bStamp, bSerial] = b.split("-").map(BigInt);
  return aStamp === bStamp ? aSerial > bSerial : aStamp > bStamp;
}

export class Subscriptions {
  /** @param {(message: object) => void} write sends to the server, or does nothing while there is no connection. */
  constructor(write) {
    this._write = write;
    // name -> { listeners: Set, told: does the server know, asked: listeners of each request under way, in order }
    this._channels = new Map();
    this._fresh = new Set(); // listeners not yet told to the server
  }

  /** Returns the function that removes the listener. */
  add(channel, callback, after, epoch) {
    const listener = { channel, callback, position: after ?? null, epoch: epoch ?? null };
    if (!this._channels.has(channel)) this._channels.set(channel, { listeners: new Set(), told: false, asked: [] });
    this._channels.get(channel).listeners.add(listener);
    if (!this._fresh.size) queueMicrotask(() => this._ask([...this._fresh]));
    this._fresh.add(listener);
    return () => this._remove(listener);
  }

  /** A new connection: ask for every channel from where its listeners are. */
  resume() {
    for (const [name, channel] of this._channels) {
      channel.asked = [];
      this._forget(name);
    }
    this._ask([...this._channels.values()].flatMap((channel) => [...channel.listeners]));
  }

  /** A message of the server. */
  receive(message) {
    if (message.type === "subscribed") for (const reply of message.channels) this._subscribed(reply);
    if (message.type === "change") this._changed(message);
    if (message.type === "error" && message.channel) this._refused(message);
  }

  _remove(listener) {
    const channel = this._channels.get(listener.channel);
    this._fresh.delete(listener);
    if (!channel?.listeners.delete(listener) || channel.listeners.size) return;
    if (channel.told) this._write({ type: "unsubscribe", channels: [listener.channel] });
    channel.told = false;
    this._forget(listener.channel);
  }

  /** A channel nobody listens to stays until its replies are in: a new listener must not take an old one's. */
  _forget(name) {
    const channel = this._channels.get(name);
    if (channel && !channel.listeners.size && !channel.asked.length) this._channels.delete(name);
  }

  /** One request per channel and place: listeners that start from the same place share it. */
  _ask(listeners) {
    this._fresh.clear();
    const requests = new Map();
    for (const listener of listeners) {
      const { channel, position, epoch } = listener;
      const place = JSON.stringify([channel, position, epoch]);
      if (!requests.has(place)) requests.set(place, { channel, position, epoch, listeners: [] });
      requests.get(place).listeners.push(listener);
    }
    const all = [...requests.values()];
    for (const request of all) {
      const channel = this._channels.get(request.channel);
      channel.asked.push(request.listeners);
      channel.told = true;
    }
    for (let i = 0; i < all.length; i += AT_ONCE) {
      this._write({ type: "subscribe", channels: all.slice(i, i + AT_ONCE).map(entry) });
    }
  }

  /**
   * The reply to the oldest request for this channel: a snapshot to start from, or the promise of a replay. Without a
   * request the server starts everybody afresh: its history was lost.
   */
  _subscribed({ channel, snapshot = null, position, epoch, recovered }) {
    const known = this._channels.get(channel);
    const event = { type: "snapshot", channel, data: snapshot, position, epoch, recovered };
    for (const listener of known?.asked.shift() ?? [...(known?.listeners ?? [])]) {
      if (!known.listeners.has(listener)) continue;
      const replayed = listener.position !== null && recovered;
      listener.epoch = epoch;
      if (replayed) continue;
      listener.position = position;
      call(listener, event);
    }
    this._forget(channel);
  }

  _changed({ channel, position, data }) {
    const event = { type: "change", channel, data, position };
    for (const listener of [...(this._channels.get(channel)?.listeners ?? [])]) {
      if (listener.position === null || !later(position, listener.position)) continue; // the snapshot holds it
      listener.position = position;
      call(listener, event);
    }
  }

  _refused({ channel, detail = "" }) {
    for (const listener of this._channels.get(channel)?.asked.shift() ?? []) {
      call(listener, { type: "error", channel, detail });
    }
    this._forget(channel);
  }
}

function entry({ channel, position, epoch }) {
  if (position === null) return { channel };
  return epoch === null ? { channel, after: position } : { channel, after: position, epoch };
}

/** One callback's error must not keep the others from hearing. */
function call(listener, event) {
  try {
    listener.callback(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error; // where the page's own error handling sees it
    });
  }
}
