// Everything below the flow but the charts: tiles, heatmap, teachers, nodes, streams, events.

// ---- tiles

const MOST_HELD_OUT_TILES = 3;

function drawTiles(status) {
  const student = status.student, heldOut = status.heldOut;
  say($('parameters'), parametersText(student));
  const tiles = [
    ...heldOutFigures(heldOut).slice(0, MOST_HELD_OUT_TILES).map(heldOutTile),
    {label: 'step', value: short(student.step), note: `${tenth(student.samplesPerSecond)} samples/s`},
    {label: 'fresh moments/s', value: tenth(student.momentsPerSecond), note: bytes(student.copiedBytes) + ' copied'},
    auditTile(heldOut)];
  keep($('tiles'), tiles, tile => tile.label, makeTile, (e, tile) => {
    const [, value, note] = e.children;
    say(value, tile.value);
    say(note, tile.note);
    value.classList.toggle('bad', !!tile.isBad);
  });
}

function makeTile(tile) {
  const swatch = tile.tone ? [el('span', 'swatch')] : [];
  return el('div', 'card tile ' + (tile.tone || ''),
    el('div', 'label', ...swatch, tile.label), el('div', 'value'), el('div', 'note'));
}

function heldOutTile(figure) {
  const note = known(figure.candidates) ? `of ${figure.candidates}, chance ${percent(figure.chance)}` : 'not measured yet';
  return {label: figure.label, tone: figure.tone, value: percent(figure.value), note};
}

function auditTile(heldOut) {
  const label = 'trained on held-out';
  if (!known(heldOut.trainedOnHoldout)) return {label, value: DASH, note: 'not audited yet'};
  const missed = heldOut.trainedFramesMissed ? `, ${short(heldOut.trainedFramesMissed)} missed` : '';
  return {
    label,
    value: whole(heldOut.trainedOnHoldout),
    isBad: heldOut.trainedOnHoldout > 0,
    note: short(heldOut.trainedFramesAudited) + ' audited' + missed
  };
}

function parametersText(student) {
  if (!known(student.parameters)) return '';
  const width = known(student.width) && student.width !== 1 ? `, ${student.width} as wide as packaged` : '';
  return short(student.parameters) + ' parameters' + width;
}

// ---- held-out sets

const TONES = ['blue', 'violet', 'orange', 'green'];
const OF_SCENES = [['seenWords', 'seen words'], ['unseenWords', 'unseen words'], ['pictureOnly', 'picture only']];

const isOfScenes = set => set.kind === 'sentences' && OF_SCENES.some(([name]) => name === set.name);

/** The curve of each set, from both senses; of the scenes' the three that they have always had. */
function heldOutFigures(heldOut) {
  const others = heldOut.sets.filter(set => !isOfScenes(set));
  const hasScenes = others.length === 0 || known(heldOut.seenWords.candidates);
  const scenes = (hasScenes ? OF_SCENES : [])
    .map(([key, label]) => ({key, label, value: heldOut[key].top1, ...heldOut[key]}));
  const sets = others.map(set => ({
    key: `set.${set.world}.${set.name}`, label: nameOf(set, heldOut.sets), value: set.both, ...set}));
  return [...scenes, ...sets].map((figure, i) => ({...figure, tone: TONES[i % TONES.length]}));
}

/** Its source stands before it where there are several. */
function nameOf(set, sets) {
  return sets.some(other => other.world !== set.world) ? `${set.source} ${set.name}` : set.name;
}

function drawSets(status) {
  const {sets} = status.heldOut;
  const named = sets.map(set => ({...set, label: nameOf(set, sets)}));
  keep($('sets'), named, set => set.world + '.' + set.name, makeSet, refreshSet);
}

function makeSet() {
  const measures = ['picture and sound', 'picture alone', 'sound alone'].map(label => makeMeasure(label, el('u')));
  return el('div', 'card',
    el('div', 'top', el('span', 'name'), el('span', 'sub')), el('div', 'measure row sub'), ...measures);
}

