const SCALE = 2;
const MOST = 8192; // Pixels on a side that every browser draws.

async function fetched(data, file) {
  const answer = await fetch(`${data.base}/${file.path}`, {
    headers: { "X-Flowloom-Token": data.token, "X-Flowloom-Options": encodeURIComponent(file.options) },
  });
  if (!answer.ok) throw new Error(answer.status);
  return answer.blob();
}

async function pixels(svg) {
  const image = new Image();
  image.src = URL.createObjectURL(svg);
  await image.decode();
  const scale = Math.min(SCALE, MOST / image.naturalWidth, MOST / image.naturalHeight);
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

const CRC = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = CRC[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

// The picture with a file in it, as base64 in a text chunk before its end.
async function holding(picture, keyword, content) {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const raw = new Uint8Array(await content.arrayBuffer());
  let binary = "";
  for (let at = 0; at < raw.length; at += 8192) binary += String.fromCharCode(...raw.subarray(at, at + 8192));
  const text = new TextEncoder().encode(`tEXt${keyword}\0${btoa(binary)}`);
  const chunk = new DataView(new ArrayBuffer(text.length + 8));
  chunk.setUint32(0, text.length - 4);
  new Uint8Array(chunk.buffer).set(text, 4);
  chunk.setUint32(text.length + 4, checksum(text));
  const end = bytes.length - 12; // IEND is always the last, and empty.
  return new Blob([bytes.subarray(0, end), chunk, bytes.subarray(end)], { type: "image/png" });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// A page in a frame in which nothing runs; the browser's own window for printing also saves a PDF.
async function print(page) {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-modals allow-same-origin";
  frame.title = "print";
  frame.style.cssText = "position:fixed;width:0;height:0;border:0";
  frame.srcdoc = await page.text();
  const shown = new Promise((done) => (frame.onload = done));
  document.body.append(frame);
  await shown;
  frame.contentWindow.onafterprint = () => frame.remove();
  frame.contentWindow.print();
}

function buttonOf(data, file, say) {
  const button = document.createElement("button");
  button.dataset.icon = file.icon;
  button.title = file.hint;
  button.append(file.label);
  if (file.size) button.append(Object.assign(document.createElement("small"), { textContent: file.size }));
  button.onclick = async () => {
    say("");
    try {
      let blob = await fetched(data, file);
      if (file.as_pixels) blob = await pixels(blob);
      if (file.holds) blob = await holding(blob, "flowloom", await fetched(data, { ...file, path: file.holds }));
      if (file.prints) await print(blob);
      else save(blob, file.name);
    } catch {
      say(data.failed);
    }
  };
  return button;
}

export default function ({ parentElement, data: [data] }) {
  const list = parentElement.querySelector(".files"); // Streamlit puts a div around, which holds the style.
  const said = parentElement.querySelector("p");
  list.dataset.look = data.look;
  list.replaceChildren(...data.files.map((file) => buttonOf(data, file, (text) => (said.textContent = text))));
}
