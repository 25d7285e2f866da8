/** Milliseconds between two looks at what changes by itself. Queries with it stop while the page is hidden. */
export const LIVE = 2_000;

/** The same for lists, whose every row is a question of its own. */
export const LIVE_ROWS = 5_000;
