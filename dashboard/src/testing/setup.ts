import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// Ant Design asks for what jsdom does not have.
vi.stubGlobal('matchMedia', (query: string) => ({ matches: query.includes('reduced-motion'), media: query, addEventListener: () => {}, removeEventListener: () => {}, addListener: () => {}, removeListener: () => {} }));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
// It has no canvas to draw on either: what charts say beside the drawing is tested.
vi.mock('../components/LiveCanvas', () => ({ default: () => null }));
// Nor are Ant Design's styles read: jsdom would go through every rule for each element that is looked for by its role.
Object.defineProperty(HTMLStyleElement.prototype, 'innerHTML', { set: () => {} });
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
const computed = window.getComputedStyle.bind(window);
window.getComputedStyle = (element) => computed(element);

// Two cores build and test at once here: a first render of Ant Design may take its time.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});
