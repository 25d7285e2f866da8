import { beforeEach } from 'vitest';

// The tests of a file go on where the one before ended: after one that failed the rest would only wait for what is not there.
let broken = false;
beforeEach(({ skip, onTestFailed }) => {
  if (broken) skip();
  onTestFailed(() => {
    broken = true;
  });
});
