/** A design's card, and the grid of uneven pictures that knows every height before a picture is there. */

import { away, h, web } from "./dom.js";
import { licence, named } from "./format.js";
import { ofDesign } from "./pictures.js";

const ROW = 4; // pixels, as grid-auto-rows in the style sheet
const GAP = 18; // below each card
const WIDTH = 250; // narrowest column
const SIZES = "(max-width: 520px) 46vw, (max-width: 900px) 30vw, 300px";

export function designCard(design, actions) {
  const title = design.title ?? "Interior";
  const card = h("li.design", { "data-id": design.id });
  card.ratio = design.width && design.height ? design.height / design.width : 1;
  card.append(
    h("div.frame", {}, picture(design, title)),
    h("div.credit", {},
      h("h2", {}, away("a.main", design.url, title)),
      h("p.by", {}, ...credit(design))),
    h("div.acts", {}, ...actions),
  ); // prettier-ignore
  paint(card.querySelector(".frame"), design);
  return card;
}

/** The picture's own colour and blur, until it is there. Set through the DOM: the page allows no inline style. */
function paint(frame, { colors, placeholder, width, height }) {
  frame.style.aspectRatio = width && height ? `${width} / ${height}` : "1";
  if (colors?.[0]) frame.style.backgroundColor = colors[0];
  if (/^data:image\/[a-z]+;base64,[\w+/=]+$/.test(placeholder ?? "")) frame.style.backgroundImage = `url("${placeholder}")`;
}

function picture(design, title) {
  const { src, srcset } = ofDesign(design);
  const size = { width: design.width, height: design.height, loading: "lazy", decoding: "async" };
  return h("img", { src, srcset, sizes: SIZES, alt: title, ...size });
}

function credit(design) {
  const author = design.author ? away("a", design.author_url, design.author) : "Unknown author";
  const terms = web(design.license.url) ? { rel: "license noopener", href: design.license.url, target: "_blank" } : {};
  const kind = h(terms.href ? "a" : "span", terms, licence(design.license));
  return [author, " · ", kind, " · ", away("a", design.url, named(design.source))];
}

/** One picture stands for its duplicates. */
export function canonical(design) {
  return !design.group || design.group === design.id;
}

/**
 * The shortest column takes the next card. Pure; a longer list leaves the start as it was.
 * @param {number[]} ratios height by width of each picture
 * @param {number} width of the grid in pixels
 * @param {{between?: number, credit?: number}} sizes between columns, and of what stands below a picture, in pixels
 * @returns {{columns: number, places: {column: number, row: number, span: number}[]}} grid lines from 1
 */
export function masonry(ratios, width, { between = GAP, credit = 0 } = {}) {
  const columns = Math.max(2, Math.floor((width + between) / (WIDTH + between)));
  const wide = (width - between * (columns - 1)) / columns;
  const ends = Array(columns).fill(1);
  const places = ratios.map((ratio) => {
    const column = ends.indexOf(Math.min(...ends));
    const span = Math.ceil((wide * ratio + credit + GAP) / ROW);
    const row = ends[column];
    ends[column] += span;
    return { column: column + 1, row, span };
  });
  return { columns, places };
}

/** Put every card of the grid in its place. */
export function arrange(grid) {
  const cards = [...grid.children];
  const style = getComputedStyle(grid);
  const sizes = { between: parseFloat(style.columnGap), credit: parseFloat(style.getPropertyValue("--credit")) };
  const { columns, places } = masonry(cards.map((card) => card.ratio ?? 1), grid.clientWidth, sizes);
  grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  cards.forEach((card, n) => {
    const { column, row, span } = places[n];
    card.style.gridArea = `${row} / ${column} / span ${span} / span 1`;
  });
}
