// Curves over the foam's uptime.

const MARGIN = {left: 44, right: 10, top: 8, bottom: 22};
const GRID_LINES = 4;
const TIME_STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

/**
 * A chart in `box`, with its legend in the heading above. `series`: [{key, label, tone, isArea}]. `format` writes a value,
 * `isShare` fixes the axis at 0..100%.
 */
class Chart {
  constructor(box, series, format, isShare) {
    this.box = box;
    this.series = series;
    this.format = format;
    this.isShare = isShare;
    this.legend = box.parentNode.querySelector('.legend');
    this.picture = svg('svg');
    this.empty = el('div', 'empty', 'not measured yet');
    this.tip = el('div', 'tip');
    this.data = {seconds: [], curves: {}};
    this.chances = {};
    box.append(this.picture, this.empty, this.tip);
    box.addEventListener('pointermove', event => this.point(event.offsetX));
    box.addEventListener('pointerleave', () => this.leave());
    new ResizeObserver(() => this.draw()).observe(box);
  }

  /** `history`: {seconds: [...], curves: {KEY: [...]}}; `current` and `chances`: a value for each key, or null. */
  show(history, current, chances) {
    this.data = history;
    this.chances = chances || {};
    if (!this.isPointed()) this.draw();
    const make = s => el('span', s.tone, el('i', 'swatch'), s.label + ' ', el('b'));
    keep(this.legend, this.series, s => s.key, make, (e, s) => say(e.lastChild, this.format(current[s.key])));
  }

  draw() {
    const drawn = this.series.filter(s => this.values(s).some(known));
    this.empty.style.display = drawn.length ? 'none' : '';
    this.scale = this.scaleOf(drawn);
    this.picture.setAttribute('viewBox', `0 0 ${this.scale.width} ${this.scale.height}`);
    this.picture.replaceChildren(
      ...this.gridLines(), ...this.times(), ...drawn.flatMap(s => this.curve(s)), ...this.chanceLines());
  }

  values(s) {
    return this.data.curves[s.key] || [];
  }

  scaleOf(drawn) {
    const width = this.box.clientWidth, height = this.box.clientHeight;
    const t = this.data.seconds;
    const first = t.length ? t[0] : 0, last = Math.max(first + 10, t.length ? t[t.length - 1] : 0);
    const highest = Math.max(drawn.length ? 1e-6 : 1, ...drawn.flatMap(s => this.values(s).filter(known)));
    const max = this.isShare ? 1 : niceAbove(highest);
    const x = seconds => MARGIN.left + (width - MARGIN.left - MARGIN.right) * (seconds - first) / (last - first);
    const y = value => height - MARGIN.bottom - (height - MARGIN.top - MARGIN.bottom) * Math.min(value, max) / max;
    return {x, y, first, last, max, width, height};
  }

