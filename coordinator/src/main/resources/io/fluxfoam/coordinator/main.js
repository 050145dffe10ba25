// Asks the coordinator again and again, and draws what it says.

const STATUS_EVERY_MS = 1000;
const HISTORY_EVERY_MS = 2000;
const HISTORY_BEFORE_STATUS_MS = 200;
const HEATMAP_EVERY_MS = 2000;
const HEATMAP_EVERY_MS_HIDDEN = 60000; // it costs the coordinator the most
const PATIENCE_MS = 5000;

const lossChart = new Chart($('loss'), [{key: 'loss', label: 'student', tone: 'blue', isArea: true}], threeDigits);
const heldOutChart = new Chart($('heldout'), [], percent, true);
const memory = new Memory();

let status = null;
let answeredAtMs = performance.now();

/** The coordinator is gone, is slow, or does not want to say it. */
class NoAnswer extends Error {
  constructor(path, reason, httpStatus) {
    super(`${path}: ${reason}`);
    this.httpStatus = httpStatus;
  }
}

async function ask(path, read = response => response.json()) {
  const token = location.hash.slice(1); // what is behind the # is never sent with the address
  const headers = token ? {Authorization: 'Bearer ' + token} : {};
  let response, body;
  try {
    response = await fetch(path, {headers, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS)});
    body = response.ok ? await read(response) : null;
  } catch (e) {
    throw new NoAnswer(path, e.message);
  }
  if (!response.ok) throw new NoAnswer(path, response.statusText, response.status);
  return body;
}

/** Asks, shows and waits, again and again. Of no answer `atSilence` is told; anything else is a fault of this page. */
async function watch(path, pauseMs, show, atSilence) {
  try {
    show(await ask(path));
  } catch (e) {
    if (!(e instanceof NoAnswer)) console.error(e);
    else if (atSilence) atSilence(e);
  }
  await pause(pauseMs());
  watch(path, pauseMs, show, atSilence);
}

const pause = ms => new Promise(over => setTimeout(over, ms));

function showStatus(fresh) {
  status = fresh;
  answeredAtMs = performance.now();
  document.body.classList.remove('silent');
  drawStatus();
}

function showSilence(noAnswer) {
  say($('silence'), noAnswer.httpStatus === 401
    ? 'The coordinator asks for its token: put it behind a # at the end of this address.'
    : `The coordinator has not answered for ${clock((performance.now() - answeredAtMs) / 1000)}. `
      + 'It only watches: the foam goes on without it.');
  document.body.classList.add('silent');
  stopFlow();
}

function drawStatus() {
  say($('foam'), status.foam || DASH);
  say($('uptime'), clock(status.uptimeSeconds));
  document.title = (status.foam ? status.foam + ' · ' : '') + 'Flux Foam';
  drawFlow(status);
  drawTiles(status);
  drawSets(status);
  drawTeachers(status);
  drawBoxes(status);
  drawNodes(status);
  drawStreams(status);
}

function showHistory(history) {
  const all = memory.join(history);
  lossChart.show(all, {loss: status ? status.student.loss : null});
  const figures = status ? heldOutFigures(status.heldOut) : [];
  const ofFigures = field => Object.fromEntries(figures.map(figure => [figure.key, figure[field]]));
  heldOutChart.series = figures;
  heldOutChart.show(all, ofFigures('value'), ofFigures('chance'));
  drawEvents(history.events);
}

new ResizeObserver(() => {
  if (status) drawFlow(status);
}).observe($('flow'));
watch('/api/status', () => STATUS_EVERY_MS, showStatus, showSilence);
watch('/api/history', () => status ? HISTORY_EVERY_MS : HISTORY_BEFORE_STATUS_MS, showHistory);
watch('/api/voice', voicePause, drawVoice);
watch('/api/heatmap', () => document.hidden ? HEATMAP_EVERY_MS_HIDDEN : HEATMAP_EVERY_MS, drawHeatmap);
