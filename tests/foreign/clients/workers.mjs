// Asynchronous clients of the token API on node's own fetch, correct and with one mistake each:  node workers.mjs [NAME]
const { BO_BASE_URL: base, BO_LOGIN: login, BO_PASSWORD: password, BO_PROBE: probe, BO_OTT: ott } = process.env;
const name = process.argv[2] ?? "single-flight";
const sleep = (s) => new Promise((done) => setTimeout(done, s * 1000));
const json = { "content-type": "application/json" };
const agent = { "user-agent": "bo-workers/1.0" };
const post = (path, body, headers = {}) =>
  fetch(base + path, { method: "POST", headers: { ...agent, ...json, ...headers }, body: JSON.stringify(body) });

let pair;      // the session
let flight;    // the refresh under way
let refusals = 0;
let quietUntil = 0;

const keep = (body) => { pair = { access: body.accessToken, refresh: body.refreshToken, end: Date.now() + body.accessTokenLifeTime * 1000 }; };
const pause = (answer, least = 0.5) => Math.max(least, Number(answer.headers.get("retry-after") ?? 0));

async function logIn() {
  for (let wait = 1; ; wait = Math.min(60, wait * 2)) {
    const answer = await post("/auth/token", { login, password });
    if (answer.status === 200) return keep(await answer.json());
    await answer.text();
    await sleep(pause(answer, wait));
  }
}

async function refreshOnce() {
  for (let lost = 0; ; ) {
    let answer;
    try {
      answer = await fetch(base + "/auth/token/refresh", { headers: { ...agent, token: pair.refresh } });
      if (answer.status === 200) return keep(await answer.json());
      await answer.text();
    } catch {
      if (++lost === 2) return logIn();
      await sleep(0.2);
      continue;
    }
    if (answer.status !== 429 && answer.status < 500) return logIn();
    await sleep(pause(answer));
  }
}

const singleFlight = (used) => {
  if (used !== pair.access) return undefined;
  flight ??= (async () => {
    if (refusals) await sleep(Math.min(60, 2 ** refusals));
    refusals += 1;
    await refreshOnce();
  })().finally(() => { flight = undefined; });
  return flight;
};

const call = (access, options = {}) =>
  fetch(base + probe, { redirect: "manual", headers: { ...agent, authorization: `Bearer ${access}` }, ...options });

// The loop of one worker; `ways` replaces what a mistake changes.
async function work(ways) {
  for (;;) {
    await sleep(0.1 + Math.random() * 0.05);
    if (flight && !ways.noFlight) await flight;
    await sleep(Math.max(0, quietUntil - Date.now()) / 1000);
    if (ways.before) await ways.before();
    const used = pair.access;
    let answer;
    try {
      answer = await (ways.call ?? call)(used);
      await answer.text();
    } catch {
      await sleep(1);
      continue;
    }
    if (answer.status === 401) await (ways.refused ?? singleFlight)(used);
    else if (answer.status === 429 || answer.status === 503) {
      const seconds = (ways.pause ?? pause)(answer, 1);
      if (ways.ownPause) await sleep(seconds);
      else quietUntil = Math.max(quietUntil, Date.now() + seconds * 1000);
    } else refusals = 0;
  }
}

// Ways that are right.
const right = {
  "single-flight": {},
  head: { call: (access) => call(access, { method: "HEAD" }) },
  "ahead-of-time": { before: () => (Date.now() > pair.end - 500 ? singleFlight(pair.access) : undefined) },
  "own-pauses": { ownPause: true },
};

// One mistake each.
let twice = 0;
const wrong = {
  // Each worker that sees 401 refreshes by itself.
  "thundering-refresh": { noFlight: true, refused: () => refreshOnce() },
  // A single flight that is forgotten before it lands: the check and the start have an await between them.
  "leaky-flight": { noFlight: true, refused: async (used) => { if (used === pair.access) { await sleep(0.03); await refreshOnce(); } } },
  // Logs in on each 401, in a single flight.
  "login-on-401": { refused: () => (flight ??= logIn().finally(() => { flight = undefined; })) },
  // After a refresh the old pair is restored from a copy that was made at the start.
  "old-pair-restored": {
    refused: async () => {
      const copy = { ...pair };
      await (flight ??= refreshOnce().finally(() => { flight = undefined; }));
      setTimeout(() => { pair = copy; }, 700);
    },
  },
  // A header in a wrong form.
  "token-scheme": { call: (access) => call(access, { headers: { ...agent, authorization: `Token ${access}` } }) },
  // Sends the token in the query alone.
  "query-alone": { call: (access) => fetch(`${base}${probe}&token=${encodeURIComponent(access)}`, { headers: agent }) },
  // Refreshes because 429 or 503 may mean that the session is stale.
  "refresh-on-429": { pause: (answer) => { void singleFlight(pair.access); return pause(answer); } },
  // Sends the refresh token with every call, so that the server may refresh by itself.
  "refresh-token-everywhere": { call: (access) => call(access, { headers: { ...agent, authorization: `Bearer ${access}`, token: pair.refresh } }) },
  // More and more workers while calls are refused with 503.
  "more-workers": { pause: (answer) => { if (answer.status === 503 && ++twice < 60) void work(wrong[name]); return 0.05; } },
  // Never waits for 503.
  "impatient": { pause: (answer) => (answer.status === 503 ? 0 : pause(answer)) },
  // The one-time token in a header of the verification, besides its body.
  "one-time-in-header": {},
  // An unhandled rejection ends it when a refresh fails in any way.
  "fragile": {
    refused: async () => {
      const answer = await fetch(base + "/auth/token/refresh", { headers: { ...agent, token: pair.refresh } });
      if (answer.status !== 200) throw new Error(`refresh: ${answer.status}`);
      keep(await answer.json());
    },
  },
};
const workers = { "single-flight": 4, head: 1, "ahead-of-time": 3, "own-pauses": 2, "thundering-refresh": 4, "leaky-flight": 4 };

if (name === "one-time-in-header") await (await post("/external/token/verify", { token: ott }, { "x-one-time-token": ott })).text();
await logIn();
for (let n = 0; n < (workers[name] ?? 2); n += 1) work({ ...right, ...wrong }[name]).catch((error) => { console.error(error.message); process.exit(1); });