  horizontal(value, cls) {
    const {y, width} = this.scale;
    return svg('line', {x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value), class: cls});
  }

  gridLines() {
    const parts = [];
    for (let i = 0; i <= GRID_LINES; i++) {
      const value = this.scale.max * i / GRID_LINES;
      const text = this.isShare ? whole(100 * value) + '%' : Number(value.toPrecision(2));
      parts.push(this.horizontal(value, 'axis'));
      const at = {x: MARGIN.left - 8, y: this.scale.y(value) + 4};
      parts.push(svg('text', {...at, class: 'tick', 'text-anchor': 'end'}, text));
    }
    return parts;
  }

  times() {
    const {x, first, last, width, height} = this.scale;
    const step = TIME_STEPS.find(s => (last - first) / s <= Math.max(3, width / 90)) || 604800;
    const parts = [];
    for (let t = Math.ceil(first / step) * step; t <= last; t += step) {
      const anchor = x(t) > width - 26 ? 'end' : 'middle';
      parts.push(svg('text', {x: x(t), y: height - 5, class: 'tick', 'text-anchor': anchor}, clock(t)));
    }
    return parts;
  }

  chanceLines() {
    const lines = this.series.filter(s => known(this.chances[s.key]));
    const levels = [...new Set(lines.map(s => this.chances[s.key]))].sort((a, b) => a - b);
    const parts = lines.map(s => this.horizontal(this.chances[s.key], 'chance ' + s.tone));
    if (levels.length) {
      const at = {x: this.scale.width - MARGIN.right, y: this.scale.y(levels[levels.length - 1]) - 6};
      const text = 'chance ' + levels.map(this.format).join(', ');
      parts.push(svg('text', {...at, class: 'tick over', 'text-anchor': 'end'}, text));
    }
    return parts;
  }

  curve(s) {
    const {x, y} = this.scale;
    return runsOf(this.data.seconds, this.values(s)).flatMap(run => {
      const d = run.map(([t, v], i) => (i ? 'L' : 'M') + x(t).toFixed(1) + ' ' + y(v).toFixed(1)).join('');
      const curve = svg('path', {d, class: 'curve ' + s.tone});
      if (!s.isArea) return [curve];
      const ground = `L${x(run[run.length - 1][0]).toFixed(1)} ${y(0)}L${x(run[0][0]).toFixed(1)} ${y(0)}Z`;
      return [svg('path', {d: d + ground, class: 'area ' + s.tone}), curve];
    });
  }

  // ---- the values under the pointer

  isPointed() {
    return this.tip.style.display === 'block';
  }

  leave() {
    this.tip.style.display = 'none';
    this.draw();
  }

  point(atX) {
    const t = this.data.seconds;
    if (!t.length) return;
    const distance = i => Math.abs(this.scale.x(t[i]) - atX);
    let i = 0;
    while (i + 1 < t.length && distance(i + 1) <= distance(i)) i++;
    const shown = this.series.filter(s => known(this.values(s)[i]));
    if (!shown.length) {
      this.leave();
      return;
    }
    this.draw();
    const x = this.scale.x(t[i]);
    const bottom = this.scale.height - MARGIN.bottom;
    this.picture.append(svg('line', {x1: x, x2: x, y1: MARGIN.top, y2: bottom, class: 'cross'}));
    for (const s of shown) {
      this.picture.append(svg('circle', {cx: x, cy: this.scale.y(this.values(s)[i]), r: 4, class: 'spot ' + s.tone}));
    }
    const row = s => el('div', s.tone, el('span', 'swatch'), s.label, el('b', '', this.format(this.values(s)[i])));
    this.tip.replaceChildren(el('div', 'sub', clock(t[i])), ...shown.map(row));
    this.tip.style.display = 'block';
    const isRight = x + 12 + this.tip.offsetWidth <= this.scale.width;
    this.tip.style.left = (isRight ? x + 12 : Math.max(0, x - 12 - this.tip.offsetWidth)) + 'px';
  }
}

/** The next number above that is easy to divide by four. */
function niceAbove(v) {
  const ten = 10 ** Math.floor(Math.log10(v));
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map(f => f * ten).find(n => n >= v);
}

/** The stretches without a hole: [[[t, value], ...], ...]. */
function runsOf(t, values) {
  const runs = [];
  let run = [];
  values.forEach((value, i) => {
    if (!known(value)) {
      run = [];
      return;
    }
    if (!run.length) runs.push(run);
    run.push([t[i], value]);
  });
  return runs;
}

/** All curves since this page was opened: what a coordinator that began anew no longer knows, this page still does. */
class Memory {
  static MOST_POINTS = 1600;

  constructor() {
    this.all = {seconds: [], curves: {}};
  }

  /** Takes what the coordinator knows in the place of what is here of the same time, and gives all that is known. */
  join(fresh) {
    const {seconds, curves} = this.all;
    const overlap = fresh.seconds.length ? seconds.findIndex(t => t >= fresh.seconds[0]) : -1;
    const kept = overlap < 0 ? seconds.length : overlap;
    const joined = {};
    for (const key of new Set([...Object.keys(curves), ...Object.keys(fresh.curves)])) {
      const before = curves[key] || Array(kept).fill(null);
      const after = fresh.curves[key] || Array(fresh.seconds.length).fill(null);
      joined[key] = [...before.slice(0, kept), ...after];
    }
    this.all = {seconds: [...seconds.slice(0, kept), ...fresh.seconds], curves: joined};
    while (this.all.seconds.length > Memory.MOST_POINTS) this.thinOut();
    return this.all;
  }

  thinOut() {
    const half = values => values.filter((_, i) => i % 2);
    const curves = Object.entries(this.all.curves).map(([key, values]) => [key, half(values)]);
    this.all = {seconds: half(this.all.seconds), curves: Object.fromEntries(curves)};
  }
}
