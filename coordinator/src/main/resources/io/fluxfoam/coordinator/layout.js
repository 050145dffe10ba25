// Where the nodes of the flow stand and how its edges run. Pure geometry, no element is touched.
//
// Nodes stand in layers, in the direction of the data. On a wide page the layers are columns from left to right, on a narrow
// one rows from top to bottom: `along` is the direction of the data and `across` the other one, until points become text.

const LAYER_OF_ROLE = {sensor: 0, teacher: 1, student: 2, evaluator: 3};
const LAST_LAYER = 3;

const NARROW = 700;
const LANE = 18; // between two edges that pass a layer side by side
const FIRST_ROW = 56;
const ZIGZAG = 76;
const MOST_IN_A_ROW = 3;

/** Of a bubble: its radius, what it takes across with its halo and its name, and the room from one to the next. */
const WIDE_SIZES = {radius: 38, before: 56, behind: 74, room: 108};
const NARROW_SIZES = {radius: 33, before: 52, behind: 52, room: 150};

/** Nodes of the loop's roles have their layers; any other stands behind what it reads, or first if it only publishes. */
function layersOf(nodes, edges) {
  const layer = new Map();
  for (const node of nodes) {
    if (node.role in LAYER_OF_ROLE) layer.set(node.name, LAYER_OF_ROLE[node.role]);
  }
  const strangers = nodes.filter(node => !layer.has(node.name));
  for (let pass = 0; pass < 2; pass++) { // the second is for those that read only other strangers
    for (const node of strangers.filter(stranger => !layer.has(stranger.name))) {
      const sources = edges.filter(edge => edge.to === node.name && layer.has(edge.from));
      if (sources.length) {
        layer.set(node.name, Math.min(LAST_LAYER, 1 + Math.max(...sources.map(edge => layer.get(edge.from)))));
      }
    }
  }
  for (const node of strangers.filter(stranger => !layer.has(stranger.name))) {
    const reads = edges.some(edge => edge.to === node.name);
    layer.set(node.name, !reads && node.streams.length ? 0 : 1);
  }
  const numbers = [...Array(LAST_LAYER + 1).keys()];
  return numbers.map(i => nodes.filter(node => layer.get(node.name) === i)).filter(members => members.length);
}

/** Use `at`, `routes`: [{edge, d, label: {x, y} or null}], and `box`: {top, height}. */
class Layout {
  constructor(nodes, edges, width) {
    this.width = width;
    this.isNarrow = width < NARROW;
    this.sizes = this.isNarrow ? NARROW_SIZES : WIDE_SIZES;
    this.layers = layersOf(nodes, edges);
    this.layerOf = new Map(this.layers.flatMap((members, i) => members.map(node => [node.name, i])));
    this.isRing = this.layers.length === 1 && nodes.length > 2;
    this.places = this.isRing ? this.ring(nodes) : this.rows();
    this.corridors = this.layers.map(members => this.corridor(members));
    this.routes = this.inOrderOfLength(edges).map(edge => this.route(edge));
    this.box = this.boxAround();
  }

  /** Centre of a node's bubble. */
  at(name) {
    return this.xy(this.places.get(name));
  }

  xy({along, across}) {
    return this.isNarrow ? {x: across, y: along} : {x: along, y: across};
  }

  text(along, across) {
    const {x, y} = this.xy({along, across});
    return x.toFixed(1) + ' ' + y.toFixed(1);
  }

  // ---- nodes

  rows() {
    const places = new Map();
    const most = Math.max(1, ...this.layers.map(members => members.length));
    const extent = this.isNarrow ? this.width : this.sizes.room * most;
    let row = FIRST_ROW;
    this.layers.forEach((members, i) => {
      const zigzag = this.isNarrow && members.length > MOST_IN_A_ROW ? ZIGZAG : 0;
      const column = this.layers.length === 1 ? 0.5 : 0.09 + 0.82 * i / (this.layers.length - 1);
      members.forEach((node, k) => places.set(node.name, {
        along: this.isNarrow ? row + k % 2 * zigzag : this.width * column,
        across: this.onPage(extent * (k + 0.5) / members.length)
      }));
      row += this.sizes.room + zigzag;
    });
    return places;
  }

  /** Many in a row of a narrow page would stand half outside. */
  onPage(across) {
    const border = this.sizes.radius + 8;
    return this.isNarrow ? Math.min(Math.max(across, border), this.width - border) : across;
  }

