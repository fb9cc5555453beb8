// Sends one recording: announce it, put it into the storage, have it taken. Safe to call again.

import { pause, post, Refused } from "./post.js";

const WAITS_MS = [1000, 3000]; // between tries of one step while the connection fails

async function trying(step) {
  for (const wait of WAITS_MS) {
    try {
      return await step();
    } catch (error) {
      if (error instanceof Refused) throw error;
      await pause(wait);
    }
  }
  return step();
}

function put(blob, { method, url, headers }, onProgress, words) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest(); // fetch does not tell how far it is
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onerror = () => fail(new Error("network"));
    request.onload = () => {
      const isThere = request.status < 300 || request.status === 409; // 409: an earlier try arrived
      if (isThere) done();
      else fail(new Refused(words.trouble));
    };
    request.send(blob);
  });
}

async function sha256(blob) {
  if (!crypto.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function deliver(take, announceUrl, onProgress, words) {
  const { blob } = take;
  const fields = { content_type: blob.type, size: blob.size, sha256: await sha256(blob) };
  const announced = await trying(() => post(announceUrl, fields, words));
  await trying(() => put(blob, announced.upload, onProgress, words));
  take.completeUrl = announced.complete;
}

// Resolves with {next} or {message}. `take` is {blob}; it remembers what has arrived already.
export async function sendTake(take, { announceUrl, onProgress, words }) {
  try {
    if (!take.completeUrl) await deliver(take, announceUrl, onProgress, words);
    return await trying(() => post(take.completeUrl, {}, words));
  } catch (error) {
    if (!(error instanceof Refused)) return { message: words.offline };
    if (!error.sendAgain && error.message !== words.closed) delete take.completeUrl;
    return { message: error.message };
  }
}
