// Passkeys: what the browser is asked, and what it answers. Without WebAuthn nothing here is shown.
"use strict";
(() => {
  const box = document.querySelector("[data-passkey]");
  if (!box || !window.PublicKeyCredential || !navigator.credentials) return;
  const button = box.querySelector("button");
  const said = box.querySelector("[role=alert]");
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const post = async (path, body) => {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const found = await answer.json();
    if (!answer.ok) throw found.problem || {};
    return found;
  };

  const known = (options) => ({ ...options, id: bytes(options.id) });

  const answered = (made) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (made.response[name]) response[name] = text(made.response[name]);
    return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} };
  };

  const add = async () => {
    const asked = await post("/account/passkeys", {});
    const publicKey = {
      ...asked,
      challenge: bytes(asked.challenge),
      user: known(asked.user),
      excludeCredentials: (asked.excludeCredentials || []).map(known),
    };
    return post("/account/passkeys/made", { answer: answered(await navigator.credentials.create({ publicKey })) });
  };

  const signIn = async () => {
    const asked = await post("/sign-in/passkey", {});
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: [] };
    const answer = answered(await navigator.credentials.get({ publicKey }));
    return post("/sign-in/passkey/done", { answer, next: box.dataset.next || "/" });
  };

  const tell = (problem) => {
    const [message, hint] = said.querySelectorAll("p");
    const known = problem && typeof problem.message === "string" && typeof problem.hint === "string";
    message.textContent = known ? problem.message : box.dataset.failed;
    hint.textContent = known ? problem.hint : box.dataset.hint;
    said.hidden = false;
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    said.hidden = true;
    try {
      location.assign((await (box.dataset.passkey === "add" ? add() : signIn())).onward);
    } catch (problem) {
      // What a browser raises by itself tells nobody what to do.
      tell(problem instanceof Error ? null : problem);
    }
    button.disabled = false;
  });
  box.hidden = false;
})();
