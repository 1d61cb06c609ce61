/** Asking the API: JSON in and out, problems as errors in plain words, the key where one is needed. */

const NAME = "page";
const WITHIN = 20_000; // milliseconds

export class Refused extends Error {
  /** @param {number} status 0: no answer at all */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The key lives as long as the tab. */
export const key = {
  get: () => sessionStorage.getItem("homefeed.key"),
  set: (value) => sessionStorage.setItem("homefeed.key", value),
};

/** @returns {Promise<any>} the answer's JSON, null for none; rejects with Refused, or AbortError when given up */
export async function call(method, path, { body, signal } = {}) {
  const answer = await ask(method, path, body, signal);
  if (answer.status === 204) return null;
  const found = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, found?.detail ?? `the server answered ${answer.status}`);
  return found;
}

export const get = (path, signal) => call("GET", path, { signal });

/** A path with a one-use ticket where the browser can't send the key: EventSource. */
export async function ticketed(path) {
  if (!key.get()) return path;
  const { ticket } = await call("POST", "/v1/tickets");
  return `${path}${path.includes("?") ? "&" : "?"}ticket=${encodeURIComponent(ticket)}`;
}

async function ask(method, path, body, signal) {
  const headers = key.get() ? { Authorization: `Bearer ${key.get()}`, "X-Homefeed-Client": NAME } : {};
  if (body) headers["Content-Type"] = "application/json";
  const limit = AbortSignal.timeout(WITHIN);
  const either = signal ? AbortSignal.any([signal, limit]) : limit;
  try {
    return await fetch(path, { method, headers, body: body && JSON.stringify(body), signal: either });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(0, "The server can't be reached. Is it still running?");
  }
}