  /** For nodes that are all alike, such as a herd whose members all read each other. */
  ring(nodes) {
    const tall = Math.max(1.1 * this.sizes.room, 30 * nodes.length);
    const wide = Math.min(this.width / 2 - this.sizes.behind, 70 * nodes.length);
    return new Map(nodes.map((node, i) => {
      const angle = 2 * Math.PI * i / nodes.length - Math.PI / 2;
      const x = this.width / 2 + wide * Math.cos(angle), y = tall + FIRST_ROW + tall * Math.sin(angle);
      return [node.name, this.isNarrow ? {along: y, across: x} : {along: x, across: y}];
    }));
  }

  // ---- edges

  /** A layer as an edge sees it that passes: what is taken of it by nodes, and by edges that have passed before. */
  corridor(members) {
    const centres = members.map(node => this.places.get(node.name));
    return {
      along: centres[0].along,
      taken: centres.map(({across}) => ({from: across - this.sizes.before, to: across + this.sizes.behind})),
      lanes: []
    };
  }

  /** Takes the free lane that is nearest to the wanted one; the page ends at the sides, but not above and below. */
  takeLane(corridor, wanted) {
    const {taken, lanes} = corridor;
    const isOnPage = lane => !this.isNarrow || lane >= 8 && lane <= this.width - 8;
    const isFree = lane => isOnPage(lane)
      && taken.every(range => lane <= range.from || lane >= range.to)
      && lanes.every(other => Math.abs(other - lane) >= LANE);
    const borders = [...taken.flatMap(range => [range.from, range.to]), ...lanes];
    const candidates = [wanted, ...borders.flatMap(border => [border - LANE, border, border + LANE])];
    candidates.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
    const free = candidates.find(isFree);
    const lane = free !== undefined ? free : this.isNarrow ? Math.min(this.width - 8, Math.max(8, wanted)) : wanted;
    lanes.push(lane);
    return lane;
  }

  /** The short ones choose their lanes first: theirs are nearer to the nodes then. */
  inOrderOfLength(edges) {
    const length = edge => Math.abs(this.layerOf.get(edge.to) - this.layerOf.get(edge.from));
    return [...edges].sort((a, b) => length(a) - length(b));
  }

  route(edge) {
    const a = this.places.get(edge.from), b = this.places.get(edge.to);
    const start = 'M' + this.text(a.along, a.across);
    if (this.isRing) return {edge, d: start + 'L' + this.text(b.along, b.across), label: null};
    const from = this.layerOf.get(edge.from), to = this.layerOf.get(edge.to);
    if (from === to) return this.arc(edge, start, a, b);

    const stops = [a, ...this.stopsBetween(from, to, a, b), b];
    const curves = stops.slice(1).map((stop, i) => this.curve(stops[i], stop));
    const middle = {along: a.along + 0.52 * (b.along - a.along), across: (a.across + b.across) / 2};
    return {edge, d: start + curves.join(''), label: this.xy(stops.length === 2 ? middle : stops[1])};
  }

  /** Between two of one layer: out into the room behind it and back. */
  arc(edge, start, a, b) {
    const reach = 60 + 0.25 * Math.abs(b.across - a.across);
    const points = [this.text(a.along + reach, a.across), this.text(b.along + reach, b.across), this.text(b.along, b.across)];
    const label = this.xy({along: a.along + 0.75 * reach, across: (a.across + b.across) / 2});
    return {edge, d: start + 'C' + points.join(' '), label};
  }

  /** A lane through each layer that is passed. An edge back to the layer just before stays aside of the one that comes from there. */
  stopsBetween(from, to, a, b) {
    const step = Math.sign(to - from), stops = [];
    let wanted = a.across + (b.across - a.across) / Math.abs(to - from);
    for (let i = from + step; i !== to; i += step) {
      wanted = this.takeLane(this.corridors[i], wanted);
      stops.push({along: this.corridors[i].along, across: wanted});
    }
    if (step < 0 && !stops.length) {
      stops.push({along: (a.along + b.along) / 2, across: (a.across + b.across) / 2 + 2.5 * LANE});
    }
    return stops;
  }

  /** Leaves and arrives in the direction of the data. */
  curve(a, b) {
    const middle = (a.along + b.along) / 2;
    return `C${this.text(middle, a.across)} ${this.text(middle, b.across)} ${this.text(b.along, b.across)}`;
  }

  // ---- what all this takes from top to bottom

  boxAround() {
    if (!this.places.size) return {top: 0, height: this.sizes.room};
    const ys = [...this.places.keys()].map(name => this.at(name).y);
    const lanes = this.isNarrow ? [] : this.corridors.flatMap(corridor => corridor.lanes);
    const top = Math.min(...ys.map(y => y - 52), ...lanes.map(y => y - 20));
    const bottom = Math.max(...ys.map(y => y + this.sizes.radius + 36), ...lanes.map(y => y + 20));
    return {top, height: bottom - top};
  }
}
