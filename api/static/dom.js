/** Small helpers around the DOM; text goes in as text, never as markup. */

/** h("a.main", { href, onclick }, "text", child, null) */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) set(element, key, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") element[key] = value;
  else element.setAttribute(key, value === true ? "" : value);
}

/** An icon of the page's sprite; it says nothing by itself. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export const $ = (id) => document.getElementById(id);

/** Addresses of others are links only when they are web addresses. */
export function web(url) {
  return /^https?:\/\//i.test(url ?? "") ? url : null;
}

/** A link that leaves the page. */
export function away(name, url, ...children) {
  return web(url) ? h(name, { href: url, target: "_blank", rel: "noopener" }, ...children) : h("span", {}, ...children);
}

/** Write only what differs: screen readers and the browser's layout are left in peace. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
