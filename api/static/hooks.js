/**
 * React hooks over the realtime client. React is passed in, so that this file needs no bundler and no copy of React:
 *
 *   import * as React from "react";
 *   import { RealtimeClient } from "/static/client.js";
 *   import { createHooks } from "/static/hooks.js";
 *   export const { useWebSocket, useRealtimePrice, useOptimisticMutation } = createHooks(React, new RealtimeClient());
 */

import { applyChange } from "./changes.js";
import { Optimistic } from "./optimistic.js";

export function createHooks(React, client) {
  const { useEffect, useRef, useState } = React;

  /** A ref that always holds the newest value, so that effects need not run again for a new closure. */
  function useLatest(value) {
    const ref = useRef(value);
    ref.current = value;
    return ref;
  }

  /**
   * Follow channels while mounted.
   * @param {string[]} channels
   * @param {(event: object) => void} onEvent see client.js
   * @returns {{state: string, send: (message: object) => boolean}}
   */
  function useWebSocket(channels, onEvent) {
    const [state, setState] = useState(client.state);
    const latest = useLatest(onEvent);
    const names = JSON.stringify(channels); // a new array with the same names is no new subscription
    useEffect(() => client.onState(setState), []);
    useEffect(() => {
      const stops = JSON.parse(names).map((name) => client.subscribe(name, (event) => latest.current(event)));
      return () => stops.forEach((stop) => stop());
    }, [names]);
    return { state, send: (message) => client.send(message) };
  }

  /**
   * A product's price and stock as they are now. `product` is null until the first word of the server; `change` is the
   * last change seen; `live` is false while there is no connection.
   * @param {string} productId
   * @returns {{product: object|null, price: string|null, list_price: string|null, currency: string|null,
   *   availability: string, change: object|null, live: boolean}}
   */
  function useRealtimePrice(productId) {
    const [seen, setSeen] = useState({ id: productId, product: null, change: null });
    const { state } = useWebSocket([`product:${productId}`], (event) => {
      setSeen((before) => next(before.id === productId ? before : { product: null, change: null }, event, productId));
    });
    const { product, change } = seen.id === productId ? seen : { product: null, change: null };
    const { price = null, list_price = null, currency = null, availability = "unknown" } = product ?? {};
    return { product, price, list_price, currency, availability, change, live: state === "open" };
  }

  /**
   * A value that changes at once and goes back when the server refuses.
   * @param {T} initial what the server has
   * @param {(wish: T) => Promise<unknown>} send rejects when refused
   * @returns {{value: T, pending: boolean, error: Error|null, mutate: (wish: T) => Promise<T>}}
   * @template T
   */
  function useOptimisticMutation(initial, send) {
    const [shown, setShown] = useState({ value: initial, pending: false, error: null });
    const latest = useLatest(send);
    const ref = useRef(null);
    ref.current ??= new Optimistic(initial, {
      send: (wish) => latest.current(wish),
      show: (value, pending) => setShown((before) => ({ value, pending, error: pending ? null : before.error })),
      refused: (error) => setShown((before) => ({ ...before, error })),
    });
    return { ...shown, mutate: (wish) => ref.current.want(wish) };
  }

  return { useWebSocket, useRealtimePrice, useOptimisticMutation };
}

function next(seen, event, id) {
  if (event.type === "snapshot") return { id, product: event.data, change: null };
  if (event.type !== "change") return { ...seen, id };
  return { id, product: seen.product && applyChange(seen.product, event.data), change: event.data };
}
