// The stream of events that keeps the page live, for as long as somebody can see it.

import { beside } from "./rest.js";

const RETRY_MILLIS = 3000;

/**
 * Listens to the controller.
 *
 * @param handlers functions by the name of their event, and `state` for "live", "paused" or "lost"
 */
export function listen(handlers) {
  let source;
  let retry;

  function open() {
    clearTimeout(retry);
    source = new EventSource(beside("events"));
    for (const name of ["user", "configuration", "status"]) {
      source.addEventListener(name, (event) => {
        if (name === "status") handlers.state("live");
        handlers[name](JSON.parse(event.data));
      });
    }
    source.addEventListener("error", () => {
      handlers.state("lost");
      // Where the controller answered with an error the browser does not try again by itself.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MILLIS);
    });
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  }

  document.addEventListener("visibilitychange", () => {
    close();
    if (document.hidden) handlers.state("paused");
    else open();
  });
  addEventListener("pagehide", close);
  open();
}
