import { Fragment, h, type VNode } from "preact";

/** What JSX becomes: preact's own `h`, which is in the code anyway, in place of its second maker of nodes. */
export function jsx(type: string, props: Record<string, unknown>, key?: string): VNode {
  return h(type, key === undefined ? props : { ...props, key });
}
export { Fragment, jsx as jsxs };
