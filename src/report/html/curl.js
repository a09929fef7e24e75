'use strict';
(() => {
  // Masked values become shell variables: ‹access token #3› is "$ACCESS_TOKEN_3".
  const variable = (mask) => mask.slice(1, -1).toUpperCase().replace(/[^A-Z0-9]+/g, '_').replace(/^_|_$/g, '');
  const quote = (text) => `'${text.replaceAll("'", "'\\''").replace(/‹[^›]+›/g, (mask) => `'"$${variable(mask)}"'`)}'`;

  const curl = (sent) => {
    const [head, ...body] = sent.split('\n\n');
    const [first, ...headers] = head.split('\n');
    const [method, url] = [first.slice(0, first.indexOf(' ')), first.slice(first.indexOf(' ') + 1)];
    const parts = [`curl -i -X ${quote(method)} ${quote(url)}`];
    for (const header of headers) {
      // curl leaves a header without a value out, unless it ends with a semicolon.
      if (!/^(content-length|host):/i.test(header)) parts.push(`-H ${quote(header.replace(/: ?$/, ';'))}`);
    }
    if (body.length > 0) parts.push(`--data-binary ${quote(body.join('\n\n'))}`);
    const variables = [...new Set((sent.match(/‹[^›]+›/g) ?? []).map(variable))];
    const notes = [];
    if (variables.length > 0) notes.push(`# masked values, to be set first: ${variables.join(' ')}`);
    if (/… \d+ more (lines|characters)$/m.test(sent)) notes.push('# the body is cut in this report');
    return [...notes, parts.join(' \\\n  ')].join('\n');
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
  };

  const offer = (around) => {
    for (const figure of around.querySelectorAll('figure.request')) {
      if (figure.querySelector('button')) continue;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'copy';
      button.textContent = 'Copy as cURL';
      figure.querySelector('figcaption').append(' ', button);
    }
  };

  document.addEventListener('toggle', (event) => {
    if (event.target.open && event.target.matches('.exchange')) offer(event.target);
  }, true);
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('button.copy');
    if (!button) return;
    await copy(curl(button.closest('figure').querySelector('pre').textContent));
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy as cURL'; }, 2000);
  });
  document.querySelectorAll('.failure').forEach(offer);
})();
