// A client of the BO token API in Node with fetch: right without a fault, wrong in one way with one.
// usage: client.js [FAULT] [--workers=N]
const [fault = ""] = process.argv.slice(2).filter((it) => !it.startsWith("--"));
const workers = Number((process.argv.find((it) => it.startsWith("--workers=")) ?? "=1").split("=")[1]);
const { BO_BASE_URL: base, BO_LOGIN: login, BO_PASSWORD: password, BO_PROBE: probe } = process.env;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let pair, renewal, refusals = 0;

async function logIn() {
  const answer = await fetch(`${base}/auth/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
  if (!answer.ok) process.exit(1);
  pair = await answer.json();
}

async function refresh() {
  let answer;
  try {
    answer = await fetch(`${base}/auth/token/refresh`, { headers: { token: pair.refreshToken } });
  } catch {
    return logIn();
  }
  if (answer.ok) pair = await answer.json();
  else if (answer.status === 503) await pause(1000 * (answer.headers.get("retry-after") ?? 1));
  else await logIn();
}

// One renewal at a time, which every worker awaits.
function renew(used) {
  if (fault === "parallel-refresh") return refresh();
  if (used !== pair.accessToken) return renewal;
  renewal ??= refresh().finally(() => (renewal = undefined));
  return renewal;
}

async function work() {
  for (;;) {
    const used = pair.accessToken;
    const query = fault === "token-in-query" ? `&access_token=${used}` : "";
    let answer;
    try {
      answer = await fetch(base + probe + query, { headers: { Authorization: `Bearer ${used}` }, redirect: fault ? "follow" : "manual" });
      await answer.arrayBuffer();
    } catch {
      await pause(500);
      continue;
    }
    if (answer.status === 401) {
      if (fault === "crash-on-401") throw new Error("refused");
      if (fault === "log-token") console.error(`refused: ${used}`);
      refusals += 1;
      if (refusals > workers) await pause(500 * 2 ** (refusals / workers));
      await renew(used);
    } else {
      if (answer.ok) refusals = 0;
      const seconds = answer.headers.get("retry-after") ?? (answer.status === 503 ? 1 : 0);
      await pause(fault === "ignore-retry-after" ? 50 : 1000 * seconds + 50);
    }
  }
}

await logIn();
await Promise.all(Array.from({ length: workers }, work));
