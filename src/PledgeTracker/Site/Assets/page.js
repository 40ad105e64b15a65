'use strict';
// What every page does when it may: it shows another address without being loaded again, and follows what is recorded while it is open. Without this file every page is complete.

/** The dataset version that the page shows. */
const shownVersion = () => document.querySelector('meta[name=dataset-version]').content;

/** Shows an address in place of this page. What is open stays open, what is typed stays typed, and focus and place stay where they are. */
async function turnTo(address, { isNew = true, quietly = false } = {}) {
  const url = new URL(address, location);
  if (!document.querySelector('meta[name=dataset-version]')) {
    // A refusal shows no version, and follows nothing: what comes after it is a page of its own.
    location.assign(url);
    return;
  }

  turnTo.running?.abort();
  const running = turnTo.running = new AbortController();
  let answer, text;
  try {
    // The browser keeps the pages and asks whether they still hold.
    const headers = { Accept: 'text/html', ...(hear.newest && { 'Dataset-Version-Min': hear.newest }) };
    answer = await fetch(url, { headers, cache: 'no-cache', signal: running.signal });
    text = await answer.text();
  } catch {
    answer = null;
  }

  if (running.signal.aborted) {
    return;
  }

  turnTo.running = null;
  const next = answer?.ok && new DOMParser().parseFromString(text, 'text/html');
  if (!next?.querySelector('main') || next.documentElement.lang !== document.documentElement.lang) {
    // Where it cannot be shown in place it is loaded, and then says itself what is wrong; what is shown already stays.
    if (!quietly) {
      location.assign(url);
    } else if (!answer || answer.status === 429 || answer.status >= 500) {
      // The server is away or busy: what was heard of is asked for again.
      setTimeout(refresh, 5000);
    }

    return;
  }

  const main = document.querySelector('main'), other = document.adoptNode(next.querySelector('main'));
  const changed = changesOf(main, other), put = keep(main, quietly);
  if (isNew && url.href !== location.href) {
    history.pushState(null, '', url);
  }

  turned = location.pathname + location.search;
  main.replaceWith(other);
  put(other);
  document.title = next.title;
  document.querySelector('meta[name=dataset-version]').content = next.querySelector('meta[name=dataset-version]').content;
  // The language, the day and the digits go along to other pages.
  const links = next.querySelectorAll('.mast a, .foot a');
  document.querySelectorAll('.mast a, .foot a').forEach((link, i) => link.href = links[i].getAttribute('href'));
  if (changed.length > 0) {
    const announce = document.getElementById('announce');
    announce.textContent = announce.dataset.updated.replace('{0}', changed.join(' · '));
  }
}

/** What is called otherwise than it was: the blocks by their headings, or else the page by its own. */
function changesOf(main, other) {
  const said = element => element?.textContent.replace(/\s+/g, ' ');
  const heading = element => element.querySelector('h1, h2, h3')?.textContent.trim();
  const blocks = [...other.querySelectorAll('section.block[id]')].filter(block => said(block) !== said(main.querySelector(`#${CSS.escape(block.id)}`)));
  if (blocks.length > 0) {
    return blocks.map(heading);
  }

  // The stamp and the citation name the version, which changes with everything.
  const rest = page => {
    const copy = page.cloneNode(true);
    copy.querySelectorAll('.stamp, .citebox').forEach(element => element.remove());
    return said(copy);
  };
  return rest(main) === rest(other) ? [] : [heading(other)];
}

/** Remembers what a reader did to a page that no address tells, and returns what does it to another. What was typed is kept only where the address is the same. */
function keep(main, isSame) {
  const steps = element => element === main ? [] : element.id ? [element.id] : [...steps(element.parentElement), [...element.parentElement.children].indexOf(element)];
  const follow = (other, path) => path.reduce((at, step) => typeof step === 'number' ? at?.children[step] : other.querySelector(`#${CSS.escape(step)}`), other);
  const held = [...main.querySelectorAll('details')].map(e => [steps(e), 'open', e.open]);
  if (isSame) {
    held.push(...[...main.querySelectorAll('input:not([type=hidden]), textarea')].filter(e => e.value !== e.defaultValue).map(e => [steps(e), 'value', e.value]));
  }

  held.push(...[...main.querySelectorAll('*')].filter(e => e.scrollLeft).map(e => [steps(e), 'scrollLeft', e.scrollLeft]));
  const active = main.contains(document.activeElement) && document.activeElement;
  const focus = active && steps(active), place = [scrollX, scrollY];
  return other => {
    held.forEach(([path, name, value]) => {
      const element = follow(other, path);
      if (element && name in element) {
        element[name] = value;
      }
    });
    const focused = focus ? follow(other, focus) : null;
    focused?.focus({ preventScroll: true });
    if (active.selectionStart != null && focused?.type === active.type) {
      focused.setSelectionRange(active.selectionStart, active.selectionEnd);
    }

    scrollTo(...place);
  };
}

