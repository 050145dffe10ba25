// The flow: a bubble for each node, an edge from a node to each that reads it, a pulse for each commit on its way.

/** A pulse is one commit, as many a second as the stream has, up to a bound that the eye can still follow. */
const MOST_PULSES_PER_SECOND = 12;
const PULSE_PIXELS_PER_SECOND = 230;
const POINTS_OF_A_LINE = 60;
const FRAME_MS = 30;

const flow = {
  picture: document.querySelector('#flow svg'),
  drawn: '', // what the layout was made for
  bubbles: new Map(), // by node
  edges: [], // {line, rate, length, points, due, moving}
  pulses: null
};

function drawFlow(status) {
  const nodes = status.nodes.filter(node => node.role !== 'coordinator');
  const edges = edgesOf(nodes);
  const width = flow.picture.parentNode.clientWidth;
  const layers = nodes.map(node => [node.name, node.role, node.origin].join(' '));
  const wanted = [width, ...layers, ...edges.map(edge => keyOf(edge) + labelOf(edge))].join('\n');
  if (flow.drawn !== wanted) {
    flow.drawn = wanted;
    buildFlow(nodes, edges, width);
  }
  const byKey = new Map(edges.map(edge => [keyOf(edge), edge]));
  for (const drawn of flow.edges) {
    const edge = byKey.get(drawn.key);
    drawn.rate = edge.rate;
    drawn.line.setAttribute('class', 'edge ' + (edge.rate > 0 ? 'flowing' : edge.isJoined ? 'joined' : 'declared'));
    say(drawn.title, titleOf(edge));
  }
  for (const node of nodes) drawBubble(flow.bubbles.get(node.name), node, figureOf(node, edges, status));
}

const keyOf = edge => edge.from + '>' + edge.to;

/** The first two streams by name, and how many more there are. */
function labelOf(edge) {
  const names = edge.streams.map(stream => stream.name).sort();
  return names.slice(0, 2).join(', ') + (names.length > 2 ? ` + ${names.length - 2}` : '');
}

function titleOf(edge) {
  const line = stream => stream.name + (stream.isJoined ? ', ' + perSecond(stream.rate) : ', declared, not open');
  return [`${edge.to} reads ${edge.from}`, ...edge.streams.map(line)].join('\n');
}

/** A node's [figure, unit]. What the status tells of a student and of the held-out frames is of the first of its role. */
function figureOf(node, edges, status) {
  const isFirst = node === status.nodes.find(other => other.role === node.role);
  if (isFirst && node.role === 'student') return [rate(status.student.stepsPerSecond), 'steps/s'];
  if (isFirst && node.role === 'evaluator') return [short(status.heldOut.frames), 'held out'];
  const mirrors = node.role === 'bridge' ? status.nodes.filter(other => isHeld(other) && boxOf(other)).length : 0;
  if (mirrors) return [whole(mirrors), mirrors === 1 ? 'mirror' : 'mirrors'];
  if (!node.streams.length) return [whole(edges.filter(edge => edge.to === node.name && edge.isJoined).length), 'read'];
  const fastest = Math.max(...node.streams.map(stream => stream.ratePerSecond || 0));
  return [rate(fastest), node.role === 'sensor' ? 'frames/s' : 'tensors/s'];
}

function drawBubble(bubble, node, [figure, unit]) {
  const isAlive = node.state === 'ALIVE';
  bubble.group.setAttribute('class', node.state);
  bubble.circle.setAttribute('class', 'bubble ' + node.state + (isLinked(node) ? '' : ' unlinked'));
  say(bubble.figure, isAlive ? figure : node.state.toLowerCase());
  say(bubble.unit, isAlive ? unit : '');
  bubble.figure.setAttribute('y', bubble.y + (isAlive ? 2 : 5));
}

// ---- what is built when a node or an edge comes or goes, or the page gets another width

