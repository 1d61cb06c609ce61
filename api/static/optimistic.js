/**
 * A value that shows at once what a person wants and goes back when the server refuses. One request at a time per
 * value: quick clicks end in one request for the last wish, and an answer that comes late undoes nothing newer.
 */

export class Optimistic {
  /**
   * @param {T} value what the server has.
   * @param {{send: (wish: T) => Promise<unknown>, show: (value: T, pending: boolean) => void,
   *   refused?: (error: Error, wish: T) => void}} options `send` rejects when the server refuses.
   * @template T
   */
  constructor(value, { send, show, refused = () => {} }) {
    this.settled = value;
    this.wanted = value;
    this._send = send;
    this._show = show;
    this._refused = refused;
    this._running = null;
  }

  /** Show the wish now and send it. Resolves once all is settled, with what the server has then. */
  want(wish) {
    this.wanted = wish;
    this._show(wish, true);
    this._running ??= this._settle().finally(() => (this._running = null));
    return this._running;
  }

  /** What the server says by itself; counts unless a wish is under way. */
  learn(value) {
    this.settled = value;
    if (this._running) return;
    this.wanted = value;
    this._show(value, false);
  }

  async _settle() {
    while (this.wanted !== this.settled) {
      const wish = this.wanted;
      try {
        await this._send(wish);
        this.settled = wish;
      } catch (error) {
        if (wish === this.wanted) this.wanted = this.settled; // a newer wish gets its own try
        this._refused(error, wish);
      }
    }
    this._show(this.settled, false);
    return this.settled;
  }
}
