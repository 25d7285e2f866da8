/** The nonce that the content security policy asks of styles made at run time. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** Gives the nonce to every style that is made. Ant Design does so itself, but where it measures scroll bars and where it locks the page behind a dialog. */
export function giveStylesTheNonce() {
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
