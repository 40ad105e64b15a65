'use strict';
// The slider under the steps over time: it shows the figures of a day while it moves, and the page as of that day when it is let go.
{
  const range = event => event.target.closest('.asof input[type=range]');
  // The digits of the page, and a figure as the server writes millions.
  const written = text => new URL(location).searchParams.get('nu') !== 'arab' ? text
    : text.replace(/(?<=\d)\.(?=\d)/g, '٫').replace(/(?<=\d),(?=\d)/g, '٬').replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[digit]);
  const millions = usd => {
    const million = usd / 1e6, size = Math.abs(million);
    const text = million.toLocaleString('en-US', { maximumFractionDigits: size === 0 ? 0 : size < 0.1 ? 2 : size < 100 ? 1 : 0 });
    return written(usd && /^-?0$/.test(text) ? usd < 0 ? '>-0.01' : '<0.01' : text);
  };
  const on = number => new Date(number * 864e5);

  document.addEventListener('input', event => {
    const input = range(event);
    if (!input) {
      return;
    }

    const figure = input.closest('.steps'), { series, months, from, to } = figure.dataset;
    const step = JSON.parse(series).filter(([day]) => day <= input.value).pop() ?? [0, 0, 0, 0, 0];
    const day = on(input.value), name = written(`${day.getUTCDate()} ${months.split('|')[day.getUTCMonth()]} ${day.getUTCFullYear()}`);
    input.setAttribute('aria-valuetext', name);
    figure.querySelector('[data-day]').textContent = name;
    figure.querySelectorAll('[data-v]').forEach((cell, i) => cell.querySelector('bdi').textContent = millions(step[i + 1]));
    for (const end of ['x1', 'x2']) {
      figure.querySelector('.cursor').setAttribute(end, `${(input.value - from) / (to - from) * 100}%`);
    }
  });

  // Let go, or left by the keyboard: keys move it day by day, and each would be a page.
  let waiting;
  document.addEventListener('change', event => {
    const input = range(event);
    if (!input) {
      return;
    }

    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const address = new URL(location);
      if (input.value === input.max) {
        address.searchParams.delete('asOf');
      } else {
        address.searchParams.set('asOf', on(input.value).toISOString().slice(0, 10));
      }

      turnTo(address.href);
    }, 300);
  });
  document.addEventListener('submit', event => event.target.closest('.asof') && event.preventDefault());
}
