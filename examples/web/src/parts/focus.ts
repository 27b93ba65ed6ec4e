/** As a `ref`: gives the focus to what has just come, once. (One written in place is called at every render.) */
export const focusAtFirst = (element: HTMLElement | null) => element?.focus();