function refreshSet(e, set) {
  say(e.querySelector('.name'), set.label);
  say(e.querySelector('.top .sub'), 'held out: ' + set.kind);
  const neighbour = known(set.neighbourGrey) || known(set.neighbourColour)
    ? `, nearest pixels ${percent(set.neighbourGrey)} grey, ${percent(set.neighbourColour)} colour` : '';
  const [, facts, ...measures] = e.children;
  say(facts, `of ${whole(set.candidates)}, ${whole(set.frames)} frames, chance ${percent(set.chance)}${neighbour}`);
  // on the bar of the picture the mark is what the nearest pixels give, if that is more than guessing
  const pixels = Math.max(set.chance || 0, set.neighbourGrey || 0, set.neighbourColour || 0);
  [[set.both, set.chance], [set.picture, pixels], [set.sound, set.chance]].forEach(([value, mark], i) => {
    refreshBar(measures[i], percent(value), value || 0);
    measures[i].querySelector('u').style.left = 100 * (mark || 0) + '%';
  });
}

function makeMeasure(label, ...mark) {
  return el('div', 'measure',
    el('div', 'row', el('span', '', label), el('span', '', el('b'))), el('div', 'bar violet', el('i'), ...mark));
}

// ---- teachers

function drawTeachers(status) {
  const order = status.nodes.map(node => node.name);
  const teachers = Object.entries(status.student.teachers)
    .map(([name, teacher]) => ({name, ...teacher}))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  keep($('teachers'), teachers, teacher => teacher.name, makeTeacher, refreshTeacher);
}

function makeTeacher(teacher) {
  return el('div', 'card',
    el('div', 'top', el('span', 'name', teacher.name), el('span', 'state')),
    el('div', 'measure row sub'),
    makeMeasure('centred cosine'),
    makeMeasure('unexplained variance', el('u')));
}

function refreshTeacher(e, teacher) {
  const [, weight, cosine, variance] = e.children;
  const state = e.querySelector('.state');
  const isRefused = known(teacher.refused);
  const isDoubted = teacher.state === 'suspect' || teacher.state === 'quarantined';
  state.className = 'state ' + (isRefused || teacher.state === 'quarantined' ? 'DEAD'
    : isDoubted ? 'STALLED' : teacher.present ? 'ALIVE' : 'STOPPED');
  say(state, isRefused ? 'refused' : isDoubted ? teacher.state
    : !known(teacher.present) ? DASH : teacher.present ? 'present' : 'masked');
  say(weight, isRefused ? 'the student refuses it: ' + teacher.refused
    : 'weight ' + hundredth(teacher.weight) + (isDoubted ? '  ·  ' + teacher.verdict : ''));
  refreshBar(cosine, hundredth(teacher.centredCosine), teacher.centredCosine || 0);

  // what a student that always says the mean leaves unexplained is the mark on the bar
  const constant = teacher.constantPredictor, reach = Math.max(1.15, (constant || 0) * 1.15);
  const beside = known(constant) ? '  ·  constant ' + hundredth(constant) : '';
  refreshBar(variance, hundredth(teacher.unexplainedVariance) + beside, (teacher.unexplainedVariance || 0) / reach);
  const mark = variance.querySelector('u');
  mark.style.left = 100 * (constant || 0) / reach + '%';
  mark.style.display = known(constant) ? '' : 'none';
}

function refreshBar(measure, text, share) {
  say(measure.querySelector('b'), text);
  measure.querySelector('i').style.width = 100 * Math.min(1, Math.max(0, share)) + '%';
}

// ---- heatmap

const MOST_SCALES = 3;

/** A region is two rows of one canvas, what the teacher said above what the student predicted: what it has learned stands in columns. */
function drawHeatmap(map) {
  say($('moment'), map
    ? `frame ${map.frame}${map.holdout ? ', held out' : ''}, seen ${tenth(map.ageSeconds)} s ago`
      + (map.window ? `; of the picture it has chosen to look sharply at rows ${map.window.fromRow} to ${map.window.toRow - 1}` : '')
    : 'no moment yet');
  const colours = {below: colour('--blue'), above: colour('--orange')};
  const regions = map ? map.regions : [];
  keep($('heatmap'), regions, region => region.name, makeRegion, (e, region) => paintRegion(e.lastChild, region, colours));
}

