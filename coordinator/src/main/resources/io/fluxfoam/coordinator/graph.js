// Who reads whom, out of the JSON status. Two sources: what a node's manifest declares (`node.reads`), and the lanes in a
// stream's control file, of which `stream.readBy` names the living owners. A declaration is a plan, a lane is a fact.

/** `NODE/STREAM>READER` of every lane that this page has seen, so that an edge does not come and go with a restart. */
const metLanes = new Set();

/** The box that a mirror's original is in; null of a node of this one. */
const boxOf = node => known(node.origin) ? node.origin.slice(node.origin.indexOf('@') + 1) : null;

const isHeld = node => node.state === 'ALIVE' || node.state === 'STALLED';

/** The link of a mirror that has ended is nobody's. */
const isLinked = node => !node.link || !isHeld(node) || node.link.state === 'UP';

/**
 * The edges {from, to, streams: [{name, isJoined, rate}], isJoined, rate}: at most one from a node to another.
 * `isJoined`: a living reader has a lane. `rate`: commits a second on their way now, 0 if nothing is.
 */
function edgesOf(nodes) {
  const edges = [];
  for (const from of nodes) {
    for (const to of nodes) {
      const streams = from === to ? [] : streamsBetween(from, to);
      if (streams.length) {
        edges.push({
          from: from.name,
          to: to.name,
          streams,
          isJoined: streams.some(stream => stream.isJoined),
          rate: Math.max(...streams.map(stream => stream.rate))
        });
      }
    }
  }
  return edges;
}

function streamsBetween(from, to) {
  const declared = to.reads || [];
  const streams = [];
  for (const stream of from.streams) {
    const isJoined = stream.readBy.includes(to.name);
    const isNamed = declared.includes(from.name + '/' + stream.name);
    const isMeant = declared.includes('*/' + stream.name) && isLikely(from, stream, to);
    if (isJoined || isNamed || isMeant) {
      const isFlowing = isJoined && from.state === 'ALIVE' && to.state === 'ALIVE';
      streams.push({name: stream.name, isJoined, rate: isFlowing ? stream.ratePerSecond || 0 : 0});
    }
    if (isJoined) metLanes.add(`${from.name}/${stream.name}>${to.name}`);
  }
  return streams.concat(plansFor(from, to, declared, streams));
}

/**
 * Whether a declared `*` + `/STREAM` means this node too. The reader chooses among the nodes that have such a stream, and
 * between two that live only a lane tells which it chose; where one of them does not live, there can be no lane.
 */
function isLikely(from, stream, to) {
  return !isHeld(from) || !isHeld(to) || metLanes.has(`${from.name}/${stream.name}>${to.name}`);
}

/** What is declared of streams that are not there: their writer has not begun yet, or left and took them along. */
function plansFor(from, to, declared, present) {
  const names = new Set();
  for (const target of declared) {
    const [node, name] = target.split('/');
    const wasMet = metLanes.has(`${from.name}/${name}>${to.name}`);
    if (node === from.name || node === '*' && from.streams.length === 0 && wasMet) names.add(name);
  }
  for (const stream of present) names.delete(stream.name);
  return [...names].map(name => ({name, isJoined: false, rate: 0}));
}
