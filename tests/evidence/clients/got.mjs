// got: the `afterResponse` hook with `retryWithMergedOptions`, as its documentation has it for expired tokens.
import got from "got";

const { BO_BASE_URL: base, BO_LOGIN: login, BO_PASSWORD: password, BO_PROBE: probe } = process.env;
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const retry = { limit: 3, methods: ["GET"], statusCodes: [429, 503], errorCodes: [] };
let pair;

async function signIn() {
  const response = await got.post(`${base}/auth/token`, { json: { login, password }, throwHttpErrors: false, responseType: "json" });
  if (response.statusCode === 401) process.exit(1);
  pair = response.body;
}

async function refresh() {
  try {
    pair = await got.get(`${base}/auth/token/refresh`, { headers: { token: pair.refreshToken }, retry }).json();
  } catch {
    await signIn();
  }
}

const bearer = () => ({ Authorization: `Bearer ${pair.accessToken}` });
const api = got.extend({
  retry, throwHttpErrors: false, followRedirect: false,
  hooks: {
    afterResponse: [async (response, retryWithMergedOptions) => {
      if (response.statusCode !== 401) return response;
      await refresh();
      return retryWithMergedOptions({ headers: bearer() });
    }],
  },
});

await signIn();
for (let refusals = 0; ; ) {
  const response = await api.get(base + probe, { headers: bearer() }).catch((error) => error.response);
  if (response?.statusCode === 401) await sleep(2 ** refusals++);
  else refusals = 0;
  if (response?.statusCode === 503) await sleep(1);
  await sleep(0.1);
}