function colour(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
}

function makeRegion(region) {
  const canvas = el('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${region.name}: the teacher's tensor above, the student's prediction below`);
  const rows = el('div', 'who', el('div', '', 'teacher'), el('div', '', 'student'));
  return el('div', 'region', el('div', 'label', el('span', 'name', region.name), rows), canvas);
}

function paintRegion(canvas, region, {below, above}) {
  const width = (region.student || region.teacher || [0]).length;
  const image = new ImageData(width, 2);
  [region.teacher, region.student].forEach((values, row) => (values || []).forEach((z, i) => {
    const share = Math.min(1, Math.abs(z) / MOST_SCALES);
    image.data.set([...(z < 0 ? below : above), Math.round(255 * share)], 4 * (row * width + i));
  }));
  canvas.width = width;
  canvas.height = 2;
  canvas.getContext('2d').putImageData(image, 0, 0);
  canvas.title = `${region.tokens} × ${region.dim}`
    + (region.teacher ? '' : ', the teacher has said nothing of this frame')
    + (region.student ? '' : ', not predicted yet');
}

// ---- other boxes

const TONE_OF_LINK = {UP: 'ALIVE', DOWN: 'DEAD', REFUSED: 'STALLED'};

/** A mirror that has ended knows nothing of the link, so the living ones are asked first. */
function boxesOf(nodes) {
  const mirrors = nodes.filter(node => boxOf(node));
  return [...new Set(mirrors.map(boxOf))].sort().map(name => {
    const ofBox = mirrors.filter(node => boxOf(node) === name);
    const rates = ofBox.map(node => node.link.bytesPerSecond).filter(known);
    return {
      name,
      nodes: ofBox,
      link: (ofBox.find(isHeld) || ofBox[0]).link,
      bytesPerSecond: rates.length ? rates.reduce((a, b) => a + b) : null
    };
  });
}

function drawBoxes(status) {
  keep($('boxes'), boxesOf(status.nodes), box => box.name, makeBox, refreshBox);
}

function makeBox(box) {
  const labels = ['round trip', 'lost', 'coming in'];
  const card = el('div', 'card',
    el('div', 'top', el('span', 'name', 'box ' + box.name), el('span', 'state')),
    el('dl', '', ...labels.flatMap(label => [el('dt', '', label), el('dd')])),
    el('div', 'chips'));
  card.dataset.box = box.name;
  return card;
}

function refreshBox(card, box) {
  const state = card.querySelector('.top .state');
  state.className = 'state ' + TONE_OF_LINK[box.link.state];
  say(state, 'link ' + box.link.state);
  const figures = [trip(box.link.roundTripMillis), percent(box.link.lossRatio), bytesPerSecond(box.bytesPerSecond)];
  card.querySelectorAll('dd').forEach((value, i) => say(value, figures[i]));
  keep(card.querySelector('.chips'), box.nodes, node => node.name, () => el('span'), (chip, node) => {
    chip.className = 'state ' + node.state;
    chip.title = `${node.origin}, its mirror here is ${node.name}`;
    say(chip, node.origin.slice(0, node.origin.indexOf('@')));
  });
}

// ---- nodes

const STATES = ['ALIVE', 'STALLED', 'DEAD', 'STOPPED'];

/** The facts on a node's card: [label, text of a node, explanation]. */
const NODE_FACTS = [
  ['incarnation', node => whole(node.incarnation)],
  ['pid', node => known(node.pid) ? String(node.pid) : DASH],
  ['heartbeat', node => node.state === 'STOPPED' ? DASH : age(node.heartbeatAgeMillis)],
  ['restarts', node => whole(node.restarts)],
  ['standbys', node => whole(node.standbys), 'processes that wait to take its name over when it dies'],
  ['device', node => node.device || DASH],
  ['copied', node => bytes(node.copiedBytes), 'bytes that its streams had to copy from one device to another'],
  ['errors', node => whole(node.errors)]];

/** Those of a mirror beside them. */
const MIRROR_FACTS = [
  ['link', node => node.link.state, 'to the box of its original; down is no death'],
  ['round trip', node => trip(node.link.roundTripMillis)],
  ['lost', node => percent(node.link.lossRatio), 'share of its bytes that the other box had to send again'],
  ['coming in', node => bytesPerSecond(node.link.bytesPerSecond)]];

const factsOf = node => boxOf(node) ? [...NODE_FACTS, ...MIRROR_FACTS] : NODE_FACTS;

function drawNodes(status) {
  const kind = node => node.name + (boxOf(node) ? ' mirror' : ''); // a local node may come under a mirror's name
  keep($('nodes'), status.nodes, kind, makeNode, refreshNode);
  const census = STATES
    .map(state => ({state, count: status.nodes.filter(node => node.state === state).length}))
    .filter(entry => entry.count);
  keep($('census'), census, entry => entry.state, entry => el('span', 'state ' + entry.state),
    (e, entry) => say(e, entry.count + ' ' + entry.state));
}

function makeNode(node) {
  const facts = factsOf(node).flatMap(([label, , explanation]) => {
    const value = el('dd');
    if (explanation) value.title = explanation;
    return [el('dt', '', label), value];
  });
  const card = el('div', 'card node',
    el('div', 'top', el('span', 'name', node.name), el('span', 'state'), el('div', 'sub')), el('dl', '', ...facts));
  card.dataset.node = node.name;
  return card;
}

function refreshNode(card, node) {
  card.className = 'card node ' + node.state + (isLinked(node) ? '' : ' unlinked');
  const facts = factsOf(node);
  const state = card.querySelector('.state');
  state.className = 'state ' + node.state;
  say(state, node.state);
  say(card.querySelector('.sub'), boxOf(node) ? 'mirror of ' + node.origin : '');
  card.querySelectorAll('dd').forEach((value, i) => {
    const [label, text] = facts[i];
    say(value, text(node));
    value.classList.toggle('bad', label === 'errors' && node.errors > 0 || label === 'link' && !isLinked(node));
  });
}

// ---- streams

function drawStreams(status) {
  const streams = status.nodes.flatMap(node => node.streams.map(stream => ({node: node.name, ...stream})));
  keep($('streams'), streams, stream => stream.node + '/' + stream.name, makeStream, refreshStream);
}

/** On a narrow page the tensor stands below the name instead of beside it. */
function makeStream(stream) {
  return el('tr', '',
    el('td', '', el('span', 'of', stream.node + '/'), stream.name, el('div', 'mono narrow-on')),
    el('td', 'mono narrow-off'), el('td', 'n'), el('td', 'n'), el('td', 'n'), el('td', 'n narrow-off'));
}

function refreshStream(row, stream) {
  const tensor = (stream.dtype || DASH) + ' [' + (stream.shape || []).join(', ') + ']';
  const [name, beside, pace, sequence, readers, slots] = row.children;
  say(name.lastChild, tensor);
  say(beside, tensor);
  say(pace, perSecond(stream.ratePerSecond));
  say(sequence, whole(stream.sequence));
  say(readers, whole(stream.readers));
  readers.title = stream.readBy.join(', ');
  say(slots, whole(stream.slots));
}

// ---- events

const TONE_OF_EVENT = {
  joined: 'ALIVE',
  rejoined: 'ALIVE',
  recovered: 'ALIVE',
  grew: 'ALIVE',
  stalled: 'STALLED',
  died: 'DEAD',
  stopped: 'STOPPED'
};

function drawEvents(events) {
  const shown = events.length ? events : [{kind: 'none'}];
  keep($('events'), shown, event => [event.seconds, event.node, event.kind].join(' '), makeEvent, () => {});
}

function makeEvent(event) {
  if (event.kind === 'none') return el('li', 'none', 'nothing yet');
  const incarnation = known(event.incarnation) ? ` #${event.incarnation}` : '';
  return el('li', '',
    el('time', '', clock(event.seconds)),
    el('span', '', event.node, el('span', 'sub', incarnation)),
    el('span', 'state ' + TONE_OF_EVENT[event.kind], event.kind));
}
