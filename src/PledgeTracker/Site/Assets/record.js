'use strict';
// Recording by hand. The key is this tab's and goes with what is sent, in a header; the server says what is wrong, in the page's language, and all other words stand in the page.
{
  const KEY = 'pledgetracker.key';
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const language = document.documentElement.lang, place = one('#key').dataset;
  const [desk, contribution, sheet, imported, mine, dialog] = ['desk', 'contribution', 'sheet', 'import', 'mine', 'correct'].map(id => document.getElementById(id));
  let key = null;

  // What is sent with it is done once, however often it is sent.
  const newOnce = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
  const text = (tag, content) => Object.assign(document.createElement(tag), { textContent: content });
  // The digits and months of the page.
  const written = text => new URL(location).searchParams.get('nu') !== 'arab' ? text
    : text.replace(/(?<=\d)\.(?=\d)/g, '٫').replace(/(?<=\d),(?=\d)/g, '٬').replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[digit]);
  const on = date => {
    const day = new Date(date);
    return written(`${day.getUTCDate()} ${place.months.split('|')[day.getUTCMonth()]} ${day.getUTCFullYear()}`);
  };
  const currency = one('#c-currency'), decimalsOf = code => Number(all('option', currency).find(option => option.value === code)?.dataset.decimals ?? 2);
  const money = of => `${written(of.amount.toLocaleString('en-US', { minimumFractionDigits: Number.isInteger(of.amount) ? 0 : decimalsOf(of.currency) }))} ${of.currency}`;
  const pageOf = pledge => place.pledge.replace('ID', pledge);
  // A text is in the language of its letters.
  const inItsLanguage = said => ({ [/[\u0600-\u06ff]/.test(said) ? 'ar' : 'en']: said });

  /** Asks the API with the key, for an address behind the site's prefix. What was asked with a key that is forgotten meanwhile goes on for nobody. */
  async function send(path, { method = 'GET', body, once } = {}) {
    const asking = key, headers = { Authorization: `Bearer ${asking}`, 'Accept-Language': language };
    let answer, told;
    if (typeof body === 'string') {
      headers['Content-Type'] = 'application/json';
    }

    if (once) {
      headers['Idempotency-Key'] = once;
    }

    try {
      answer = await fetch(place.base + path, { method, body, headers, cache: 'no-store', credentials: 'omit' });
      told = /json/.test(answer.headers.get('Content-Type')) ? await answer.json() : await answer.blob();
    } catch {
      answer = null;
      told = { title: method === 'GET' ? place.silent : place.away };
    }

    if (asking !== key) {
      return new Promise(() => {});
    }

    if (answer?.status === 401) {
      forget(told.title, true);
    }

    return { ok: answer?.ok === true, status: answer?.status, told };
  }

  /** Says what is wrong at the members that it is wrong with, and puts the reader at the first. */
  function blame(form, problem) {
    unblame(form);
    const others = [];
    for (const { pointer, code, detail: said } of problem.errors ?? []) {
      // Who records by hand loads no rates.
      const detail = code === 'usd_needed' ? place.dollars : said;
      const field = one(`[data-member="${CSS.escape(pointer.replace(/^\/changes(?=\/)/, '').split(/[/?]/)[1] ?? '')}"]:not([hidden])`, form);
      if (field) {
        one('.fault', field).append(text('span', detail), ' ');
        one('input, select, textarea', field).setAttribute('aria-invalid', 'true');
      } else {
        others.push(detail);
      }
    }

    const first = one('[aria-invalid]', form);
    if (!first || others.length > 0) {
      one('.fault-box', form).append(...[problem.title, problem.detail, ...others].filter(Boolean).map(said => text('p', said)));
    }

    first?.focus();
  }

  function unblame(form) {
    all('.fault, .fault-box', form).forEach(fault => fault.replaceChildren());
    all('[aria-invalid]', form).forEach(control => control.removeAttribute('aria-invalid'));
  }

  // The key.

  function forget(said, isFault) {
    sessionStorage.removeItem(KEY);
    key = null;
    if (dialog.open) {
      dialog.close();
    }

    // What was seen with it goes, too.
    all('form').forEach(form => {
      form.reset();
      form.ariaBusy = null;
      unblame(form);
    });
    another();
    following++;
    all('[data-from]', contribution).forEach(input => delete input.dataset.id);
    all('tbody, .choices, .twins ul').forEach(list => list.replaceChildren());
    imported.hidden = desk.hidden = one('#holder').hidden = true;
    one('#key-form').hidden = false;
    one('#key-fault').textContent = isFault ? said : '';
    one('#said').textContent = isFault ? '' : said;
    one('#key-key').toggleAttribute('aria-invalid', isFault);
    one('#key-key').focus();
  }

  async function enter(given) {
    key = given;
    const { ok, status, told: me } = await send('/v1/me');
    if (!ok) {
      if (status !== 401) {
        one('#key-fault').textContent = me.title;
      }

      return;
    }

    if (me.role === 'admin') {
      forget(place.admin, true);
      return;
    }

    sessionStorage.setItem(KEY, key);
    one('#key-key').value = one('#key-fault').textContent = one('#said').textContent = '';
    one('#key-key').removeAttribute('aria-invalid');
    one('#key-form').hidden = true;
    one('#holder').hidden = desk.hidden = false;
    one('#holder-one').hidden = !me.organization;
    one('#holder-all').hidden = !!me.organization;
    all('#holder bdi').forEach(name => name.textContent = me.organization?.name ?? me.name);
    // Recorders bring contributions alone.
    all('#s-format option').slice(1).forEach(option => option.hidden = option.disabled = me.role === 'recorder');
    settle();
    one('#c-donorId').focus();
    list();
  }

  one('#key-form').addEventListener('submit', event => {
    event.preventDefault();
    enter(one('#key-key').value.replace(/[^\x21-\x7e]/g, ''));
  });
  one('#forget').addEventListener('click', () => forget(place.forgotten, false));

  // A contribution.

  /** A field in which names are searched and one is chosen, as ARIA's pattern of a combobox has it. */
  function searches(input) {
    const choices = document.getElementById(input.getAttribute('aria-controls'));
    let asked = 0, timer = null;
    const marked = () => one('[aria-selected=true]', choices);
    const mark = choice => {
      marked()?.setAttribute('aria-selected', 'false');
      choice?.setAttribute('aria-selected', 'true');
      choice?.scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', choice?.id ?? '');
    };
    const close = () => {
      asked++;
      clearTimeout(timer);
      choices.hidden = true;
      input.setAttribute('aria-expanded', 'false');
      mark(null);
    };
    const choose = choice => {
      input.value = choice.dataset.name;
      input.dataset.id = choice.dataset.id;
      input.chosen = choice.of;
      close();
      input.dispatchEvent(new Event('change', { bubbles: true }));
    };
    const look = async () => {
      const turn = ++asked, isOfPledges = input.name === 'pledgeId', donor = one('#c-donorId').dataset.id;
      const asks = new URLSearchParams({ lang: language, limit: isOfPledges ? 20 : 8, ...(input.value && { q: input.value }), ...(isOfPledges && donor && { donor }) });
      const { ok, told } = await send(`${input.dataset.from}?${asks}`);
      if (!ok || turn !== asked) {
        return;
      }

      choices.replaceChildren(...told.data.map((of, i) => {
        const name = isOfPledges ? [money(of), on(of.announcedOn), ...[of.fund, of.recipient, of.event].filter(Boolean).slice(0, 1).map(to => to.name)].join(' · ') : of.name;
        const choice = document.createElement('li');
        Object.assign(choice, { id: `${choices.id}-${i}`, role: 'option', of });
        Object.assign(choice.dataset, { id: of.id, name });
        choice.setAttribute('aria-selected', 'false');
        choice.append(text('bdi', name), ' ', text('small', isOfPledges ? '' : of.id));
        return choice;
      }));
      if (told.data.length === 0) {
        const none = text('li', contribution.dataset.none);
        none.role = 'option';
        none.setAttribute('aria-disabled', 'true');
        choices.append(none);
      }

      choices.hidden = false;
      input.setAttribute('aria-expanded', 'true');
    };

    input.addEventListener('input', () => {
      delete input.dataset.id;
      mark(null);
      clearTimeout(timer);
      timer = setTimeout(look, 150);
    });
    input.addEventListener('keydown', async event => {
      const options = all('[data-id]', choices), at = options.indexOf(marked());
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (choices.hidden) {
          await look();
          mark(choices.hidden ? null : one('[data-id]', choices));
        } else {
          mark(options.at((at + (event.key === 'ArrowDown' ? 1 : at < 0 ? 0 : -1)) % options.length));
        }
      } else if ((event.key === 'Enter' || event.key === 'Tab') && marked()) {
        if (event.key === 'Enter') {
          event.preventDefault();
        }

        choose(marked());
      } else if (event.key === 'Escape') {
        close();
      }
    });
    input.addEventListener('blur', close);
    // The field keeps the focus while a choice is pressed.
    choices.addEventListener('mousedown', event => event.preventDefault());
    choices.addEventListener('click', event => event.target.closest('[data-id]') && choose(event.target.closest('[data-id]')));
  }

  /** Digits as JSON has them, exactly as they were written but for marks that nobody sees; null where they are none, or mean two things. */
  function digits(written) {
    const latin = written.replace(/\p{Cf}/gu, '').trim().replace(/[٠-٩۰-۹]/g, digit => digit.charCodeAt(0) & 15).replace(/٫/g, '.').replace(/(?<=\d)[\s'٬](?=\d{3})/g, '');
    return /^(\d+|\d{1,3}(,\d{3}){2,}|\d{1,3},\d{3}(?=\.))(\.\d+)?$/.test(latin) ? latin.replace(/,/g, '').replace(/^0+(?=\d)/, '') : null;
  }

  /** JSON of members, with numbers as they were written: through floating point a large one would be another. */
  const json = (members, numbers) => {
    const written = [...Object.entries(members).filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => `"${name}":${JSON.stringify(value)}`),
      ...Object.entries(numbers).map(([name, number]) => `"${name}":${number}`)];
    return `{${written.join(',')}}`;
  };

  /** What is wrong with amounts before anybody is asked, and the amounts. */
  function amounts(form, names, code, decimals) {
    const numbers = {}, errors = [];
    for (const name of names) {
      const written = one(`[name=${name}]`, form).value;
      const number = digits(written), most = name === 'amountUsd' ? 2 : decimals;
      if (written.trim() && number === null) {
        errors.push({ pointer: `/${name}`, detail: contribution.dataset.digits });
      } else if ((number?.split('.')[1]?.replace(/0+$/, '') ?? '').length > most) {
        errors.push({ pointer: `/${name}`, detail: contribution.dataset.decimals.replace('{0}', name === 'amountUsd' ? 'USD' : code).replace('{1}', most) });
      } else if (number !== null) {
        numbers[name] = number;
      }
    }

    return { numbers, errors };
  }

  const [donor, pledge, fund, recipient] = all('[data-from]', contribution);
  let once = newOnce(), isRecorded = false, looks = 0;

  function asked(distinctFrom) {
    const { numbers, errors } = amounts(contribution, currency.value === 'USD' ? ['amount'] : ['amount', 'amountUsd'], currency.value, decimalsOf(currency.value));
    const searched = {};
    for (const input of [donor, pledge, fund, recipient].filter(input => !input.disabled)) {
      if (input.value && !input.dataset.id) {
        errors.push({ pointer: `/${input.name}`, detail: contribution.dataset.choose });
      }

      searched[input.name] = input.dataset.id;
    }

    const { stage, date, reference, note } = Object.fromEntries(new FormData(contribution));
    const needed = { donorId: donor.value || pledge.value, fundId: fund.value || recipient.value || pledge.value, date, amount: one('#c-amount').value.trim() };
    errors.push(...Object.keys(needed).filter(name => !needed[name]).map(name => ({ pointer: `/${name}`, detail: name === 'fundId' ? contribution.dataset.to : contribution.dataset.needed })));
    return { errors, body: json({ ...searched, stage, currency: currency.value, date, reference, note: note.trim() ? inItsLanguage(note) : undefined, distinctFrom }, numbers) };
  }

  async function record(distinctFrom) {
    const { errors, body } = asked(distinctFrom);
    if (errors.length > 0) {
      blame(contribution, { errors });
      return;
    }

    if (contribution.ariaBusy === 'true') {
      return;
    }

    contribution.ariaBusy = 'true';
    looks++;
    const { ok, status, told } = await send('/v1/contributions', { method: 'POST', body, once });
    contribution.ariaBusy = 'false';
    if (ok) {
      unblame(contribution);
      one('.twins', contribution).hidden = true;
      // What was written while it was on its way is of the next one.
      isRecorded = asked(distinctFrom).body === body;
      once = isRecorded ? once : newOnce();
      const link = one('.done a', contribution);
      link.href = pageOf(told.pledgeId);
      link.textContent = `${money(told)} · ${on(told.date)}`;
      one('.done', contribution).hidden = false;
      list();
    } else if (told.code === 'possible_duplicate') {
      unblame(contribution);
      if (await showTwins(told)) {
        one('.twins button', contribution).focus();
      }
    } else if (status !== 401) {
      blame(contribution, told);
      if (status === 422) {
        // Something else went with this key before.
        once = newOnce();
      }
    }
  }

  /** Shows what seems to be the same, before anything is sent or where it was refused for that, unless something else is written meanwhile. */
  async function showTwins({ candidates, candidatesInAll }) {
    const box = one('.twins', contribution), turn = looks;
    const found = await Promise.all(candidates.slice(0, 5).map(address => send(address.slice(place.base.length))));
    if (turn !== looks) {
      return false;
    }

    one('ul', box).replaceChildren(...found.filter(({ ok }) => ok).map(({ told: twin }) => {
      const item = document.createElement('li'), link = Object.assign(text('a', `${money(twin)} · ${on(twin.date)}`), { href: pageOf(twin.pledgeId), target: '_blank', rel: 'noopener' });
      item.append(link, ' ', text('bdi', twin.donor.name?.[language] ?? twin.donor.name?.en ?? twin.donor.name ?? twin.donor.id));
      return item;
    }));
    box.ids = candidatesInAll ? ['all'] : candidates.map(address => address.split('/').pop());
    box.hidden = false;
    return true;
  }

  contribution.addEventListener('submit', event => {
    event.preventDefault();
    record();
  });
  one('[data-distinct]').addEventListener('click', () => record(one('.twins', contribution).ids));
  /** What is written now is another one than what was shown or recorded. */
  function another() {
    looks++;
    one('.twins', contribution).hidden = one('.done', contribution).hidden = true;
    once = isRecorded ? newOnce() : once;
    isRecorded = false;
  }

  contribution.addEventListener('input', another);
  contribution.addEventListener('change', async event => {
    if (event.target.dataset.id) {
      // A name chosen from a list was not typed.
      another();
    }

    if (event.target === donor && pledge.dataset.id && !pledge.chosen.donors.some(of => of.id === donor.dataset.id)) {
      pledge.value = '';
      delete pledge.dataset.id;
    }

    if (event.target === pledge && pledge.dataset.id && !donor.dataset.id && pledge.chosen.donors.length === 1) {
      const [{ id, name }] = pledge.chosen.donors;
      donor.value = name;
      donor.dataset.id = id;
    }

    settle();
    // Near ones are shown while it is still being written.
    const { errors, body } = asked(), turn = ++looks;
    await new Promise(resolve => setTimeout(resolve, 300));
    if (errors.length === 0 && !isRecorded && turn === looks) {
      const { told } = await send('/v1/contributions?dryRun=true', { method: 'POST', body });
      if (told.code === 'possible_duplicate' && turn === looks) {
        showTwins(told);
      }
    }
  });

  /** What a pledge says is not asked, nor dollars in dollars; and one empty sheet is enough. */
  function settle() {
    all('[data-template]').forEach(template => template.hidden = template.dataset.template !== one('#s-format').value);
    fund.disabled = recipient.disabled = pledge.dataset.id !== undefined;
    one('[data-member=amountUsd]').hidden = currency.value === 'USD';
  }

  all('[data-from]', contribution).forEach(searches);

  // A spreadsheet.

  let applying = null, following = 0;

  async function start(isTrial) {
    const { format, mode } = Object.fromEntries(new FormData(sheet)), body = new FormData(), [file] = one('#s-file').files;
    if (file) {
      body.append('file', file);
    } else {
      blame(sheet, { errors: [{ pointer: '/file', detail: contribution.dataset.needed }] });
      return;
    }

    if (sheet.ariaBusy === 'true') {
      return;
    }

    if (isTrial) {
      applying = newOnce();
    }

    const turn = ++following;
    sheet.ariaBusy = 'true';
    const { ok, status, told } = await send(`/v1/imports?${new URLSearchParams({ format, mode, ...(isTrial && { dryRun: true }) })}`, { method: 'POST', body, once: isTrial ? null : applying });
    sheet.ariaBusy = 'false';
    if (isTrial && turn !== following) {
      return;
    }

    if (ok) {
      unblame(sheet);
      one('.scroll', imported).hidden = true;
      follow(told);
    } else if (status !== 401) {
      blame(sheet, told);
    }
  }

  async function follow(now) {
    const turn = ++following;
    for (;;) {
      imported.hidden = false;
      all('[data-state]', imported).forEach(state => state.hidden = state.dataset.state !== now.state);
      all('[data-outcome]', imported).forEach(item => one('bdi', item).textContent = now.rows[item.dataset.outcome]);
      one('progress', imported).value = now.progress;
      one('[data-corrections]', imported).hidden = one('[data-apply]', imported).hidden = true;
      if (now.endedAt) {
        break;
      }

      await new Promise(resolve => setTimeout(resolve, 300));
      const { ok, status, told } = await send(`/v1/imports/${now.id}`);
      if (turn !== following) {
        return;
      }

      unblame(sheet);
      if (ok) {
        now = told;
      } else {
        blame(sheet, told);
        if (status < 500 && status !== 429) {
          // It is not there any more, say: what was last heard of it holds no longer.
          imported.hidden = true;
          return;
        }

        // It goes on where nobody hears of it; it is asked after again, and less often.
        await new Promise(resolve => setTimeout(resolve, 3000));
      }
    }

    const refused = now.rows.refused > 0;
    if (refused) {
      const { ok, told } = await send(`/v1/imports/${now.id}/rows?outcome=refused&limit=100`);
      if (turn !== following) {
        return;
      }

      one('tbody', imported).replaceChildren(...(ok ? told.data : []).flatMap(({ row, faults }) => faults.map(fault => {
        const line = document.createElement('tr'), head = text('th', row);
        head.scope = 'row';
        line.append(head, text('td', fault.cell ?? fault.member), text('td', fault.text));
        return line;
      })));
      one('.scroll', imported).hidden = !ok;
      one('[data-rest]', imported).hidden = !ok || told.next === null;
    }

    imported.import = now.id;
    one('[data-corrections]', imported).hidden = !refused;
    one('[data-apply]', imported).hidden = !now.dryRun || (refused && now.mode === 'all');
    if (!now.dryRun) {
      list();
    }
  }

  sheet.addEventListener('submit', event => {
    event.preventDefault();
    start(true);
  });
  // Of another file nothing was tried out.
  sheet.addEventListener('change', () => {
    following++;
    imported.hidden = true;
    settle();
  });
  one('[data-apply]').addEventListener('click', () => start(false));
  one('[data-corrections]').addEventListener('click', async () => {
    const { ok, status, told } = await send(`/v1/imports/${imported.import}/corrections`);
    if (!ok) {
      if (status !== 401) {
        blame(sheet, told);
      }
    } else {
      const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(told), download: 'corrections.csv' });
      link.click();
      URL.revokeObjectURL(link.href);
    }
  });

  // My records.

  let next = null, lists = 0;

  async function list(more = false) {
    const turn = ++lists;
    const { ok, told } = await send(more ? next.slice(place.base.length) : `/v1/contributions?${new URLSearchParams({ recordedBy: 'me', includeReversed: true, limit: 20, lang: language })}`);
    if (turn !== lists) {
      return;
    }

    one('.fault-box', mine).replaceChildren(...(ok ? [] : [text('p', told.title)]));
    if (!ok) {
      return;
    }

    const rows = told.data.map(of => {
      const row = one('#mine-row').content.cloneNode(true).firstElementChild;
      one('a', row).href = pageOf(of.pledgeId);
      Object.assign(one('time', row), { dateTime: of.date, textContent: on(of.date) });
      all('[data-stage]', row).forEach(stage => stage.hidden = stage.dataset.stage !== of.stage);
      one('[data-reversed]', row).hidden = !of.reversed;
      one('[data-from]', row).textContent = of.donor.name;
      one('[data-to]', row).textContent = (of.fund ?? of.recipient)?.name ?? of.countries.join(' ');
      one('[data-amount]', row).textContent = money(of);
      for (const [what, button] of ['reverse', 'replace'].map(what => [what, one(`[data-${what}]`, row)])) {
        button.hidden = of.reversed;
        button.setAttribute('aria-label', `${button.textContent}: ${money(of)}, ${on(of.date)}`);
        button.addEventListener('click', () => correct(what, of));
      }

      return row;
    });
    next = told.next;
    one('tbody', mine)[more ? 'append' : 'replaceChildren'](...rows);
    one('.scroll', mine).hidden = !(one('[data-nothing]', mine).hidden = one('tbody tr', mine) !== null);
    one('[data-more]', mine).hidden = next === null;
    if (more) {
      one('a', rows[0]).focus();
    }
  }

  one('[data-more]', mine).addEventListener('click', () => list(true));

  let correcting = null;

  function correct(what, of) {
    correcting = { what, of, once: newOnce() };
    const form = one('form', dialog);
    form.reset();
    unblame(form);
    all('[data-reverse], [data-replace]', dialog).forEach(e => e.hidden = !(what in e.dataset));
    all('[data-member]:not([data-member=reason])', dialog).forEach(field => field.hidden = what === 'reverse');
    one('[data-which]', dialog).textContent = `${money(of)} · ${on(of.date)} · ${of.donor.name}`;
    one('#r-amount').value = of.amount;
    one('#r-date').value = of.date;
    one('#r-reference').value = of.reference ?? '';
    dialog.showModal();
    one(what === 'reverse' ? '#r-reason' : '#r-amount').focus();
  }

  one('form', dialog).addEventListener('submit', async event => {
    event.preventDefault();
    const form = event.target, { what, of } = correcting, said = one('#r-reason').value.trim();
    const { numbers, errors } = what === 'replace' ? amounts(form, ['amount'], of.currency, decimalsOf(of.currency)) : { numbers: {}, errors: [] };
    errors.push(...['amount', 'date'].filter(name => !one(`#r-${name}`).value.trim()).map(name => ({ pointer: `/${name}`, detail: contribution.dataset.needed })));
    if (errors.length > 0) {
      blame(form, { errors });
      return;
    }

    if (form.ariaBusy === 'true') {
      return;
    }

    const reference = one('#r-reference').value.trim() || null;
    const changes = json({ date: one('#r-date').value === of.date ? undefined : one('#r-date').value, reference: reference === of.reference ? undefined : reference },
      numbers.amount && Number(numbers.amount) !== of.amount ? numbers : {});
    if (what === 'replace' && changes === '{}') {
      blame(form, { title: dialog.dataset.same });
      return;
    }

    const reason = said ? { reason: inItsLanguage(said) } : {}, asking = correcting;
    form.ariaBusy = 'true';
    const { ok, status, told } = await send(`/v1/entries/${of.id}/${what === 'reverse' ? 'reversal' : 'replacement'}`,
      { method: 'POST', body: json(reason, what === 'reverse' ? {} : { changes }), once: correcting.once });
    form.ariaBusy = 'false';
    // Left meanwhile, it says nothing more; what became of it stands in the list.
    const isOpen = dialog.open && asking === correcting;
    if (ok) {
      if (isOpen) {
        dialog.close();
      }

      await list();
      if (!dialog.open) {
        one('.scroll', mine).focus();
      }
    } else if (isOpen && status !== 401) {
      blame(form, told);
    }
  });
  one('[data-leave]', dialog).addEventListener('click', () => dialog.close());

  one('#needs-script').hidden = true;
  settle();
  if (sessionStorage.getItem(KEY)) {
    enter(sessionStorage.getItem(KEY));
  }
}
