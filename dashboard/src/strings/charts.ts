/** Texts of what is drawn over time. */
export const charts = {
  charts: {
    title: 'Traffic',
    caption: (minutes: number) => `The last ${minutes} minutes, since this page was opened: nothing keeps them longer.`,
    loading: 'The chart is loading',
    latency: 'Latency',
    p50: 'p50',
    p99: 'p99',
    latencyHint: 'Latency is the time from the request sent to the head of its answer: half took no longer than p50, 99 of 100 no longer than p99.',
    p50Of: (value: string) => `p50 ${value}`,
    p99Of: (value: string) => `p99 ${value}`,
    summary: (title: string, minutes: number, series: string[]) => `${title} over the last ${minutes} minutes. ${series.join('; ')}.`,
    seriesSummary: (label: string, now: string, least: string, most: string) => `${label}: now ${now}, between ${least} and ${most}`,
    seriesEmpty: (label: string) => `${label}: no figures yet`,
  },
  health: {
    title: 'Health over time',
    spans: { '900': '15 min', '3600': '1 hour', '86400': '24 hours' } as Record<string, string>,
    span: 'Time that is shown',
    form: 'Shown as',
    chart: 'Chart',
    table: 'Table',
    quiet: 'Nothing happened to its nodes in this time',
    quietHint: 'What checks, outlier detection and operators do to a node shows up here, as a bar of what the node was when.',
    more: (count: number) => `${count} more nodes changed; those that changed last are shown.`,
    cut: (shown: number, total: number) => `Of ${total} changes the latest ${shown} are known here.`,
    ago: (text: string) => `${text} ago`,
    now: 'now',
    from: 'From',
    for: 'For',
    why: 'Why',
    still: 'still',
    states: {
      up: 'Up',
      unhealthy: 'Unhealthy',
      ejected: 'Ejected',
      awaited: 'Waits for its first check',
      draining: 'Draining or drained',
      forced_down: 'Forced down',
      forced_up: 'Forced up',
      partial: 'Differs by instance',
      unknown: 'Not known',
    },
    letters: { up: '', unhealthy: 'U', ejected: 'E', awaited: 'A', draining: 'D', forced_down: '↓', forced_up: '↑', partial: 'P', unknown: '' },
    at: (state: string, instance: string) => `${state} at ${instance}`,
    summary: (node: string, parts: string[]) => `${node}: ${parts.join(', ')}`,
    part: (state: string, duration: string) => `${state.toLowerCase()} for ${duration}`,
  },
  duration: (seconds: number) => {
    if (seconds < 60) return `${Math.round(seconds)} s`;
    if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
    const hours = Math.floor(seconds / 3_600);
    const minutes = Math.round((seconds - hours * 3_600) / 60);
    return minutes === 0 ? `${hours} h` : minutes === 60 ? `${hours + 1} h` : `${hours} h ${minutes} min`;
  },
};
