const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const nameOf = (file) => file.webkitRelativePath || file.name;

// With progress, which fetch does not tell; the browser reads the file from its disk piece by piece.
function sent(data, file, onProgress) {
  return new Promise((done, failed) => {
    const call = new XMLHttpRequest();
    call.open("POST", `${data.base}?name=${encodeURIComponent(nameOf(file))}`);
    call.setRequestHeader("X-Flowloom-Token", data.token);
    call.setRequestHeader("Content-Type", "application/octet-stream");
    call.upload.onprogress = (event) => onProgress(Math.floor((100 * event.loaded) / Math.max(1, event.total)));
    call.onload = () => (call.status === 200 ? done() : failed(said(call.responseText)));
    call.onerror = call.onabort = () => failed("");
    call.send(file);
  });
}

function said(answer) {
  try {
    const { message, hint } = JSON.parse(answer).problem;
    return [message, hint].filter(Boolean).join(" ");
  } catch {
    return "";
  }
}

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const find = (name) => parentElement.querySelector(name);
  const [zone, list, alert, status] = [find(".zone"), find("ul"), find("[role=alert]"), find("[role=status]")];
  const { texts } = data;
  zone.data = data; // What is under way goes on with the newest token.

  async function take(files) {
    if (zone.busy || !files.length) return;
    zone.busy = true;
    const problems = [];
    for (const file of files) {
      const values = { file: file.name };
      const ending = file.name.split(".").pop().toLowerCase();
      if (!data.endings.includes(ending)) problems.push(filled(texts.type, values));
      else if (file.size > data.most) problems.push(filled(texts.large, values));
      else {
        const tell = (percent) => (status.textContent = filled(texts.sending, { ...values, percent }));
        tell(0);
        try {
          await sent(zone.data, file, tell);
          status.textContent = filled(texts.taken, values);
        } catch (problem) {
          status.textContent = "";
          problems.push(problem || filled(texts.lost, values));
        }
      }
    }
    alert.textContent = problems.join(" ");
    zone.busy = false;
    setTriggerValue("changed", Date.now());
  }

  function row(file) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    button.setAttribute("aria-label", filled(texts.remove, { file: file.name }));
    button.onclick = async () => {
      button.disabled = true;
      const headers = { "X-Flowloom-Token": data.token };
      const answer = await fetch(`${data.base}/${file.id}`, { method: "DELETE", headers }).catch(() => null);
      alert.textContent = answer?.ok ? "" : filled(texts.stays, { file: file.name });
      status.textContent = "";
      setTriggerValue("changed", Date.now());
    };
    const name = Object.assign(document.createElement("span"), { textContent: file.name });
    item.append(name, Object.assign(document.createElement("small"), { textContent: file.size }), button);
    return item;
  }

  if (!zone.firstChild) {
    const input = Object.assign(document.createElement("input"), { type: "file", multiple: true, id: "files" });
    const label = Object.assign(document.createElement("label"), { htmlFor: "files", textContent: texts.choose });
    const words = Object.assign(document.createElement("span"), { textContent: texts.drop });
    zone.append(input, label, words, Object.assign(document.createElement("small"), { textContent: texts.limit }));
  }
  const input = zone.querySelector("input");
  input.accept = data.endings.map((ending) => `.${ending}`).join();
  input.onchange = () => {
    const files = [...input.files];
    input.value = "";
    take(files);
  };
  zone.ondragover = (event) => {
    event.preventDefault();
    zone.classList.add("over");
  };
  zone.ondragleave = () => zone.classList.remove("over");
  zone.ondrop = (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take([...event.dataTransfer.files]);
  };
  list.replaceChildren(...data.files.map(row));
}
