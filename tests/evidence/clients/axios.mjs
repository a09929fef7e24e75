// axios with axios-auth-refresh: one refresh for all calls that were refused; `Retry-After` by an interceptor.
import axios from "axios";
import { createAuthRefresh } from "axios-auth-refresh";

const { BO_BASE_URL: baseURL, BO_LOGIN: login, BO_PASSWORD: password, BO_PROBE: probe } = process.env;
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const tokenApi = axios.create({ baseURL, timeout: 5000 });
const api = axios.create({ baseURL, timeout: 5000, maxRedirects: 0 });
let pair, pausedUntil = 0;

async function signIn() {
  const { data } = await tokenApi.post("/auth/token", { login, password }).catch((error) => {
    if (error.response?.status === 401) process.exit(1);
    throw error;
  });
  pair = data;
}

async function refresh() {
  for (;;) {
    try {
      pair = (await tokenApi.get("/auth/token/refresh", { headers: { token: pair.refreshToken } })).data;
      return;
    } catch (error) {
      if (error.response?.status !== 503) return signIn();
      await sleep(Number(error.response.headers["retry-after"] ?? 1));
    }
  }
}

api.interceptors.request.use(async (config) => {
  while (Date.now() < pausedUntil) await sleep((pausedUntil - Date.now()) / 1000);
  config.headers.Authorization = `Bearer ${pair.accessToken}`;
  return config;
});
createAuthRefresh(api, refresh);
api.interceptors.response.use(undefined, (error) => {
  const { status, headers } = error.response ?? {};
  if (status === 429 || status === 503) pausedUntil = Math.max(pausedUntil, Date.now() + 1000 * Number(headers["retry-after"] ?? 1));
  throw error;
});

async function work() {
  for (let refusals = 0; ; ) {
    try {
      await api.get(probe);
      refusals = 0;
    } catch (error) {
      if (error.response?.status === 401) await sleep(2 ** refusals++);
    }
    await sleep(0.15);
  }
}

await signIn();
for (let worker = 0; worker < 3; worker += 1) work();
