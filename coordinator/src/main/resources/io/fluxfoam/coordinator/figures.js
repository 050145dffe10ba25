'use strict';

// How figures are written. One that is not known is a dash, never 0.

const DASH = '–';

const known = x => x !== null && x !== undefined;

/** Writes numbers with this many digits behind the point, and never "-0". */
function fixed(digits) {
  const format = new Intl.NumberFormat('en', {minimumFractionDigits: digits, maximumFractionDigits: digits});
  return x => known(x) ? format.format(x).replace(/^-(0(\.0*)?)$/, '$1') : DASH;
}

const whole = fixed(0);
const tenth = fixed(1);
const hundredth = fixed(2);

const percent = x => known(x) ? tenth(100 * x) + '\u2009%' : DASH;
const threeDigits = x => known(x) ? Number(x).toPrecision(3) : DASH;

/** 9,999, 12.3k, 4.56M. */
function short(x) {
  if (!known(x)) return DASH;
  if (x < 1e4) return whole(x);
  return x < 1e6 ? tenth(x / 1e3) + 'k' : hundredth(x / 1e6) + 'M';
}

/** A rate in three digits or so: 7.2, 48.1, 1,024. */
const rate = x => known(x) && x >= 100 ? whole(x) : tenth(x);
const perSecond = x => known(x) ? rate(x) + '\u2009/s' : DASH;

function bytes(x) {
  if (!known(x)) return DASH;
  if (x < 1024) return whole(x) + ' B';
  return x < 1024 * 1024 ? tenth(x / 1024) + ' KiB' : tenth(x / 1024 / 1024) + ' MiB';
}

/** 4:07, 1:04:07. */
function clock(seconds) {
  if (!known(seconds)) return DASH;
  const s = Math.floor(seconds), m = Math.floor(s / 60), h = Math.floor(m / 60);
  const two = x => String(x).padStart(2, '0');
  return (h ? h + ':' + two(m % 60) : m) + ':' + two(s % 60);
}

const bytesPerSecond = x => known(x) ? bytes(x) + '/s' : DASH;

/** A time on the wire: 0.08 ms, 9.9 ms, 120 ms. */
const trip = millis => known(millis) ? (millis < 1 ? hundredth : millis < 100 ? tenth : whole)(millis) + ' ms' : DASH;

function age(millis) {
  if (!known(millis)) return DASH;
  if (millis < 1000) return whole(millis) + ' ms';
  return millis < 60000 ? tenth(millis / 1000) + ' s' : clock(millis / 1000);
}
