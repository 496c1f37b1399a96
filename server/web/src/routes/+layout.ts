/** The whole app runs in the browser: no page holds data when it is built. */
export const ssr = false;
export const prerender = false;
