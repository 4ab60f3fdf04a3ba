// Which message the project's own code was called with last: told before the call, since one that never returns cannot tell.

type Listener = (message: string | undefined) => void;

/** One of the process, as the thread that the code may hold is: the watchdog's. */
let listener: Listener | undefined;

/** Has `told` called with the message's id before the project's code runs, and with undefined when that has ended. */
export function listenToOwnCode(told: Listener | undefined): void {
  listener = told;
}

/** Calls the project's code. A call that gives a promise has ended when that has. */
export function whileOwnCode<T>(message: string, call: () => T): T {
  if (!listener) return call();
  listener(message);
  let result: T | undefined;
  try {
    result = call();
    return result;
  } finally {
    if (result instanceof Promise) result.then(ended, ended);
    else ended();
  }
}

function ended(): void {
  listener?.(undefined);
}
