// Questions before something is done, and words about what came of it.

import { html, render } from "../lib/lit-html/lit-html.js";

const dialog = document.getElementById("dialog");
const messages = document.getElementById("messages");
const MESSAGE_MILLIS = 8000;

/**
 * Asks whether something is to be done.
 *
 * @param title what, as a question
 * @param text what will follow from it
 * @param verb what the button says
 * @param fields inputs, as a template; their values come by their names
 * @param danger whether something is lost by it
 * @return the values of the fields, or undefined if it is not to be done
 */
export function ask({ title, text, verb, fields, danger = false }) {
  return new Promise((resolve) => {
    const done = (event) => {
      event.preventDefault();
      const values = Object.fromEntries(new FormData(event.target));
      dialog.removeEventListener("close", dismissed);
      dialog.close();
      resolve(values);
    };
    const dismissed = () => resolve(undefined);
    render(
      html`<form @submit=${done}>
        <h2 id="dialog-title">${title}</h2>
        <p>${text}</p>
        ${fields ?? ""}
        <div class="buttons">
          <button type="button" @click=${() => dialog.close()}>Cancel</button>
          <button type="submit" class=${danger ? "danger" : "primary"} data-confirm>${verb}</button>
        </div>
      </form>`,
      dialog,
    );
    dialog.addEventListener("close", dismissed, { once: true });
    dialog.showModal();
    (dialog.querySelector("input") ?? dialog.querySelector("[data-confirm]")).focus();
  });
}

/** Says what came of something, for a while. */
export function say(text, problem = false) {
  const entry = document.createElement("p");
  entry.className = problem ? "message problem" : "message";
  if (problem) entry.setAttribute("role", "alert");
  entry.textContent = text;
  messages.append(entry);
  setTimeout(() => entry.remove(), MESSAGE_MILLIS);
}
