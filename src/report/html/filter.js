'use strict';
(() => {
  const form = document.getElementById('filter');
  const find = document.getElementById('find');
  const rows = [...document.querySelectorAll('tr[data-verdict]')];
  const others = [...document.querySelectorAll('.failure, .reasons > li, .plain > tbody > tr')];
  const words = new Map();
  // The text of everything inside, steps and exchanges too; read when it is first searched, for there may be thousands of them.
  const holds = (element, text) => {
    if (text === '') return true;
    if (!words.has(element)) words.set(element, element.textContent.toLowerCase());
    return words.get(element).includes(text);
  };
  const pressed = (narrow) =>
    [...form.querySelectorAll(`[data-narrow="${narrow}"][aria-pressed="true"]`)].map((button) => button.dataset.word);

  const narrow = () => {
    const [verdicts, levels, text] = [pressed('verdict'), pressed('level'), find.value.trim().toLowerCase()];
    const fits = (chosen, word) => chosen.length === 0 || chosen.includes(word);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !(fits(verdicts, row.dataset.verdict) && fits(levels, row.dataset.level) && holds(row, text));
      shown += row.hidden ? 0 : 1;
    }
    for (const other of others) other.hidden = !holds(other, text);
    for (const area of document.querySelectorAll('.area')) {
      area.hidden = !area.querySelector('tr[data-verdict]:not([hidden])');
    }
    document.getElementById('shown').textContent = `${shown} of ${rows.length} shown`;
  };

  // Where a link leads must be seen: not narrowed away, and everything around it open.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const row = target.closest('tr[data-verdict]');
    if (row?.hidden) {
      form.querySelectorAll('[aria-pressed="true"]').forEach((button) => button.setAttribute('aria-pressed', 'false'));
      find.value = '';
      narrow();
    }
    if (row) row.querySelector('details').open = true;
    for (let around = target; around; around = around.parentElement?.closest('details')) around.open = true;
    target.scrollIntoView();
  };

  // On paper, what is as it should be takes one line.
  const DOUBTFUL = 'tr:is([data-verdict=fail], [data-verdict=warn], [data-verdict=inconclusive]) details.requirement:not([open])';
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll(DOUBTFUL)];
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach((details) => { details.open = false; }));

  form.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
    narrow();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  find.addEventListener('input', narrow);
  addEventListener('hashchange', reveal);
  form.hidden = false;
  reveal();
})();
