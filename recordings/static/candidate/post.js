// Posts a form to our own server and returns what it says.

export class Refused extends Error {
  constructor(message, { sendAgain = false } = {}) {
    super(message);
    this.sendAgain = sendAgain;
  }
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function csrfToken() {
  const kept = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/); // the newest, after another visit
  return kept ? kept[1] : document.querySelector("[name=csrfmiddlewaretoken]").value;
}

export async function post(url, fields, words) {
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: csrfToken() });
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  const said = isJson ? await answer.json() : {};
  if (answer.ok && isJson) return said;
  if (answer.status === 403) throw new Refused(words.closed);
  throw new Refused(said.message ?? words.trouble, { sendAgain: Boolean(said.send_again) });
}
