// ky: one refresh for all calls that were refused; its own retries follow `Retry-After`.
import ky from "ky";

const { BO_BASE_URL: base, BO_LOGIN: login, BO_PASSWORD: password, BO_PROBE: probe } = process.env;
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const retry = { limit: 3, methods: ["get"], statusCodes: [429, 503], afterStatusCodes: [429, 503] };
const tokens = ky.create({ retry, timeout: 8000 });
let pair, renewing;

async function signIn() {
  const response = await tokens.post(`${base}/auth/token`, { json: { login, password }, throwHttpErrors: false });
  if (response.status === 401) process.exit(1);
  pair = await response.json();
}

async function refresh() {
  try {
    pair = await tokens.get(`${base}/auth/token/refresh`, { headers: { token: pair.refreshToken } }).json();
  } catch {
    await signIn();
  }
}

function renew(used) {
  if (used !== pair.accessToken) return renewing;
  renewing ??= refresh().finally(() => { renewing = undefined; });
  return renewing;
}

/** The token that was used, and the status: ky repeats a call only where it may throw. */
async function call() {
  if (renewing) await renewing;
  const used = pair.accessToken;
  const headers = { Authorization: `Bearer ${used}` };
  const answer = ky.get(base + probe, { headers, retry, timeout: 8000, redirect: "manual" });
  return [used, await answer.then(({ status }) => status, (error) => error.response?.status ?? 0)];
}

await signIn();
for (let refusals = 0; ; ) {
  let [used, status] = await call();
  if (status === 401) {
    await renew(used);
    [used, status] = await call();
    if (status === 401) await sleep(2 ** refusals++);
    else refusals = 0;
  }
  if (status === 503) await sleep(1);
  await sleep(0.12);
}