function buildFlow(nodes, edges, width) {
  const layout = new Layout(nodes, edges, width);
  flow.picture.parentNode.classList.toggle('deserted', !nodes.length);
  flow.picture.setAttribute('viewBox', `0 ${layout.box.top} ${width} ${layout.box.height}`);
  flow.picture.setAttribute('height', layout.box.height);
  const lines = svg('g'), labels = svg('g'), bubbles = svg('g');
  flow.pulses = svg('g');
  flow.picture.replaceChildren(lines, flow.pulses, labels, bubbles);
  const roles = new Map(nodes.map(node => [node.name, node.role]));
  flow.edges = layout.routes.map(route => {
    const edge = buildEdge(route, roles.get(route.edge.from), lines);
    if (route.label && !layout.isNarrow) {
      labels.append(svg('text', {x: route.label.x, y: route.label.y + 4, class: 'edgelabel'}, labelOf(route.edge)));
    }
    return edge;
  });
  const room = layout.isNarrow ? width / Math.min(3, nodes.length) : 300;
  const build = node => buildBubble(node, layout.at(node.name), layout.sizes.radius, room, bubbles);
  flow.bubbles = new Map(nodes.map(node => [node.name, build(node)]));
}

function buildEdge({edge, d}, role, lines) {
  const line = svg('path', {d, class: 'edge', 'data-from': edge.from, 'data-to': edge.to});
  const title = svg('title');
  line.append(title);
  lines.append(line);
  const length = line.getTotalLength(), points = [];
  for (let i = 0; i <= POINTS_OF_A_LINE; i++) points.push(line.getPointAtLength(length * i / POINTS_OF_A_LINE));
  return {key: keyOf(edge), role, line, title, length, points, rate: 0, due: Math.random(), moving: []};
}

function buildBubble(node, {x, y}, r, room, bubbles) {
  const circle = svg('circle', {cx: x, cy: y, r, class: 'bubble'});
  const figure = svg('text', {x, y: y + 2, class: 'figure'});
  const unit = svg('text', {x, y: y + 17, class: 'unit'});
  const sheen = `M${x - r * 0.72} ${y - r * 0.3} A${r * 0.78} ${r * 0.78} 0 0 1 ${x - r * 0.22} ${y - r * 0.75}`;
  const letters = Math.floor(room / 7.4);
  const called = node.origin || node.name;
  const name = called.length > letters ? called.slice(0, letters - 1) + '…' : called;
  const group = svg('g', {'data-node': node.name});
  group.append(
    svg('title', {}, `${node.name}, role ${node.role}` + (boxOf(node) ? `, mirror of ${node.origin}` : '')),
    svg('circle', {cx: x, cy: y, r: r + 7, class: 'halo'}),
    circle,
    svg('path', {d: sheen, class: 'sheen'}),
    figure,
    unit,
    svg('text', {x, y: y + r + 21, class: 'nodename'}, name));
  bubbles.append(group);
  return {group, circle, figure, unit, y};
}

// ---- pulses

/** Nothing is known to flow any more. */
function stopFlow() {
  for (const edge of flow.edges) edge.rate = 0;
}

let lastFrameMs = 0;

function animate(nowMs) {
  requestAnimationFrame(animate);
  if (nowMs - lastFrameMs < FRAME_MS) return;
  const seconds = Math.min(0.1, (nowMs - lastFrameMs) / 1000); // after a pause nothing is made up for
  lastFrameMs = nowMs;
  for (const edge of flow.edges) {
    emit(edge, seconds);
    edge.moving = edge.moving.filter(pulse => move(pulse, edge, seconds));
  }
}

function emit(edge, seconds) {
  edge.due += seconds * Math.min(MOST_PULSES_PER_SECOND, edge.rate);
  for (; edge.due >= 1; edge.due--) {
    const dot = svg('circle', {r: 3.2, class: 'pulse ' + edge.role});
    flow.pulses.append(dot);
    edge.moving.push({dot, way: 0});
  }
}

/** Whether it is still on its way. */
function move(pulse, edge, seconds) {
  pulse.way += seconds * PULSE_PIXELS_PER_SECOND / edge.length;
  if (pulse.way >= 1) {
    pulse.dot.remove();
    return false;
  }
  const at = pulse.way * POINTS_OF_A_LINE, i = Math.floor(at), part = at - i;
  const a = edge.points[i], b = edge.points[i + 1];
  pulse.dot.setAttribute('cx', a.x + (b.x - a.x) * part);
  pulse.dot.setAttribute('cy', a.y + (b.y - a.y) * part);
  return true;
}

if (!matchMedia('(prefers-reduced-motion: reduce)').matches) requestAnimationFrame(animate);
