// Correct clients on libraries of npm, each with its own means to refresh:  node libraries.mjs NAME
const { BO_BASE_URL: base, BO_LOGIN: login, BO_PASSWORD: password, BO_PROBE: probe } = process.env;
const sleep = (s) => new Promise((done) => setTimeout(done, s * 1000));
const agent = { "user-agent": "bo-npm/3.2" };
let pair;
let refusals = 0;

// What every client below shares: login and refresh by fetch; `renew` is called in a single flight by all of them.
async function logIn() {
  for (let wait = 1; ; wait = Math.min(60, 2 * wait)) {
    const answer = await fetch(`${base}/auth/token`, {
      method: "POST", headers: { ...agent, "content-type": "application/json" }, body: JSON.stringify({ login, password }) });
    const body = await answer.text();
    if (answer.status === 200) { pair = JSON.parse(body); return; }
    await sleep(wait);
  }
}

async function renew() {
  if (refusals) await sleep(Math.min(60, 2 ** refusals));
  refusals += 1;
  for (let lost = 0; lost < 2; ) {
    try {
      const answer = await fetch(`${base}/auth/token/refresh`, { headers: { ...agent, token: pair.refreshToken } });
      const body = await answer.text();
      if (answer.status === 200) { pair = JSON.parse(body); return; }
      if (answer.status !== 429 && answer.status !== 503) break;
      await sleep(Number(answer.headers.get("retry-after") ?? 1));
    } catch { lost += 1; }
  }
  await logIn();
}

const once = (work) => { let flight; return () => (flight ??= work().finally(() => { flight = undefined; })); };
const renewOnce = once(renew);
const bearer = () => `Bearer ${pair.accessToken}`;

const libraries = {
  // axios with axios-auth-refresh, three workers; an interceptor waits as asked.
  async axios() {
    const { default: axios } = await import("axios");
    const { default: module } = await import("axios-auth-refresh");
    const createAuthRefresh = module.default ?? module;
    const http = axios.create({ baseURL: base, timeout: 10000, maxRedirects: 0, headers: agent });
    http.interceptors.request.use((request) => { request.headers.Authorization = bearer(); return request; });
    createAuthRefresh(http, renewOnce, { pauseInstanceWhileRefreshing: true });
    let quiet = 0;
    return [3, async () => {
      await sleep(Math.max(0, quiet - Date.now()) / 1000);
      try { await http.get(probe); refusals = 0; } catch (error) {
        const status = error.response?.status;
        const asked = Number(error.response?.headers["retry-after"] ?? 1);
        if (status === 429 || status === 503) quiet = Math.max(quiet, Date.now() + asked * 1000);
        else if (!status) await sleep(1);
      }
    }];
  },
  // ky: a hook after the response refreshes and repeats; its own retry waits for 429 and 503.
  async ky() {
    const { default: ky } = await import("ky");
    const api = ky.create({
      headers: agent, redirect: "manual", throwHttpErrors: false, timeout: 30000, retry: { limit: 3, statusCodes: [429, 503], afterStatusCodes: [429, 503] } });
    return [2, async () => {
      try {
        const used = pair.accessToken;
        const answer = await api.get(base + probe, { headers: { authorization: bearer() } });
        await answer.text();
        if (answer.status === 401) { if (used === pair.accessToken) await renewOnce(); else await sleep(0.1); }
        else if (answer.status === 429 || answer.status === 503) await sleep(Number(answer.headers.get("retry-after") ?? 1));
        else refusals = 0;
      } catch { await sleep(1); }
    }];
  },
  // got: hooks.afterResponse with retryWithMergedOptions; its retry honours Retry-After.
  async got() {
    const { default: got } = await import("got");
    const http = got.extend({
      headers: agent, followRedirect: false, throwHttpErrors: false, retry: { limit: 2 }, timeout: { request: 30000 },
      hooks: { afterResponse: [async (answer, retryWithMergedOptions) => {
        if (answer.statusCode !== 401) return answer;
        const used = answer.request.options.headers.authorization;
        if (used === bearer()) await renewOnce();
        return retryWithMergedOptions({ headers: { authorization: bearer() } });
      }] } });
    return [2, async () => {
      try {
        const answer = await http.get(base + probe, { headers: { authorization: bearer() } });
        if (answer.statusCode === 429 || answer.statusCode === 503) await sleep(Number(answer.headers["retry-after"] ?? 1));
        else if (answer.statusCode === 200) refusals = 0;
      } catch { await sleep(1); }
    }];
  },
  // undici: a RetryAgent for 429 and 503, the session by hand.
  async undici() {
    const { Agent, RetryAgent, request } = await import("undici");
    const dispatcher = new RetryAgent(new Agent(), { statusCodes: [429, 503], maxRetries: 4, minTimeout: 1000 });
    return [2, async () => {
      try {
        const used = bearer();
        const answer = await request(base + probe, { dispatcher, headers: { ...agent, authorization: used } });
        await answer.body.dump();
        if (answer.statusCode === 401 && used === bearer()) await renewOnce();
        else if (answer.statusCode === 200) refusals = 0;
      } catch { await sleep(1); }
    }];
  },
};

await logIn();
const [workers, step] = await libraries[process.argv[2]]();
for (let n = 0; n < workers; n += 1) (async () => { for (;;) { await step(); await sleep(0.12); } })();
