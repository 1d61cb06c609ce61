/** Which size of a picture to load: only addresses the source itself gave, never guessed ones. Pure. */

const SIZE = /(?<![\da-z])(\d{2,4})(?=(x\d{2,4})?(px)?[._/&?-]|$)/gi;

/**
 * The sizes of a product's first picture: shops list one picture several times under addresses that differ by a size.
 * @param {string[]} images
 * @returns {{src: string, srcset: string|null}} `src` is the smallest of at least 400 pixels
 */
export function ofProduct(images) {
  const [first, ...others] = images;
  if (!first) return { src: null, srcset: null };
  const shape = (url) => url.replace(SIZE, "#");
  return chosen([first, ...others.filter((url) => url !== first && shape(url) === shape(first))].map(sized));
}

function sized(url) {
  const sizes = [...url.matchAll(SIZE)].map((match) => Number(match[1])).filter((size) => size >= 64);
  return { url, width: sizes.at(-1) ?? null };
}

/** The sizes of a design, from its renditions. */
export function ofDesign({ renditions, thumbnail }) {
  const { src, srcset } = chosen(renditions);
  return { src: srcset || !thumbnail ? src : thumbnail, srcset };
}

function chosen(renditions) {
  const known = renditions.filter((one) => one.width).sort((a, b) => a.width - b.width);
  const middle = known.find((one) => one.width >= 400) ?? known.at(-1) ?? renditions[0];
  const srcset = known.length > 1 ? known.map((one) => `${plain(one.url)} ${one.width}w`).join(", ") : null;
  return { src: middle?.url ?? null, srcset };
}

/** Spaces and commas separate the entries of a srcset. */
function plain(url) {
  return url.replaceAll(" ", "%20").replaceAll(",", "%2C");
}
