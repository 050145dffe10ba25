// What the student has said last: how it looks beside what its teacher would have said, and its samples on request.

const SAMPLES_PER_SECOND = 16000;

const LOOK_EVERY_MS = 1000; // less often, and what the teacher made of the frame is gone
const LOOK_EVERY_MS_SILENT = 10000;

let audio = null;

const voicePause = () => document.hidden || $('voice').hidden ? LOOK_EVERY_MS_SILENT : LOOK_EVERY_MS;

function drawVoice(voice) {
  $('voice').hidden = !voice;
  if (!voice) return;
  say($('utterance'), `of held-out frame ${voice.frame}, seen ${tenth(voice.ageSeconds)} s ago; ${tenth(voice.seconds)} s`);
  paintSpectrogram($('canonical'), voice.teacher, voice);
  paintSpectrogram($('said'), voice.student, voice);
}

/** Time from left to right, low bands below; darker is louder. */
function paintSpectrogram(canvas, levels, {steps, bands}) {
  canvas.title = levels ? `${steps} × ${bands}` : 'nobody looked in time';
  canvas.width = steps || 1;
  canvas.height = bands || 1;
  if (!levels) return;
  const bytes = atob(levels), tone = colour('--violet');
  const image = new ImageData(steps, bands);
  for (let step = 0; step < steps; step++) {
    for (let band = 0; band < bands; band++) {
      const at = 4 * ((bands - 1 - band) * steps + step);
      image.data.set([...tone, bytes.charCodeAt(step * bands + band)], at);
    }
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
}

/** A page may make a sound only when somebody has asked for it. */
async function playVoice() {
  audio = audio || new AudioContext();
  const samples = new Float32Array(await ask('/api/voice/samples', response => response.arrayBuffer()));
  if (!samples.length) return;
  const buffer = audio.createBuffer(1, samples.length, SAMPLES_PER_SECOND);
  buffer.copyToChannel(samples, 0);
  const source = audio.createBufferSource();
  source.buffer = buffer;
  source.connect(audio.destination);
  source.start();
}

$('play').addEventListener('click', () => playVoice().catch(console.error));
