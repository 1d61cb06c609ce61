/** A WebSocket class for tests: nothing happens by itself; the test plays the server. */

export function sockets() {
  const made = [];
  class FakeSocket {
    constructor(url) {
      this.url = url;
      this.sent = [];
      this.closed = false;
      made.push(this);
    }

    send(text) {
      this.sent.push(JSON.parse(text));
    }

    close() {
      this.closed = true;
    }

    /** The server's side. */
    accept() {
      this.onopen();
    }

    say(message) {
      this.onmessage({ data: JSON.stringify(message) });
    }

    subscribed(...channels) {
      this.say({ type: "subscribed", channels });
    }

    change(channel, position, data = {}) {
      this.say({ type: "change", channel, position, data });
    }

    die() {
      this.onclose?.();
    }

    /** The channel entries of every subscribe message so far. */
    get asked() {
      return this.sent.filter((message) => message.type === "subscribe").flatMap((message) => message.channels);
    }
  }
  return { FakeSocket, made, last: () => made.at(-1) };
}

/** Lets promises and microtasks run, also while timers are mocked. */
export async function settle() {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
