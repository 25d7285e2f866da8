import { basename } from 'node:path';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { faults, lastPage, screenshot } from './browser';
import { stopStarted } from './started';

// The tests of a file go on where the one before ended: after one that failed the rest would only wait for what is not there.
let broken = false;
beforeEach(({ skip, task, onTestFailed }) => {
  if (broken) skip();
  onTestFailed(async () => {
    broken = true;
    const page = lastPage();
    if (page) await screenshot(page, `failed-${basename(task.file.name, '.e2e.ts')}`);
  });
});

afterEach(() => expect(faults).toEqual([]));

afterAll(stopStarted);
