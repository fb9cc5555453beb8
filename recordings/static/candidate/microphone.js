// The microphone: what this browser can record, and how loud it is just now.

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];
const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const BITS_PER_SECOND = 32000; // plenty for one voice

export const canRecord = Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

export function openMicrophone() {
  return navigator.mediaDevices.getUserMedia({ audio: VOICE });
}

export function closeMicrophone(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

export function makeRecorder(stream) {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  return new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
}

// Which of the words fits an error of getUserMedia.
export function wordsOf(error, words) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return words.denied;
  return error.name === "NotFoundError" ? words.missing : words.failed;
}

// Calls onLevel with 0 (silence) to 1 (loud) until the returned function is called.
export function watchLevel(stream, onLevel) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const decibels = 10 * Math.log10(power + 1e-9);
    onLevel(Math.min(1, Math.max(0, (decibels + 60) / 50))); // -60 dB to -10 dB
  }, 80);
  return () => {
    clearInterval(timer);
    context.close();
  };
}

export function showLevel(bar, level) {
  bar.style.transform = `scaleX(${level})`;
}
