// Sends the forms of the store with the token this browser has as a visitor, and shows what comes of it in place.
"use strict";

const KEPT = "flowloom.visitor";

function token() {
  try {
    return localStorage.getItem(KEPT) || "";
  } catch {
    return "";
  }
}

// Somebody who buys before they ever chatted becomes a visitor now, so that what they buy is theirs.
async function become(address) {
  const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  localStorage.setItem(KEPT, (await answer.json()).visitor);
}

async function send(form) {
  const told = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    if (form.dataset.visitor && !token()) await become(form.dataset.visitor);
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json", "X-Flowloom-Visitor": token() },
    });
    const said = await answer.json();
    if (answer.ok && said.onward) location.assign(said.onward);
    else if (answer.ok) told.textContent = said.message;
    else told.textContent = `${said.problem.message} ${said.problem.hint}`;
  } catch {
    told.textContent = form.dataset.failed;
  }
  button.disabled = false;
}

for (const form of document.querySelectorAll("form[data-sent]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