/** Shows the same address anew, at most once a second and never under somebody's finger. */
function refresh() {
  // As it was believed then it stays, whatever is recorded now.
  if (refresh.waiting || new URL(location).searchParams.has('knownAt')) {
    return;
  }

  refresh.waiting = setTimeout(() => {
    refresh.waiting = null;
    refresh.last = Date.now();
    if (turnTo.running || document.querySelector('main input:active')) {
      refresh();
      return;
    }

    turnTo(location, { isNew: false, quietly: true });
  }, Math.max(0, (refresh.last ?? 0) + 1000 - Date.now()));
}

/** Hears of a version, or of the sequence of a change. It is other than what is shown where a database was restored, too. */
function hear(news) {
  if (news.includes('-') ? news !== shownVersion() : Number(news) > parseInt(shownVersion(), 10)) {
    hear.newest = news;
    refresh();
  }
}

// A mark within the page is no other page.
let turned = location.pathname + location.search;
addEventListener('popstate', () => {
  if (turned !== location.pathname + location.search) {
    turnTo(location, { isNew: false });
  }
});

// A link or a form that shows this page otherwise turns it; whoever wants it elsewhere, in a new tab, say, gets it there.
addEventListener('click', event => {
  const link = event.target.closest('main a[href]');
  if (link && !link.hash && !link.target && !link.download && link.origin === location.origin && link.pathname === location.pathname
    && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented) {
    event.preventDefault();
    turnTo(link.href);
  }
});
addEventListener('submit', event => {
  const action = new URL(event.target.action, location);
  if (event.target.method === 'get' && action.pathname === location.pathname && !event.defaultPrevented) {
    event.preventDefault();
    action.search = new URLSearchParams([...new FormData(event.target, event.submitter)].filter(([, value]) => value !== ''));
    turnTo(action);
  }
});

// A page that shows our blocks in frames gives each the height that it asks for, and a block in a frame asks.
addEventListener('message', event => {
  const frame = event.data?.pledgetracker === 'height' && [...document.querySelectorAll('iframe')].find(f => f.contentWindow === event.source);
  if (frame && event.data.height > 0 && event.data.height < 10000) {
    frame.height = Math.ceil(event.data.height);
  }
});
if (document.body.classList.contains('embed') && parent !== self) {
  const main = document.querySelector('main');
  new ResizeObserver(() => parent.postMessage({ pledgetracker: 'height', height: main.getBoundingClientRect().bottom + scrollY }, '*')).observe(main);
}

// Follows what is recorded: one tab of the browser holds the stream of changes and tells the others. Where the stream is refused it asks every five seconds, and so does every tab of a
// browser that cannot share. Whoever is not looked at holds nothing and asks nothing. Blocks in frames stay as they were loaded, and so does the page on which things are recorded.
const live = document.body.dataset.live;
if (live !== undefined) {
  const line = 'BroadcastChannel' in self && navigator.locks ? new BroadcastChannel(`pledgetracker${live}`) : null;
  let leave = null, tag = null;

  const tell = news => {
    hear(news);
    line?.postMessage(news);
  };
  const ask = async () => {
    try {
      const answer = await fetch(`${live}/v1/meta`, { method: 'HEAD', cache: 'no-store', headers: tag ? { 'If-None-Match': tag } : {} });
      tag = answer.headers.get('ETag') ?? tag;
      tell(answer.headers.get('Dataset-Version') ?? shownVersion());
    } catch {
      // The server is away; it is asked again.
    }
  };

  /** Follows the changes until it is told to stop, by what it returns. */
  const follow = () => {
    let stream = null, asking = null, again = null;
    const poll = () => {
      asking ??= setInterval(ask, 5000);
      ask();
    };
    const open = () => {
      stream = new EventSource(`${live}/v1/changes/stream`);
      // What came between the page and the stream.
      stream.addEventListener('open', () => {
        clearInterval(asking);
        asking = null;
        ask();
      });
      stream.addEventListener('change', event => tell(event.lastEventId));
      stream.addEventListener('error', () => {
        // Where the line broke the browser opens it again by itself; where it was refused it does not.
        if (stream.readyState === EventSource.CLOSED) {
          poll();
          again = setTimeout(open, 60000);
        }
      });
    };
    if (line && 'EventSource' in self) {
      open();
    } else {
      poll();
    }

    return () => {
      stream?.close();
      clearInterval(asking);
      clearTimeout(again);
    };
  };

  const start = () => {
    if (leave || document.hidden) {
      return;
    }

    if (!line) {
      leave = follow();
      return;
    }

    // Whoever waits in this line becomes the one that follows when the one before leaves.
    const leaving = new AbortController();
    leave = () => leaving.abort();
    navigator.locks.request(`pledgetracker${live}`, { signal: leaving.signal }, () => leaving.signal.aborted ? null : new Promise(resolve => {
      const end = follow();
      leave = () => {
        end();
        resolve();
      };
    })).catch(() => {});
  };
  const stop = () => {
    leave?.();
    leave = null;
  };

  line?.addEventListener('message', event => hear(event.data));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      stop();
    } else {
      start();
      // It may have been away for long.
      ask();
    }
  });
  addEventListener('pagehide', stop);
  addEventListener('pageshow', start);
}
