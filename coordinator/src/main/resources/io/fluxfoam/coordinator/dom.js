// Elements. All text goes in as text, never as markup: what a foam's files say is not trusted.

const $ = id => document.getElementById(id);

function el(tag, cls, ...children) {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  e.append(...children);
  return e;
}

function svg(tag, attributes, text) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes || {})) e.setAttribute(name, value);
  if (text !== undefined) e.textContent = text;
  return e;
}

/** Sets the text if it is another one. */
function say(e, text) {
  if (e.textContent !== text) e.textContent = text;
}

/**
 * Keeps one child of `parent` for each item, by key, in the items' order. A child is made once and then only refreshed, so
 * nothing flickers and a selection stays.
 */
function keep(parent, items, key, make, refresh) {
  const old = parent.kept || new Map(), now = new Map();
  items.forEach((item, i) => {
    const k = key(item), child = old.get(k) || make(item);
    old.delete(k);
    now.set(k, child);
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] || null);
    refresh(child, item);
  });
  old.forEach(child => child.remove());
  parent.kept = now;
}
