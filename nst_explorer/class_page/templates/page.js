// What only the browser can know: that a file is too large to be sent, and that the visit has ended.
const tell = (sentence, label, act) => {
  const [text, button] = document.getElementById("page-alert").children;
  text.textContent = sentence;  // never as HTML: it may hold the name of a file
  button.textContent = label;
  button.onclick = act;
  text.parentElement.hidden = false;
};
const dismiss = () => { document.getElementById("page-alert").hidden = true; };

const readFile = FileReader.prototype.readAsArrayBuffer;
FileReader.prototype.readAsArrayBuffer = function (file) {
  if (file.size <= MOST_BYTES) {
    dismiss();
    return readFile.call(this, file);
  }
  const [megabytes, most] = [file.size, MOST_BYTES].map(bytes => (bytes / 1e6).toFixed(1).replace(/\.0$/, ""));
  tell(`The file "${file.name}" has ${megabytes} MB, but at most ${most} MB are allowed on this page; `
    + "make it smaller, or choose another.", "Dismiss", dismiss);
};

const WebSocketOfBrowser = window.WebSocket;
window.WebSocket = class extends WebSocketOfBrowser {
  constructor(...given) {
    super(...given);
    this.addEventListener("close", () => setTimeout(checkVisit, 1000));
  }
};
const checkVisit = async () => {
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const answer = await fetch(`${config.baseUrl}api/kernels/${config.kernelId}`).catch(() => null);
  if (!answer?.ok) {
    tell("This visit has ended: nothing was done for a while, or the page is no longer served. What it had is gone; "
      + "load the page again to begin another.", "Load it again", () => location.reload());
  }
};
