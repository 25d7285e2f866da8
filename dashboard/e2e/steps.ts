import type { Page } from 'playwright-core';

/** What a person does on any page, by what is written there. `own`: the page and the dashboard's address, once there are any. */
export function steps(own: () => { page: Page; address: string }) {
  const page = () => own().page;
  const button = (name: string | RegExp) => page().getByRole('button', { name, exact: typeof name === 'string' });
  const dialog = () => page().getByRole('dialog').last();
  const heading = (name: string) => page().getByRole('heading', { level: 1, name, exact: true });
  return {
    button,
    dialog,
    heading,
    go: (path: string) => page().goto(own().address + path),
    row: (text: string) => page().getByRole('row').filter({ hasText: text }),
    shown: (text: string | RegExp) => page().getByText(text).first().waitFor(),

    /** Fills the login. */
    async logIn(name: string, password: string) {
      await page().getByLabel('User name').fill(name);
      await page().getByLabel('Password', { exact: true }).fill(password);
      await button('Log in').click();
    },

    /** Changes the password that somebody else gave. */
    async changePassword(old: string, password: string) {
      await heading('Change your password').waitFor();
      await page().getByLabel('Present password').fill(old);
      await page().getByLabel('New password', { exact: true }).fill(password);
      await page().getByLabel('New password, again').fill(password);
      await button('Change password').click();
    },

    async logOut(name: string) {
      await button(`Menu of ${name}`).click();
      await page().getByRole('menuitem', { name: 'Log out' }).click();
      await heading('Log in').waitFor();
    },

    /** Chooses an option of a field of the dialog. */
    async choose(field: string, option: string, nth = 0) {
      await dialog().getByLabel(field, { exact: true }).nth(nth).click();
      await page().locator('.ant-select-item-option:visible').filter({ has: page().getByText(option, { exact: true }) }).last().click();
    },
  };
}
