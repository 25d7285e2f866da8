// Vitest gives every file of tests modules of its own: what is noted here is that file's.
const stops: (() => Promise<unknown>)[] = [];

/** Has what a file of tests started stop after its last test; what was started last stops first. */
export function stopAtEnd(stop: () => Promise<unknown>): void {
  stops.push(stop);
}

/** Stops all of it. */
export async function stopStarted(): Promise<void> {
  for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
}
